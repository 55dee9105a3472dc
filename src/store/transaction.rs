//! The transaction in which a use case runs.

use std::ops::{Deref, DerefMut};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::{PgConnection, SqliteConnection};

use super::audit::NewChange;
use super::connection::{Backend, Conn};
use super::error::{StoreError, StoreResult, TransactionError};
use crate::enterprise::Timestamp;
use crate::enterprise::audit::Origin;

type Manager = AnsiTransactionManager;

/// An open transaction: the connection, the time at which everything in it happens, and its origin.
///
/// The account that it writes to is locked: the transactions of one account run one after the
/// other. On SQLite there is only one writer; on PostgreSQL each transaction locks the account's
/// row. What a use case reads is therefore still true when it writes.
pub struct Transaction<'a> {
    conn: &'a mut Conn,
    now: Timestamp,
    origin: &'a Origin,
    journal: &'a mut Journal,
}

/// State that the transactions of one commit share.
#[derive(Default)]
pub(super) struct Journal {
    /// Changes for the audit log, written together at the end.
    pub changes: Vec<NewChange>,
    /// Whether savepoints are used, because a refusal is expected.
    pub isolated: bool,
    /// Whether a part failed without a savepoint: then everything has to run again, with
    /// savepoints.
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

    /// Returns the time of this transaction.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Returns the actor on whose behalf the transaction runs.
    pub fn origin(&self) -> &'a Origin {
        self.origin
    }

    /// Adds a change to the audit log; it is written with this transaction.
    pub(super) fn note(&mut self, change: NewChange) {
        self.journal.changes.push(change);
    }

    /// Runs a part and rolls it back alone if it fails. Savepoints are used only if a refusal is
    /// expected; otherwise, a failed part makes the whole transaction run again, with savepoints.
    ///
    /// # Errors
    /// Returns the error of `part`, after its changes were rolled back, or the store's.
    pub fn savepoint<T, E: TransactionError>(
        &mut self,
        part: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.journal.refused {
            // This run will be rolled back as a whole.
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
/// transaction never finds at its first write that what it read is stale.
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
