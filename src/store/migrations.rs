//! Brings a database to the schema that this binary needs.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Conn, DatabaseUrl, Purpose};
use super::error::{StoreError, StoreResult};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Runs what has not run yet; returns the names of what ran.
///
/// On PostgreSQL an advisory lock lets one node migrate while the others wait for it.
///
/// # Errors
/// [`StoreError::Migration`] with the failing migration; nothing of it is applied.
pub fn run(url: &DatabaseUrl) -> StoreResult<Vec<String>> {
    const LOCK: i64 = 0x0049_4e53_4349_4d00;
    let mut conn = Conn::open(url, Purpose::Write)?;
    let ran = match &mut conn {
        Conn::Sqlite(connection) => pending(connection, SQLITE),
        Conn::Postgres(connection) => {
            use diesel::connection::SimpleConnection;
            connection.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
            let ran = pending(connection, POSTGRES);
            connection.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
            ran
        }
    };
    ran.map_err(|error| StoreError::Migration(error.to_string()))
}

fn pending<C, DB>(
    connection: &mut C,
    migrations: EmbeddedMigrations,
) -> Result<Vec<String>, Box<dyn std::error::Error + Send + Sync>>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
{
    let ran = connection.run_pending_migrations(migrations)?;
    Ok(ran.iter().map(ToString::to_string).collect())
}
