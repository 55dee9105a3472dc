//! Brings a database to the schema that this binary needs.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Conn, DatabaseUrl, Purpose};
use super::error::{StoreError, StoreResult};
use super::rekey;

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
    if let Conn::Sqlite(_) = conn {
        return bring_up(&mut conn);
    }
    conn.execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
    let ran = bring_up(&mut conn);
    conn.execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
    ran
}

/// The tables, and then the keys in them, which SQL cannot make.
fn bring_up(conn: &mut Conn) -> StoreResult<Vec<String>> {
    let ran = match conn {
        Conn::Sqlite(connection) => pending(connection, SQLITE),
        Conn::Postgres(connection) => pending(connection, POSTGRES),
    };
    let ran = ran.map_err(|error| StoreError::Migration(error.to_string()))?;
    rekey::run(conn)?;
    Ok(ran)
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
