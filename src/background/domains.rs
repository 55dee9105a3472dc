//! The daily check of verified domains.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::accounts::Failures;
use super::work::{JobError, Work};
use crate::administration::domains::{look, looks_due};
use crate::enterprise::domain_name::DomainName;
use crate::store::{Cost, Scope};

/// The number of domains that one run checks, all concurrently: a run takes as long as the slowest
/// answer, and other jobs wait for it. One run a minute checks some 28,000 domains a day.
const AT_ONCE: i64 = 20;

/// Checks whether the TXT records that verified domains are still published (docs/domain.md §6).
/// Each domain is due a day after its last check, so the checks stay spread over the day.
pub async fn look_again(work: &Work) -> Result<(), JobError> {
    let now = work.store.clock().now();
    let due = work.store.read(Cost::SERVER, move |conn| looks_due(conn, now, AT_ONCE)).await?;
    let mut looks = JoinSet::new();
    for (domain, asks) in due {
        let dns = Arc::clone(&work.dns);
        looks.spawn(async move {
            let lookup = if asks {
                Some(dns.txt(&DomainName::stored(domain.name.clone()).challenge()).await)
            } else {
                None
            };
            (domain, lookup)
        });
    }
    let mut failures = Failures::default();
    while let Some(looked) = looks.join_next().await {
        let (domain, lookup) = looked?;
        let (enterprise, id) = (domain.enterprise_pk, domain.id);
        let done = work
            .store
            .write(Scope(enterprise), move |transaction| {
                look(transaction, enterprise, &id, lookup.as_ref())
            })
            .await;
        failures.note(done);
    }
    failures.end()
}
