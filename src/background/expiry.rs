//! What ends by itself.

use std::collections::HashSet;

use super::{Failures, JobError, Work};
use crate::store::{Cost, Scope, StoreResult, invitations};

/// Invitations that are read at once.
const PAGE: i64 = 500;

/// Expires invitations whose time is over, which frees their seats (DOMAIN.md §4). A use case that
/// needs a seat does the same for its account; this is for accounts in which nobody asks.
pub async fn invitations(work: &Work) -> Result<(), JobError> {
    let (mut failures, mut swept, mut last) = (Failures::default(), HashSet::new(), None);
    loop {
        let now = work.store.clock().now();
        let read = move |conn: &mut _| invitations::overdue_anywhere(conn, last, now, PAGE);
        let page = work.store.read(Cost::Long, read).await?;
        last = page.last().copied();
        if last.is_none() {
            return failures.end();
        }
        for overdue in page {
            // One sweep takes all of an account.
            if swept.insert(overdue.enterprise_pk) {
                failures.note(sweep(work, overdue.enterprise_pk).await);
            }
        }
    }
}

async fn sweep(work: &Work, enterprise: i64) -> StoreResult<()> {
    work.store
        .write(Scope(enterprise), move |transaction| {
            let now = transaction.now();
            let expired = invitations::sweep(transaction, enterprise, now)?;
            log::debug!("{expired} invitations of account {enterprise} have expired");
            Ok(())
        })
        .await
}
