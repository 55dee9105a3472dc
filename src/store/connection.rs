//! A connection to either database.
//!
//! `on!` runs one Diesel expression on whichever connection there is. It is a macro because the
//! expression is compiled once per backend: each keeps its own types, its whole query language
//! (multi-row inserts, `returning`, `on conflict`) and its prepared-statement cache, none of which
//! survives behind `diesel::MultiConnection`.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection};
use diesel::{Connection as _, PgConnection, SqliteConnection};
use url::Url;

use super::database_file;
use super::error::{StoreError, StoreResult};
use super::postgres_tls;
use super::pulse::StatementWatch;
use super::turn::Turn;
use crate::enterprise::secret::Keyring;

/// Which database to use, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// The embedded database in the file at this path.
    Sqlite(String),
    /// A PostgreSQL server, by its connection URL.
    Postgres(String),
}

impl DatabaseUrl {
    /// Parses `sqlite://PATH` or `postgres://…`.
    ///
    /// # Errors
    /// Returns [`StoreError::Url`], which names the allowed forms, if the URL is neither.
    pub fn parse(url: &str) -> StoreResult<Self> {
        if let Some(path) = url.strip_prefix("sqlite://")
            && !path.is_empty()
        {
            return Ok(Self::Sqlite(path.to_owned()));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        Err(StoreError::Url(
            "the database URL must be sqlite://PATH or postgres://USER:PASSWORD@HOST:PORT/NAME"
                .to_owned(),
        ))
    }

    /// Returns where the database is, for people: without the password, and without the options
    /// that may contain one.
    pub fn shown(&self) -> String {
        match self {
            Self::Sqlite(path) => {
                let path = std::path::absolute(path).unwrap_or_else(|_| path.into());
                format!("SQLite, {}", path.display())
            }
            Self::Postgres(url) => {
                let Ok(url) = Url::parse(url) else { return "PostgreSQL".to_owned() };
                let host = url.host_str().filter(|host| !host.is_empty());
                let host = host.unwrap_or("the local server");
                let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                let name = url.path().trim_start_matches('/');
                let user = url.username();
                let by = if user.is_empty() { String::new() } else { format!(" as {user}") };
                format!("PostgreSQL, {name} at {host}{port}{by}")
            }
        }
    }
}

/// A connection to either database.
pub struct Conn {
    pub(in crate::store) backend: Backend,
    /// The caller on whose behalf the connection works now, and its time limit.
    pub(in crate::store) turn: Turn,
    /// The keys that seal mail, if there are any.
    pub(in crate::store) keyring: Arc<OnceLock<Arc<Keyring>>>,
    /// The server's public URL, to which the links in mails lead, once it is known.
    pub(in crate::store) public_url: Arc<OnceLock<String>>,
}

/// Diesel's connection to one of the databases.
pub(in crate::store) enum Backend {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Evaluates the expression with the identifier bound to the backend's Diesel connection.
macro_rules! on {
    ($conn:expr, $connection:ident => $body:expr) => {
        match &mut $conn.backend {
            $crate::store::connection::Backend::Sqlite($connection) => $body,
            $crate::store::connection::Backend::Postgres($connection) => $body,
        }
    };
}
pub(in crate::store) use on;

/// Returns `true` if the text can be stored, and so can be found: PostgreSQL cannot store NUL.
pub(in crate::store) fn storable(text: &str) -> bool {
    !text.contains('\0')
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Queries only. SQLite is told to refuse anything else.
    Read,
    /// Transactions of a writer.
    Write,
    /// Health checks, with short timeouts.
    Watch,
    /// Migrations. Statements have no time limit, but waiting for locks does.
    Migrate,
}

/// The time limit of one statement.
pub const STATEMENT_LIMIT: Duration = Duration::from_secs(10);

impl Conn {
    /// Opens and configures a connection to this one database, which has to exist. `pulse` observes
    /// the statements on PostgreSQL.
    ///
    /// # Errors
    /// Returns [`StoreError::Connection`] if the database cannot be opened or reached.
    pub fn open(
        url: &DatabaseUrl,
        purpose: Purpose,
        pulse: Option<&Arc<StatementWatch>>,
    ) -> StoreResult<Self> {
        let failed = |error: diesel::ConnectionError| {
            StoreError::Connection(postgres_tls::explained(&error.to_string()))
        };
        let backend = match url {
            DatabaseUrl::Sqlite(path) => {
                // SQLite's own message does not name the file.
                let of_file = |error: &dyn std::fmt::Display| {
                    StoreError::Connection(format!("{path}: {error}"))
                };
                let mut connection = SqliteConnection::establish(&database_file::uri(path, "rw"))
                    .map_err(|error| of_file(&error))?;
                match connection.batch_execute(&sqlite_settings(purpose)).map_err(StoreError::from)
                {
                    Err(error) if !error.is_held() => return Err(of_file(&error)),
                    settled => settled?,
                }
                Backend::Sqlite(connection)
            }
            DatabaseUrl::Postgres(url) => {
                let mut connection = PgConnection::establish(url).map_err(failed)?;
                if let Some(pulse) = pulse {
                    connection.set_instrumentation(beating(pulse));
                }
                let name = pulse.map(|pulse| pulse.name());
                connection.batch_execute(&postgres_settings(purpose, name))?;
                Backend::Postgres(connection)
            }
        };
        Ok(Self::over(backend))
    }

