//! The transaction a use case runs in.

use std::ops::{Deref, DerefMut};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::{PgConnection, SqliteConnection};

use super::connection::Conn;
use super::error::{StoreResult, TransactionError};
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
}

impl<'a> Transaction<'a> {
    pub(super) fn new(conn: &'a mut Conn, now: Timestamp, origin: &'a Origin) -> Self {
        Self { conn, now, origin }
    }

    /// When this transaction happens.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Who asked for it.
    pub fn origin(&self) -> &'a Origin {
        self.origin
    }

    /// Runs a part that is undone alone if it fails.
    ///
    /// # Errors
    /// The part's, after its changes were undone; or the database's.
    pub fn savepoint<T, E: TransactionError>(
        &mut self,
        part: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        begin(self.conn)?;
        let outcome =
            part(&mut Transaction { conn: self.conn, now: self.now, origin: self.origin });
        match outcome {
            Ok(value) => {
                commit(self.conn)?;
                Ok(value)
            }
            Err(error) => {
                rollback(self.conn)?;
                Err(error)
            }
        }
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
    match conn {
        Conn::Sqlite(connection) => {
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
        Conn::Postgres(connection) => {
            <Manager as TransactionManager<PgConnection>>::begin_transaction(connection)?;
        }
    }
    Ok(())
}

/// Commits, or releases the innermost savepoint.
pub(super) fn commit(conn: &mut Conn) -> StoreResult<()> {
    match conn {
        Conn::Sqlite(connection) => Manager::commit_transaction(connection)?,
        Conn::Postgres(connection) => Manager::commit_transaction(connection)?,
    }
    Ok(())
}

/// Rolls back, or returns to the innermost savepoint.
pub(super) fn rollback(conn: &mut Conn) -> StoreResult<()> {
    match conn {
        Conn::Sqlite(connection) => Manager::rollback_transaction(connection)?,
        Conn::Postgres(connection) => Manager::rollback_transaction(connection)?,
    }
    Ok(())
}
