//! The transaction a use case runs in.

use std::ops::{Deref, DerefMut};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::{PgConnection, SqliteConnection};

use super::audit::NewChange;
use super::connection::{Backend, Conn};
use super::error::{StoreError, StoreResult, TransactionError};
use crate::enterprise::Timestamp;
use crate::enterprise::audit::Origin;

type Manager = AnsiTransactionManager;

/// An open transaction: the connection, the time that everything in it happens at, and where it
/// comes from.
///
/// The account whose data it writes is locked: transactions of one account run one after the
/// other, on SQLite because there is one writer, on PostgreSQL because each holds the account's
/// row. What a use case reads is therefore still true when it writes.
pub struct Transaction<'a> {
    conn: &'a mut Conn,
    now: Timestamp,
    origin: &'a Origin,
    journal: &'a mut Journal,
}

/// What transactions that are committed together leave for the end, and how they run.
#[derive(Default)]
pub(super) struct Journal {
    /// Changes for the audit log, which are written all at once.
    pub changes: Vec<NewChange>,
    /// Whether a refusal is expected, so that what it undoes is held apart by savepoints.
    pub isolated: bool,
    /// Whether something was refused that was not held apart: all has to run again, warily.
    pub refused: bool,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(
        conn: &'a mut Conn,
        now: Timestamp,
        origin: &'a Origin,
        journal: &'a mut Journal,
    ) -> Self {
        Self { conn, now, origin, journal }
    }

    /// When this transaction happens.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Who asked for it.
    pub fn origin(&self) -> &'a Origin {
        self.origin
    }

    /// Keeps a change for the audit log; it is written with this transaction.
    pub(super) fn note(&mut self, change: NewChange) {
        self.journal.changes.push(change);
    }

    /// Runs a part that is undone alone if it fails. A transaction of which no part was expected to
    /// fail, and one did, runs once more from its beginning.
    ///
    /// # Errors
    /// The part's, after its changes were undone; or the database's.
    pub fn savepoint<T, E: TransactionError>(
        &mut self,
        part: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.journal.refused {
            // Nothing of this run will stand.
            return Err(StoreError::Conflict.into());
        }
        let (isolated, noted) = (self.journal.isolated, self.journal.changes.len());
        if isolated {
            begin(self.conn)?;
        }
        let (now, origin) = (self.now, self.origin);
        let outcome = part(&mut Transaction::new(self.conn, now, origin, self.journal));
        match &outcome {
            Ok(_) if isolated => commit(self.conn)?,
            Ok(_) => {}
            Err(_) if isolated => {
                rollback(self.conn)?;
                self.journal.changes.truncate(noted);
            }
            Err(_) => self.journal.refused = true,
        }
        outcome
    }
}

impl Deref for Transaction<'_> {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        self.conn
    }
}

impl DerefMut for Transaction<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn
    }
}

/// Begins a transaction, or a savepoint inside one. SQLite takes the write lock at once, so that a
/// transaction never finds at its first write that it read something old.
pub(super) fn begin(conn: &mut Conn) -> StoreResult<()> {
    match &mut conn.backend {
        Backend::Sqlite(connection) => {
            let depth =
                <Manager as TransactionManager<SqliteConnection>>::transaction_manager_status_mut(
                    connection,
                )
                .transaction_depth()?;
            if depth.is_none() {
                Manager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")?;
            } else {
                <Manager as TransactionManager<SqliteConnection>>::begin_transaction(connection)?;
            }
        }
        Backend::Postgres(connection) => {
            <Manager as TransactionManager<PgConnection>>::begin_transaction(connection)?;
        }
    }
    Ok(())
}

/// Commits, or releases the innermost savepoint.
pub(super) fn commit(conn: &mut Conn) -> StoreResult<()> {
    match &mut conn.backend {
        Backend::Sqlite(connection) => Manager::commit_transaction(connection)?,
        Backend::Postgres(connection) => Manager::commit_transaction(connection)?,
    }
    Ok(())
}

/// Rolls back, or returns to the innermost savepoint.
pub(super) fn rollback(conn: &mut Conn) -> StoreResult<()> {
    match &mut conn.backend {
        Backend::Sqlite(connection) => Manager::rollback_transaction(connection)?,
        Backend::Postgres(connection) => Manager::rollback_transaction(connection)?,
    }
    Ok(())
}
