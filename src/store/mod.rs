//! The store: Diesel over SQLite or PostgreSQL. The only room that knows SQL.
//!
//! One file per aggregate holds its row types and its queries; `writer` and `transaction` decide
//! how changes become durable; `connection` hides which database it is. Rules do not live here.

pub mod access;
pub mod activation_codes;
pub mod activity;
pub mod address_links;
pub mod admin_tokens;
pub mod audit;
pub mod backup;
mod cached_statement;
pub mod candidates;
pub mod certificate_warnings;
pub mod claims;
mod connection;
pub mod connectors;
mod crew;
mod cursor_keys;
mod database_file;
pub mod domains;
pub mod enrolment;
pub mod enterprises;
mod error;
mod health;
pub mod idempotency;
mod invitation_acceptance;
pub mod invitation_delivery;
pub mod invitation_reminders;
pub mod invitation_targets;
pub mod invitation_tokens;
pub mod invitations;
pub mod invite_control;
pub mod jobs;
pub mod key_file;
pub mod licences;
mod liveliness;
pub mod lost_domains;
pub mod members;
mod migrations;
mod milestones;
pub mod name_conflicts;
pub mod oauth;
mod opening;
pub mod organizations;
pub mod outbox;
pub mod owners;
pub mod plans;
mod pool;
mod pulse;
mod queue;
mod readers;
pub mod recovery_links;
pub mod refusals;
mod rekey;
mod reply;
pub mod rosters;
mod schema;
pub mod scim_requests;
pub mod seats;
pub mod sessions;
pub mod sign_in_links;
pub mod sign_ups;
mod snapshot;
mod source;
pub mod sso_connections;
pub mod sso_drafts;
pub mod sso_identities;
pub mod sso_logins;
mod statistics;
pub mod storage;
mod tables;
pub mod team_links;
pub mod team_members;
pub mod teams;
mod transaction;
pub mod transfers;
mod turn;
pub mod users;
pub mod walks;
mod write_context;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::enterprise::secret::{Keyring, SecretKey};
use crate::enterprise::{AccountPk, Clock};
pub use write_context::{Scope, WriteContext};
use connection::Purpose;
pub use connection::{Conn, DatabaseUrl};
pub use database_file::{Claim, claim, require};
pub use error::{StoreError, StoreResult, TransactionError};
use health::Health;
use liveliness::Liveliness;
pub use opening::Opening;
use pool::SqlitePool;
use queue::Bounds;
use readers::{Kind, Readers};
pub use schema::SERVES_FROM;
pub use snapshot::snapshot;
use source::Source;
use statistics::Statistics;
pub use transaction::Transaction;
use writer::Writers;

/// How much a read takes, which decides who does it and what else has to wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// A few look-ups by index.
    Point,
    /// For this account: a page by index, or a large group.
    Page(AccountPk),
    /// For this account: something that looks at every row, or sorts them. Few run at once, and
    /// none runs long.
    Scan(AccountPk),
}

impl Cost {
    /// A page that is nobody's: the server's own, or the operator's.
    pub const SERVER: Self = Self::Page(Scope::NEW.0);
}

/// How many threads, each with a connection, a store has. They connect when they are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// For look-ups, and as many again for pages.
    pub readers: u32,
    /// For scans; an account has half of them at most.
    pub scanners: u32,
    /// For transactions on PostgreSQL. The embedded database has one writer.
    pub writers: u32,
}

impl Sizes {
    /// Enough for a command.
    pub const ONE: Self = Self { readers: 1, scanners: 1, writers: 1 };
}

/// How long a scan may take.
const SCAN_LIMIT: Duration = Duration::from_secs(10);
/// How long one waits for room among the scans before it is refused.
const SCAN_PAUSE: Duration = Duration::from_millis(250);
/// Reads of one kind that wait at most.
const WAITING: usize = 4096;
/// Pages of one account that wait at most.
const WAITING_PAGES: usize = 512;
/// Scans of one account that wait at most.
const WAITING_SCANS: usize = 8;

/// A database, opened: readers and writers. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    parts: Arc<Parts>,
    admissions: Arc<AtomicU64>,
    clock: Clock,
}

/// What ends with the last handle.
struct Parts {
    // In the order in which they end: who looks after the others is the last.
    points: Points,
    pages: Readers,
    scans: Readers,
    writers: Writers,
    _statistics: Statistics,
    health: Health,
    source: Arc<Source>,
}

/// Who does look-ups.
enum Points {
    /// Those who ask: it takes less time than the way to another thread and back.
    Here(SqlitePool, Arc<Source>),
    /// Readers.
    Elsewhere(Readers),
}