    fn over(backend: Backend) -> Self {
        let (keyring, public_url) = (Arc::default(), Arc::default());
        Self { backend, turn: Turn::unlimited(), keyring, public_url }
    }

    /// Opens an SQLite file read-only, to inspect it.
    ///
    /// # Errors
    /// Returns [`StoreError::Connection`] if the file cannot be opened.
    pub fn look_at(path: &str) -> StoreResult<Self> {
        let connection = SqliteConnection::establish(&database_file::uri(path, "ro"))
            .map_err(|error| StoreError::Connection(format!("{path}: {error}")))?;
        let backend = Backend::Sqlite(connection);
        Ok(Self::over(backend))
    }

    /// Runs statements that return nothing.
    pub fn execute(&mut self, statements: &str) -> StoreResult<()> {
        on!(self, connection => connection.batch_execute(statements))?;
        Ok(())
    }

    /// Checks whether the result of the current work is still wanted. Work that may take long calls
    /// this from time to time.
    ///
    /// # Errors
    /// Returns [`StoreError::Unwanted`] if the caller has gone away and [`StoreError::TooLong`] if
    /// the time limit has passed.
    pub fn go_on(&self) -> StoreResult<()> {
        self.turn.go_on()
    }
}

fn sqlite_settings(purpose: Purpose) -> String {
    // Only other processes (backup, bootstrap) can hold the lock: this process has a single writer.
    let patience = match purpose {
        Purpose::Read => 250,
        Purpose::Write | Purpose::Watch => 1000,
        Purpose::Migrate => 10_000,
    };
    // synchronous = FULL: a commit is on disk when it is acknowledged.
    let common = format!(
        "PRAGMA busy_timeout = {patience}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
    );
    let own = match purpose {
        Purpose::Read => "PRAGMA query_only = ON;",
        // Checkpoint every 16 MiB, so that pages that nearly every commit writes go to the database
        // file once for many commits.
        Purpose::Write => "PRAGMA wal_autocheckpoint = 4000;",
        Purpose::Watch | Purpose::Migrate => "",
    };
    common + own
}

fn postgres_settings(purpose: Purpose, name: Option<&str>) -> String {
    // Every statement is written to use an index, whatever its parameters. A generic plan saves the
    // planner's time at each run, but must not be one that only suits the small table it was made
    // for: hence no sequential scans and no hash or merge joins.
    let mut settings = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; \
        SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off; \
        SET max_parallel_workers_per_gather = 0; "
        .to_owned();
    // A server that has lost contact with us should end the session, and release its locks, about
    // when we give up, if its version supports it. Where SQL has no error class, failures are told
    // apart by their English texts; a role that may not set `lc_messages` gets the server's
    // language.
    settings.push_str(
        "SET idle_in_transaction_session_timeout = 15000; \
         DO $$ BEGIN PERFORM set_config('tcp_keepalives_idle', '5', false), \
         set_config('tcp_keepalives_interval', '2', false), \
         set_config('tcp_keepalives_count', '3', false), \
         set_config('tcp_user_timeout', '10000', false), \
         set_config('client_connection_check_interval', '2000', false); \
         EXCEPTION WHEN OTHERS THEN NULL; END $$; \
         DO $$ BEGIN PERFORM set_config('lc_messages', 'C', false); \
         EXCEPTION WHEN OTHERS THEN NULL; END $$; ",
    );
    let (statement, lock) = match purpose {
        Purpose::Read => (STATEMENT_LIMIT, STATEMENT_LIMIT),
        // After this time the account is put aside, so that the writer can serve others.
        Purpose::Write => (STATEMENT_LIMIT, Duration::from_millis(100)),
        Purpose::Watch => (Duration::from_secs(2), Duration::from_millis(500)),
        Purpose::Migrate => (Duration::ZERO, Duration::from_secs(10)),
    };
    settings.push_str(&format!(
        "SET statement_timeout = {}; SET lock_timeout = {}; ",
        statement.as_millis(),
        lock.as_millis()
    ));
    if let Some(name) = name {
        settings.push_str(&format!("SET application_name = '{name}'; "));
    }
    settings
}

/// Returns an instrumentation that tells `pulse` when a statement begins and ends.
fn beating(pulse: &Arc<StatementWatch>) -> impl Instrumentation + use<> {
    let pulse = Arc::clone(pulse);
    move |event: InstrumentationEvent<'_>| match event {
        InstrumentationEvent::StartQuery { .. } => pulse.begin(),
        InstrumentationEvent::FinishQuery { .. } => pulse.end(),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_shown_without_its_password() {
        let shown = |url: &str| DatabaseUrl::parse(url).unwrap().shown();
        for (url, expected) in [
            ("sqlite:///var/lib/x.db", "SQLite, /var/lib/x.db"),
            (
                "postgres://kong:hunter2@db:5433/scim?sslmode=require",
                "PostgreSQL, scim at db:5433 as kong",
            ),
            ("postgres://db/scim?user=kong&password=hunter2", "PostgreSQL, scim at db"),
            ("postgresql:///scim?host=/run/postgresql", "PostgreSQL, scim at the local server"),
            ("postgres://kong:hunter2@one:1,two:2/scim", "PostgreSQL"),
        ] {
            assert_eq!(shown(url), expected, "{url}");
        }
        assert!(
            shown("sqlite://x.db").ends_with("/x.db") && shown("sqlite://x.db").contains(", /")
        );
    }
}
