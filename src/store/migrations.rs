//! Migrates a database to the schema that this binary needs.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Backend, Conn, Purpose, on};
use super::error::{StoreError, StoreResult};
use super::schema::{self, Schema};
use super::source::Source;
use super::{Opening, rekey};

pub(super) const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
pub(super) const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The advisory lock that the migrating node holds.
pub(super) const LOCK: i64 = 0x0049_4e53_4349_4d00;
/// How long to wait for another node's migration.
const PATIENCE: Duration = Duration::from_secs(300);
/// How long the database may take to report its schema.
const ANSWER: Duration = Duration::from_secs(10);

/// Runs the pending migrations and returns their names.
///
/// On PostgreSQL an advisory lock lets one node migrate while the others wait for it. If other
/// servers are running on the previous release's schema, which this release serves as well, the
/// schema is left as it is.
///
/// # Errors
/// Returns [`StoreError::Migration`] with the failed migration, of which nothing is applied, and
/// [`StoreError::Schema`] if a newer release has migrated the database.
pub fn run(source: &Arc<Source>, opening: Opening) -> StoreResult<Vec<String>> {
    let (mut conn, found) = in_time(source, look)?;
    match found {
        Some(Schema::Newer(_)) => schema::require(&mut conn).map(|_| Vec::new()),
        Some(Schema::Previous)
            if opening == Opening::Existing && others_serve(source, &mut conn)? =>
        {
            log::warn!(
                "other servers are running on the previous release's schema, which this release \
                 serves as well. When all are replaced, run `insomnia-scim migrate`."
            );
            Ok(Vec::new())
        }
        _ => within_lock(&mut conn, bring_up),
    }
}

/// Connects and looks at the database, with a time limit: a silent server must not hang the start.
fn in_time<T: Send + 'static>(
    source: &Arc<Source>,
    look: impl FnOnce(&mut Conn) -> StoreResult<T> + Send + 'static,
) -> StoreResult<(Conn, T)> {
    let (sender, answer) = channel();
    let source = Arc::clone(source);
    let ask = move || {
        let seen = source.connect(Purpose::Migrate).and_then(|mut connected| {
            let seen = look(&mut connected.conn)?;
            Ok((connected.conn, seen))
        });
        // The receiver is gone if the time limit has passed.
        let _ = sender.send(seen);
    };
    let thread = std::thread::Builder::new().name("start".to_owned()).spawn(ask);
    thread.map_err(|error| StoreError::Connection(error.to_string()))?;
    answer.recv_timeout(ANSWER).unwrap_or_else(|_| {
        let seconds = ANSWER.as_secs();
        Err(StoreError::Connection(format!("the database did not answer within {seconds} s")))
    })
}

/// Returns the state of the schema, or `None` if nothing was ever migrated.
fn look(conn: &mut Conn) -> StoreResult<Option<Schema>> {
    if has_schema(conn)? { schema::of(conn).map(Some) } else { Ok(None) }
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Bool)]
    found: bool,
}

/// Asks the database a question of SQL.
pub(super) fn ask(conn: &mut Conn, question: &str) -> StoreResult<bool> {
    let query = diesel::sql_query(format!("SELECT ({question}) AS found"));
    let answer: Found = on!(conn, connection => query.get_result(connection))?;
    Ok(answer.found)
}

/// Returns `true` if any migration ever ran.
fn has_schema(conn: &mut Conn) -> StoreResult<bool> {
    let question = match &conn.backend {
        Backend::Sqlite(_) => {
            "SELECT count(*) > 0 FROM sqlite_master WHERE name = '__diesel_schema_migrations'"
        }
        Backend::Postgres(_) => "to_regclass('__diesel_schema_migrations') IS NOT NULL",
    };
    ask(conn, question)
}

/// Returns `true` if nodes that follow earlier rules have connections to the database. The names of
/// their connections say which they follow; those of the first releases say nothing.
pub(super) fn earlier_serve(conn: &mut Conn) -> StoreResult<bool> {
    match &conn.backend {
        Backend::Sqlite(_) => Ok(false),
        Backend::Postgres(_) => ask(
            conn,
            &format!(
                "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
                 AND starts_with(application_name, 'insomnia-scim/') AND COALESCE(substring(\
                 application_name FROM '^insomnia-scim/[^/.]*\\.([0-9]{{1,9}})/')::bigint, 0) < {})",
                rekey::VERSION
            ),
        ),
    }
}

/// Returns `true` if other nodes have connections to the database.
fn others_serve(source: &Source, conn: &mut Conn) -> StoreResult<bool> {
    let own = source.node();
    match &conn.backend {
        Backend::Sqlite(_) => Ok(false),
        Backend::Postgres(_) => ask(
            conn,
            &format!(
                "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
                 AND starts_with(application_name, 'insomnia-scim/') \
                 AND NOT starts_with(application_name, '{own}'))"
            ),
        ),
    }
}

fn within_lock<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> StoreResult<T>,
) -> StoreResult<T> {
    if let Backend::Sqlite(_) = &conn.backend {
        return work(conn);
    }
    let since = Instant::now();
    while !ask(conn, &format!("pg_try_advisory_lock({LOCK})"))? {
        if since.elapsed() > PATIENCE {
            let reason = "another node has been migrating the database for minutes";
            return Err(StoreError::Migration(reason.to_owned()));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    let done = work(conn);
    ask(conn, &format!("pg_advisory_unlock({LOCK})"))?;
    done
}

/// Runs the migrations, and then rewrites the keys, which SQL cannot compute.
fn bring_up(conn: &mut Conn) -> StoreResult<Vec<String>> {
    let ran = match &mut conn.backend {
        Backend::Sqlite(connection) => pending(connection, SQLITE),
        Backend::Postgres(connection) => pending(connection, POSTGRES),
    };
    let ran = ran.map_err(|error| StoreError::Migration(error.to_string()))?;
    let is_alone = !earlier_serve(conn)?;
    rekey::run(conn, is_alone)?;
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
