//! What ends by itself.

use super::{Failures, JobError, Work};
use crate::store::{Cost, Scope, StoreResult, invitations};

/// Accounts that are read at once.
const PAGE: i64 = 100;

/// Expires invitations whose time is over, which frees their seats (DOMAIN.md §4). A use case that
/// needs a seat does the same for its account; this is for accounts in which nobody asks.
pub async fn invitations(work: &Work) -> Result<(), JobError> {
    let (mut failures, mut last) = (Failures::default(), 0);
    loop {
        let now = work.store.clock().now();
        let read = move |conn: &mut _| invitations::accounts_overdue(conn, last, now, PAGE);
        let accounts = work.store.read(Cost::Long, read).await?;
        let Some(furthest) = accounts.last() else { return failures.end() };
        last = *furthest;
        for enterprise in accounts {
            failures.note(sweep(work, enterprise).await);
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
