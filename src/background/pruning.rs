//! Deletes rows that are no longer needed.

use super::accounts::Failures;
use super::work::{JobError, Work};
use crate::administration::repetition;
use crate::enterprise::{AccountPk, Timestamp};
use crate::store::{
    Cost, Scope, StoreResult, Transaction, activity as days, address_links, admin_tokens,
    app_changes, idempotency, is_current, outbox, ownership_links, recovery_links, session_ends,
    sessions, sign_in_links, sign_ups, sso_logins, walks,
};

/// Days for which sent and given-up mails are kept.
const MAIL_DAYS: i64 = 90;
/// The number of rows that one transaction deletes.
const BATCH: i64 = 500;

/// Deletes batch after batch, each in a transaction of its own, until one is not full. `forget` deletes
/// up to [`BATCH`] rows and returns how many.
async fn in_batches(
    work: &Work,
    forget: fn(&mut Transaction<'_>) -> StoreResult<usize>,
) -> Result<(), JobError> {
    while work.store.write(Scope::NONE, forget).await? >= usize::try_from(BATCH)? {}
    Ok(())
}

/// Deletes mails that were sent or given up long ago.
pub async fn mail(work: &Work) -> Result<(), JobError> {
    in_batches(work, |transaction| {
        let before: Timestamp = transaction.now().plus_days(-MAIL_DAYS);
        outbox::forget(transaction, before, BATCH)
    })
    .await
}

/// Deletes unfinished sign-ins, used assertions, and expired links and sessions. Links are kept for
/// an hour after they expire, because they count towards the limit of their address for so long.
pub async fn sign_ins(work: &Work) -> Result<(), JobError> {
    work.store
        .write(Scope::NONE, |transaction| {
            let now = transaction.now();
            sso_logins::forget(transaction, now)?;
            sign_in_links::forget(transaction, now.minus_hours(1))?;
            address_links::forget(transaction, now.minus_hours(1))?;
            ownership_links::forget(transaction, now.minus_hours(1))?;
            recovery_links::forget(transaction, now)?;
            sessions::forget(transaction, now)
        })
        .await?;
    Ok(())
}

/// Days for which it is known why a session ended, after the time at which it would have expired.
const END_DAYS: i64 = 30;

/// Deletes the reasons for which sessions ended long ago.
pub async fn session_ends(work: &Work) -> Result<(), JobError> {
    if !work.store.read(Cost::Point, is_current).await? {
        return Ok(());
    }
    in_batches(work, |transaction| {
        let before = transaction.now().plus_days(-END_DAYS);
        session_ends::forget(transaction, before, BATCH)
    })
    .await
}

/// How long changes are kept that event streams tell, in milliseconds. Nodes read them at once.
const CHANGES_KEPT: i64 = 10 * 60 * 1000;

/// Deletes changes that every node has told, and notes how far the table is written now.
pub async fn app_changes(work: &Work) -> Result<(), JobError> {
    if !work.store.read(Cost::Point, is_current).await? {
        return Ok(());
    }
    let before = work.store.clock().now().minus_millis(CHANGES_KEPT);
    let marked = move |conn: &mut _| app_changes::marked(conn, before);
    if let Some(mark) = work.store.read(Cost::Point, marked).await? {
        loop {
            let forget = move |transaction: &mut Transaction<'_>| {
                app_changes::forget(transaction, mark, BATCH)
            };
            if work.store.write(Scope::NONE, forget).await? == 0 {
                break;
            }
        }
    }
    work.store
        .write(Scope::NONE, |transaction| {
            let now = transaction.now();
            app_changes::mark(transaction, now)
        })
        .await?;
    Ok(())
}

/// Days for which an expired personal token is still listed.
const TOKEN_DAYS: i64 = 30;

/// Deletes personal tokens that expired long ago, and answers whose `Idempotency-Key` has expired.
pub async fn tokens(work: &Work) -> Result<(), JobError> {
    in_batches(work, |transaction| {
        let now = transaction.now();
        idempotency::forget_all(transaction, now.minus_hours(repetition::HOURS))?;
        admin_tokens::forget(transaction, now.plus_days(-TOKEN_DAYS), BATCH)
    })
    .await
}

/// Deletes sign-ups whose links have expired.
pub async fn sign_ups(work: &Work) -> Result<(), JobError> {
    in_batches(work, |transaction| {
        let now = transaction.now();
        sign_ups::forget(transaction, now, BATCH)
    })
    .await
}

/// Deletes positions of paged walks through a directory that no client continues. A walk does the
/// same for its own account; this job is for accounts without any new walks.
pub async fn walks(work: &Work) -> Result<(), JobError> {
    let (mut accounts, mut failures) = (work.accounts(), Failures::default());
    while let Some(enterprise) = accounts.next().await? {
        failures.note(forget_walks(work, enterprise).await);
    }
    failures.end()
}

async fn forget_walks(work: &Work, enterprise: AccountPk) -> StoreResult<()> {
    let now = work.store.clock().now();
    let read = move |conn: &mut _| walks::any_old(conn, enterprise, now);
    if !work.store.read(Cost::Point, read).await? {
        return Ok(());
    }
    work.store
        .write(Scope(enterprise), move |transaction| {
            let now = transaction.now();
            walks::forget(transaction, enterprise, now).map(drop)
        })
        .await
}

/// Deletes days of activity that are past their retention (docs/domain.md, *Reports*).
pub async fn activity(work: &Work) -> Result<(), JobError> {
    let (mut accounts, mut failures) = (work.accounts(), Failures::default());
    while let Some(enterprise) = accounts.next().await? {
        failures.note(forget_days(work, enterprise).await);
    }
    failures.end()
}

async fn forget_days(work: &Work, enterprise: AccountPk) -> StoreResult<()> {
    let now = work.store.clock().now();
    let read = move |conn: &mut _| days::any_forgettable(conn, enterprise, now);
    if !work.store.read(Cost::Point, read).await? {
        return Ok(());
    }
    work.store
        .write(Scope(enterprise), move |transaction| {
            let now = transaction.now();
            days::forget(transaction, enterprise, now).map(drop)
        })
        .await
}
