//! A read-only transaction that sees the database at one moment.

use diesel::connection::AnsiTransactionManager;

use super::connection::{Backend, Conn};
use super::error::{StoreResult, TransactionError};
use super::transaction::rollback;

type Manager = AnsiTransactionManager;

/// Runs queries that all see the database as it was at the first of them.
///
/// `work` must not wait long for anything else: until it is done, SQLite cannot truncate the log
/// past that moment, and PostgreSQL cannot vacuum rows that were deleted since.
///
/// # Errors
/// Returns the error of `work`, or the store's.
pub fn snapshot<T, E: TransactionError>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    begin(conn)?;
    let open = Open(conn);
    work(open.0)
}

/// An open transaction. It is rolled back on drop, even if the work panics: the connection returns
/// to the pool either way.
struct Open<'a>(&'a mut Conn);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        // Nothing was written. If the rollback fails, the next query on the connection fails, too.
        let _ = rollback(self.0);
    }
}

fn begin(conn: &mut Conn) -> StoreResult<()> {
    match &mut conn.backend {
        Backend::Sqlite(connection) => Manager::begin_transaction_sql(connection, "BEGIN")?,
        Backend::Postgres(connection) => Manager::begin_transaction_sql(
            connection,
            "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
        )?,
    }
    Ok(())
}
