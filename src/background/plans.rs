//! Ends plans and trials, and warns before they end.

use super::accounts::Failures;
use super::work::{JobError, Work};
use crate::administration::plans::due;
use crate::enterprise::{AccountPk, Timestamp};
use crate::store::{Cost, Scope};

/// The number of accounts that one query reads.
const PAGE: i64 = 100;

/// Ends plans and trials that are over and warns of those that end soon (docs/domain.md §1).
/// Requests compare the end with the clock themselves; this job records the consequences and tells
/// the owners.
pub async fn carry_out(work: &Work) -> Result<(), JobError> {
    let (mut failures, mut last) = (Failures::default(), (Timestamp::FIRST, AccountPk(0)));
    loop {
        let now = work.store.clock().now();
        let read = move |conn: &mut _| due::accounts(conn, now, last, PAGE);
        let accounts = work.store.read(Cost::SERVER, read).await?;
        let Some(furthest) = accounts.last() else { return failures.end() };
        last = *furthest;
        for (_, enterprise) in accounts {
            let done = work
                .store
                .write(Scope(enterprise), move |transaction| {
                    due::carry_out(transaction, enterprise)
                })
                .await;
            failures.note(done);
        }
    }
}
