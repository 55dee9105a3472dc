//! Reminders by mail.

use super::accounts::Failures;
use super::work::{JobError, Work};
use crate::administration::invitations::reminders;
use crate::enterprise::AccountPk;
use crate::store::{Cost, Scope, invitation_reminders};

/// The number of accounts that one query reads.
const PAGE: i64 = 100;

/// Reminds people of invitations that they have not answered (docs/domain.md §4).
pub async fn invitations(work: &Work) -> Result<(), JobError> {
    let (mut failures, mut last) = (Failures::default(), 0);
    loop {
        let now = work.store.clock().now();
        let read = move |conn: &mut _| invitation_reminders::accounts(conn, last, now, PAGE);
        let accounts = work.store.read(Cost::SERVER, read).await?;
        let Some(furthest) = accounts.last() else { return failures.end() };
        last = furthest.0;
        for enterprise in accounts {
            failures.note(write(work, enterprise).await);
        }
    }
}

async fn write(work: &Work, enterprise: AccountPk) -> Result<(), JobError> {
    loop {
        let url = work.public_url.clone();
        let more = work.store.write(Scope(enterprise), move |transaction| {
            reminders::write(transaction, enterprise, &url)
        });
        if !more.await? {
            return Ok(());
        }
    }
}
