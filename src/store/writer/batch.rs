//! Several jobs in one transaction.

use diesel::prelude::*;

use super::job::{Ending, Job};
use crate::enterprise::{AccountPk, Clock};
use crate::store::audit;
use crate::store::connection::{Backend, Conn};
use crate::store::crew::Desk;
use crate::store::error::{StoreError, StoreResult};
use crate::store::tables::enterprises;
use crate::store::transaction::{Journal, begin, commit, rollback};
use crate::store::write_context::Scope;

/// How several jobs run in one transaction.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum BatchMode {
    /// One after the other; a refusal rolls back all of them.
    Plain,
    /// Each in a savepoint.
    Savepoints,
}

/// How an attempt ended.
#[derive(PartialEq)]
pub(super) enum Attempt {
    /// Everything that was not refused is durable.
    Done,
    /// Another transaction holds the account's lock; nothing has run.
    Held,
    /// Everything was rolled back, because one job was refused.
    Refused,
}

/// Runs the jobs one after the other and commits them together.
pub(super) fn run_all(
    conn: &mut Conn,
    clock: &Clock,
    jobs: &mut [Box<dyn Job>],
    manner: BatchMode,
    desk: &Desk,
) -> StoreResult<Attempt> {
    match begin(conn) {
        Err(error) if error.is_held() => return Ok(Attempt::Held),
        begun => begun?,
    }
    // On PostgreSQL, all jobs of a transaction write to the same accounts (see `together`). SQLite
    // has no row to lock: it locks the whole database when the transaction begins.
    if let Some(job) = jobs.first() {
        for scope in job.context().accounts() {
            match lock_account(conn, scope) {
                Err(error) if error.is_held() => {
                    rollback(conn)?;
                    return Ok(Attempt::Held);
                }
                locked => locked?,
            }
        }
    }
    let now = clock.now();
    let alone = jobs.len() == 1;
    let mut journal = Journal { isolated: manner == BatchMode::Savepoints, ..Journal::default() };
    // A job that is alone needs no savepoint: rolling back the transaction undoes it.
    let savepoints = !alone && journal.isolated;
    for job in jobs.iter_mut() {
        let noted = journal.changes.len();
        if savepoints {
            begin(conn)?;
        }
        let ending = job.run(conn, now, &mut journal);
        if journal.refused {
            rollback(conn)?;
            return Ok(Attempt::Refused);
        }
        match ending {
            Ending::Keep if savepoints => commit(conn)?,
            Ending::Keep => {}
            Ending::Undo if savepoints => {
                rollback(conn)?;
                journal.changes.truncate(noted);
            }
            Ending::Undo => {
                rollback(conn)?;
                return Ok(if alone { Attempt::Done } else { Attempt::Refused });
            }
            Ending::Retry => return Err(StoreError::Conflict),
        }
    }
    audit::write(conn, &journal.changes)?;
    if desk.is_given_up() {
        // The supervisor has given this thread up and told the callers that the outcome is unknown,
        // so there is no need to commit.
        return Err(StoreError::OutcomeUnknown);
    }
    match commit(conn) {
        Ok(()) => Ok(Attempt::Done),
        Err(error) if error.is_disconnect() => Err(StoreError::OutcomeUnknown),
        Err(error) => Err(error),
    }
}

/// Locks the account's row against other nodes until the transaction ends.
fn lock_account(conn: &mut Conn, scope: Scope) -> StoreResult<()> {
    if let Backend::Postgres(connection) = &mut conn.backend {
        enterprises::table
            .filter(enterprises::pk.eq(scope.0))
            .select(enterprises::pk)
            .for_update()
            .first::<AccountPk>(connection)
            .optional()?;
    }
    Ok(())
}
