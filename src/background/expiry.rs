//! Invitations and offers that expire.

use std::collections::HashSet;

use super::accounts::Failures;
use super::work::{JobError, Work};
use crate::administration::transfers as administered;
use crate::enterprise::AccountPk;
use crate::store::{Cost, Scope, StoreResult, invitations, transfers as stored};

/// The number of invitations that one query reads.
const PAGE: i64 = 500;

/// Expires overdue invitations, which frees their seats (docs/domain.md §4). A use case that needs
/// a seat does the same for its account; this job is for accounts without such requests.
pub async fn invitations(work: &Work) -> Result<(), JobError> {
    let (mut failures, mut swept, mut last) = (Failures::default(), HashSet::new(), None);
    loop {
        let now = work.store.clock().now();
        let read = move |conn: &mut _| invitations::overdue_anywhere(conn, last, now, PAGE);
        let page = work.store.read(Cost::SERVER, read).await?;
        last = page.last().copied();
        if last.is_none() {
            return failures.end();
        }
        for overdue in page {
            // One sweep expires all overdue invitations of an account.
            if swept.insert(overdue.enterprise_pk) {
                failures.note(sweep(work, overdue.enterprise_pk).await);
            }
        }
    }
}

async fn sweep(work: &Work, enterprise: AccountPk) -> StoreResult<()> {
    work.store
        .write(Scope(enterprise), move |transaction| {
            let now = transaction.now();
            let expired = invitations::sweep(transaction, enterprise, now)?;
            log::debug!("{expired} invitations of account {} have expired", enterprise.0);
            Ok(())
        })
        .await
}

/// Expires offers of organizations that were not answered in time. Each page has the offers that
/// are still overdue, so the loop ends with a page on which every offer fails.
pub async fn transfers(work: &Work) -> Result<(), JobError> {
    let mut failures = Failures::default();
    loop {
        let now = work.store.clock().now();
        let read = move |conn: &mut _| stored::overdue(conn, now, PAGE);
        let overdue = work.store.read(Cost::SERVER, read).await?;
        let mut ended = false;
        for transfer in overdue {
            let expired = work
                .store
                .write(Scope(transfer.enterprise_pk), move |transaction| {
                    administered::expire(transaction, &transfer)
                })
                .await;
            ended |= expired.is_ok();
            failures.note(expired);
        }
        if !ended {
            return failures.end();
        }
    }
}
