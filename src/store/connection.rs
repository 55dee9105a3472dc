//! A connection to either database, and the pool that makes them.
//!
//! `on!` runs one Diesel expression on whichever connection there is. It is a macro because the
//! expression is compiled once per backend: each keeps its own types, its whole query language
//! (multi-row inserts, `returning`, `on conflict`) and its prepared-statement cache, none of which
//! survives behind `diesel::MultiConnection`.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, PgConnection, SqliteConnection};

use super::error::{StoreError, StoreResult};

/// Which database, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// The embedded database, in this file.
    Sqlite(String),
    /// A PostgreSQL server, by its connection URL.
    Postgres(String),
}

impl DatabaseUrl {
    /// Parses `sqlite://PATH` or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError::Url`] with what is allowed.
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
}

/// A connection to either database.
pub enum Conn {
    /// Embedded.
    Sqlite(SqliteConnection),
    /// Server.
    Postgres(PgConnection),
}

/// Runs the expression with the identifier bound to the plain Diesel connection.
macro_rules! on {
    ($conn:expr, $connection:ident => $body:expr) => {
        match $conn {
            $crate::store::connection::Conn::Sqlite($connection) => $body,
            $crate::store::connection::Conn::Postgres($connection) => $body,
        }
    };
}
pub(in crate::store) use on;

/// Whether a text can be stored, and so be found: PostgreSQL knows no NUL.
pub(in crate::store) fn storable(text: &str) -> bool {
    !text.contains('\0')
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Queries only; SQLite is told to refuse anything else.
    Read,
    /// The writer's.
    Write,
}

impl Conn {
    /// Opens a connection and prepares it.
    ///
    /// # Errors
    /// [`StoreError::Connection`] where the database cannot be opened or reached.
    pub fn open(url: &DatabaseUrl, purpose: Purpose) -> StoreResult<Self> {
        let failed = |error: diesel::ConnectionError| StoreError::Connection(error.to_string());
        match url {
            DatabaseUrl::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(path).map_err(failed)?;
                // FULL: a commit is on the disk when it is acknowledged. The busy timeout only
                // matters to other processes (backup, bootstrap): inside, one writer writes.
                connection.batch_execute(
                    "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; \
                     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                     PRAGMA temp_store = MEMORY;",
                )?;
                match purpose {
                    Purpose::Read => connection.batch_execute("PRAGMA query_only = ON;")?,
                    // 16 MiB between checkpoints: pages that nearly every commit writes go to the
                    // database once for many commits.
                    Purpose::Write => {
                        connection.batch_execute("PRAGMA wal_autocheckpoint = 4000;")?;
                    }
                }
                Ok(Self::Sqlite(connection))
            }
            DatabaseUrl::Postgres(url) => {
                let mut connection = PgConnection::establish(url).map_err(failed)?;
                // Every statement is written for an index, whatever its values are. Planned once,
                // it saves the planner's time at each run; but then the plan must not be one that
                // only suits the small table that it was made for.
                connection.batch_execute(
                    "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; \
                     SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off; \
                     SET max_parallel_workers_per_gather = 0;",
                )?;
                Ok(Self::Postgres(connection))
            }
        }
    }

    /// Runs statements that return nothing.
    ///
    /// # Errors
    /// The database's.
    pub fn execute(&mut self, statements: &str) -> StoreResult<()> {
        on!(self, connection => connection.batch_execute(statements))?;
        Ok(())
    }
}

impl Conn {
    /// Whether the database answers and has the tables that this binary needs.
    ///
    /// # Errors
    /// The database's.
    pub fn check(&mut self) -> StoreResult<()> {
        use super::tables::enterprises;
        use diesel::prelude::*;
        on!(self, connection => enterprises::table
            .select(enterprises::pk)
            .first::<i64>(connection)
            .optional())?;
        Ok(())
    }
}

/// A pooled connection, which remembers whether it broke.
pub struct Pooled {
    /// The connection.
    pub conn: Conn,
    /// Set when a query found the server gone; the pool then drops it.
    pub broken: bool,
}

/// Makes connections for the pool.
pub struct Manager {
    url: DatabaseUrl,
}

impl r2d2::ManageConnection for Manager {
    type Connection = Pooled;
    type Error = StoreError;

    fn connect(&self) -> Result<Pooled, StoreError> {
        Ok(Pooled { conn: Conn::open(&self.url, Purpose::Read)?, broken: false })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), StoreError> {
        pooled.conn.execute("SELECT 1")
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.broken
    }
}

/// The readers.
pub type Pool = r2d2::Pool<Manager>;

/// Opens the pool of readers; connections are made when first needed.
pub fn pool(url: DatabaseUrl, size: u32) -> Pool {
    r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        // A check would cost a round trip per request; a broken connection shows itself in use
        // and is then replaced.
        .test_on_check_out(false)
        .connection_timeout(Duration::from_secs(10))
        .build_unchecked(Manager { url })
}
