//! The daily look at verified domains.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::accounts::Failures;
use super::work::{JobError, Work};
use crate::administration::domains::{look, looks_due};
use crate::enterprise::domain_name::DomainName;
use crate::store::{Cost, Scope};

/// Domains that are looked at in one run, all at once: a run takes no longer than the slowest answer,
/// and other jobs wait for it so long. As many each minute are some 28,000 a day.
const AT_ONCE: i64 = 20;

/// Looks up whether the records of domains that were verified by them are still there (DOMAIN.md §6).
/// Each is due a day after it was looked at, so they are spread over the day as they came.
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
