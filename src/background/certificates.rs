//! Warns of certificates of identity providers that expire.

use super::accounts::Failures;
use super::work::{JobError, Work};
use crate::administration::sso::certificates;
use crate::store::{Cost, Scope};

/// The number of accounts that one query reads.
const PAGE: i64 = 100;

/// Warns owners and co-owners of certificates from 30 days before they expire (docs/domain.md §6).
pub async fn warn(work: &Work) -> Result<(), JobError> {
    let (mut failures, mut last) = (Failures::default(), 0);
    loop {
        let read = move |conn: &mut _| certificates::accounts(conn, last, PAGE);
        let accounts = work.store.read(Cost::SERVER, read).await?;
        let Some(furthest) = accounts.last() else { return failures.end() };
        last = furthest.0;
        for enterprise in accounts {
            let done = work
                .store
                .write(Scope(enterprise), move |transaction| {
                    certificates::warn(transaction, enterprise)
                })
                .await;
            failures.note(done);
        }
    }
}
