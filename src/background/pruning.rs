//! Forgetting what nobody needs any more.

use super::accounts::Failures;
use super::work::{JobError, Work};
use crate::administration::repetition;
use crate::enterprise::{AccountPk, Timestamp};
use crate::store::{
    Cost, Scope, StoreResult, activity as days, address_links, admin_tokens, idempotency, outbox,
    recovery_links, sessions, sign_in_links, sign_ups, sso_logins, walks,
};

/// How long it is remembered that a mail was sent, or given up.
const MAIL_DAYS: i64 = 90;
/// Rows that are forgotten in one transaction.
const BATCH: i64 = 500;

/// Forgets mails that were settled long ago.
pub async fn mail(work: &Work) -> Result<(), JobError> {
    loop {
        let forgotten = work
            .store
            .write(Scope::NEW, |transaction| {
                let before: Timestamp = transaction.now().plus_days(-MAIL_DAYS);
                outbox::forget(transaction, before, BATCH)
            })
            .await?;
        if forgotten < usize::try_from(BATCH)? {
            return Ok(());
        }
    }
}

/// Forgets sign-ins that were not finished, used assertions, links and sessions that are over. Links
/// are remembered for an hour longer: so long they count for the limit of their address.
pub async fn sign_ins(work: &Work) -> Result<(), JobError> {
    work.store
        .write(Scope::NEW, |transaction| {
            let now = transaction.now();
            sso_logins::forget(transaction, now)?;
            sign_in_links::forget(transaction, now.minus_hours(1))?;
            address_links::forget(transaction, now.minus_hours(1))?;
            recovery_links::forget(transaction, now)?;
            sessions::forget(transaction, now)
        })
        .await?;
    Ok(())
}

/// How long a personal token that has ended is still listed.
const TOKEN_DAYS: i64 = 30;

/// Forgets personal tokens that ended long ago, and answers that nobody can ask for again.
pub async fn tokens(work: &Work) -> Result<(), JobError> {
    loop {
        let forgotten = work
            .store
            .write(Scope::NEW, |transaction| {
                let now = transaction.now();
                idempotency::forget_all(transaction, now.minus_hours(repetition::HOURS))?;
                admin_tokens::forget(transaction, now.plus_days(-TOKEN_DAYS), BATCH)
            })
            .await?;
        if forgotten < usize::try_from(BATCH)? {
            return Ok(());
        }
    }
}

/// Forgets sign-ups whose links have ended.
pub async fn sign_ups(work: &Work) -> Result<(), JobError> {
    loop {
        let forgotten = work
            .store
            .write(Scope::NEW, |transaction| {
                let now = transaction.now();
                sign_ups::forget(transaction, now, BATCH)
            })
            .await?;
        if forgotten < usize::try_from(BATCH)? {
            return Ok(());
        }
    }
}

/// Forgets where walks through a directory were that nobody goes on with. A walk does the same for
/// its account; this is for accounts that nobody walks through any more.
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

/// Forgets days of use that are kept no longer (DOMAIN.md, *Reports*).
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