impl Store {
    /// Opens a database, having made and migrated it as `opening` says.
    ///
    /// # Errors
    /// Where it cannot be reached, opened or migrated, or is not there.
    pub fn open(
        url: &DatabaseUrl,
        opening: Opening,
        sizes: Sizes,
        clock: Clock,
    ) -> StoreResult<Self> {
        match (url, opening) {
            (DatabaseUrl::Sqlite(path), Opening::Create) => drop(database_file::create(path)?),
            _ => require(url, opening)?,
        }
        let source = Arc::new(Source::new(url));
        let ran = migrations::run(&source, opening)?;
        if !ran.is_empty() {
            log::info!("migrated the database: {}", ran.join(", "));
        }
        let mut conn = source.connect(Purpose::Watch)?.conn;
        let schema = schema::require(&mut conn)?;
        source.learn(&mut conn, &schema)?;
        drop(conn);
        if let DatabaseUrl::Sqlite(path) = url {
            source.keep_to(database_file::Watched::new(path));
        }
        let (admissions, liveliness) = (Arc::default(), Arc::new(Liveliness::default()));
        let (readers, scanners) = (sizes.readers as usize, sizes.scanners as usize);
        let overloaded = || StoreError::Overloaded;
        let kind = |name, threads: usize, each, at_once: usize| Kind {
            name,
            threads,
            bounds: Bounds { all: WAITING, each, strangers: each, at_once: at_once.max(1) },
            limit: None,
            refusal: overloaded,
            pause: None,
            is_patient: false,
        };
        let points = match url {
            DatabaseUrl::Sqlite(_) => {
                Points::Here(pool::pool(&source, sizes.readers), Arc::clone(&source))
            }
            DatabaseUrl::Postgres(_) => {
                let kind = kind("reader", readers, WAITING, usize::MAX);
                Points::Elsewhere(Readers::start(kind, &source)?)
            }
        };
        let pages = kind("pages", readers, WAITING_PAGES, readers / 2);
        let pages = Readers::start(Kind { is_patient: true, ..pages }, &source)?;
        let scans = Kind {
            limit: Some(SCAN_LIMIT),
            pause: Some(SCAN_PAUSE),
            is_patient: true,
            refusal: || StoreError::TooManySearches,
            ..kind("scans", scanners, WAITING_SCANS, scanners / 2)
        };
        let scans = Readers::start(scans, &source)?;
        let shared = writer::Shared {
            source: Arc::clone(&source),
            clock: clock.clone(),
            admissions: Arc::clone(&admissions),
            liveliness: Arc::clone(&liveliness),
        };
        let writers = Writers::start(shared, sizes.writers as usize)?;
        let mut crews = vec![pages.crew(), scans.crew(), writers.crew()];
        if let Points::Elsewhere(points) = &points {
            crews.push(points.crew());
        }
        let statistics = Statistics::keep(&source)?;
        crews.extend(statistics.crew());
        let health = Health::watch(&source, &liveliness, crews)?;
        let parts =
            Parts { points, pages, scans, writers, _statistics: statistics, health, source };
        Ok(Self { parts: Arc::new(parts), admissions, clock })
    }

    /// Makes the database if it is not there, migrates it, and nothing else; returns what ran.
    ///
    /// # Errors
    /// Where it cannot be reached or migrated.
    pub fn migrate(url: &DatabaseUrl) -> StoreResult<Vec<String>> {
        if let DatabaseUrl::Sqlite(path) = url {
            database_file::create(path)?;
        }
        migrations::run(&Arc::new(Source::new(url)), Opening::Create)
    }

    /// Names that are not unique in a database that has been migrated.
    ///
    /// # Errors
    /// Where it cannot be reached.
    pub fn name_conflicts(url: &DatabaseUrl) -> StoreResult<Vec<name_conflicts::Conflict>> {
        name_conflicts::all(&mut Source::new(url).connect(Purpose::Read)?.conn)
    }

    /// A number that is another one after each commit of this node that may have changed who is let
    /// in: what was read before it may no longer be so.
    pub fn admissions(&self) -> u64 {
        self.admissions.load(Ordering::SeqCst)
    }

    /// Seals mails that wait from now on; the first keys that are given count.
    pub fn seal_with(&self, keys: Arc<Keyring>) {
        self.parts.source.seal_with(keys);
    }

    /// What mails that wait are sealed with; without it they are in clear.
    pub fn keyring(&self) -> Option<Arc<Keyring>> {
        self.parts.source.keyring()
    }

    /// What cursors are sealed with; none while the schema is the last release's.
    pub fn cursor_key(&self) -> Option<Arc<SecretKey>> {
        self.parts.source.cursor_key()
    }

    /// The clock that this store's transactions read.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Whether the database can be read and written now. It is looked at by a thread of its own, so
    /// that load is never the reason why not.
    ///
    /// # Errors
    /// Why not.
    pub async fn check(&self) -> Result<(), String> {
        self.parts.health.check().await
    }

    /// Runs queries on a reader. Work that takes long asks [`Conn::go_on`] now and then.
    pub async fn read<T, E>(
        &self,
        cost: Cost,
        work: impl Fn(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: TransactionError,
    {
        let Parts { points, pages, scans, .. } = &*self.parts;
        match (cost, points) {
            (Cost::Point, Points::Here(pool, source)) => {
                source.check_open()?;
                match pool.try_get() {
                    Some(mut conn) => work(&mut conn),
                    None => pages.read(Scope::NEW, work).await,
                }
            }
            (Cost::Point, Points::Elsewhere(readers)) => readers.read(Scope::NEW, work).await,
            (Cost::Page(enterprise), _) => pages.read(Scope(enterprise), work).await,
            (Cost::Scan(enterprise), _) => scans.read(Scope(enterprise), work).await,
        }
    }

    /// Runs one transaction on the account's writer; returns when it is durable.
    ///
    /// # Errors
    /// The work's own, after it was undone; or the store's.
    pub async fn write<T, E>(
        &self,
        by: impl Into<WriteContext>,
        work: impl FnMut(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: TransactionError,
    {
        self.parts.writers.write(by.into(), work).await
    }

    /// Finishes the transactions that wait and closes the writers, if this is the last handle.
    pub fn close(self) {
        if let Ok(parts) = Arc::try_unwrap(self.parts) {
            parts.writers.stop();
            parts.pages.stop();
            parts.scans.stop();
            if let Points::Elsewhere(points) = &parts.points {
                points.stop();
            }
        }
    }
}
