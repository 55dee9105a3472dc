//! Reading of one moment: a transaction that only reads.

use diesel::connection::AnsiTransactionManager;

use super::connection::{Backend, Conn};
use super::error::{StoreResult, TransactionError};
use super::transaction::rollback;

type Manager = AnsiTransactionManager;

/// Runs queries that all see the database as it was at the first of them.
///
/// On SQLite the log cannot be shortened past that moment until the work is done, on PostgreSQL no
/// row of it can be cleared away: the work must not wait long for anybody.
///
/// # Errors
/// The work's own; or the database's.
pub fn snapshot<T, E: TransactionError>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    begin(conn)?;
    let open = Open(conn);
    work(open.0)
}

/// An open transaction. It ends with the value, also when the work panics: the connection goes back
/// to the pool either way.
struct Open<'a>(&'a mut Conn);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        // Nothing was written. A connection on which this fails says so at its next query.
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
