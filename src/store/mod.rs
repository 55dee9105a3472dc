//! The store: Diesel over SQLite or PostgreSQL. No other module knows SQL.
//!
//! One file per aggregate holds its row types and its queries. `writer` and `transaction` decide
//! how changes become durable; `connection` hides which database it is. Domain rules do not live
//! here.

pub mod access;
pub mod activation_codes;
pub mod activity;
pub mod address_links;
pub mod admin_tokens;
pub mod app_changes;
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
pub mod git_sync;
mod health;
pub mod idempotency;
mod invitation_acceptance;
pub mod invitation_delivery;
pub mod invitation_lists;
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
pub mod member_lists;
pub mod member_lookups;
pub mod member_merging;
pub mod members;
mod migrations;
mod milestones;
pub mod name_conflicts;
pub mod oauth;
mod opening;
pub mod organizations;
pub mod outbox;
pub mod own_accounts;
pub mod own_invitations;
pub mod owners;
pub mod ownership_links;
pub mod plans;
mod pool;
mod postgres_tls;
mod pulse;
mod queue;
pub mod reach;
pub mod reached;
mod readers;
pub mod recovery_links;
pub mod refusals;
mod rekey;
mod reply;
pub mod responsible;
pub mod rosters;
mod rules;
mod schema;
pub mod scim_requests;
pub mod search;
pub mod seat_requests;
pub mod seats;
pub mod session_ends;
pub mod session_proofs;
pub mod sessions;
pub mod sign_in_links;
pub mod sign_ups;
mod snapshot;
mod source;
pub mod sso_connections;
pub mod sso_drafts;
pub mod sso_health;
pub mod sso_identities;
pub mod sso_logins;
mod statistics;
pub mod storage;
mod tables;
pub mod team_links;
pub mod team_lists;
pub mod team_members;
mod team_places;
pub mod teams;
mod transaction;
pub mod transfers;
mod turn;
pub mod users;
pub mod waiting_payments;
pub mod walks;
mod write_context;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::enterprise::secret::{Keyring, SecretKey};
use crate::enterprise::{AccountPk, Clock};
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
pub use schema::{SERVES_FROM, is_current};
pub use snapshot::snapshot;
use source::Source;
use statistics::Statistics;
pub use transaction::Transaction;
pub use write_context::{Scope, WriteContext};
use writer::Writers;

/// How expensive a read is. This decides which threads run it and what else has to wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// A few look-ups by index.
    Point,
    /// A page by index, or a large group, of this account.
    Page(AccountPk),
    /// A scan or sort of many rows of this account. Few run at once, and each has a time limit.
    Scan(AccountPk),
}

impl Cost {
    /// A page that belongs to no account: the server's own, or the operator's.
    pub const SERVER: Self = Self::Page(Scope::NONE.0);
}

/// How many threads, each with its own connection, a store has. They connect on first use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Threads for look-ups, and the same number again for pages.
    pub readers: u32,
    /// Threads for scans. One account gets half of them at most.
    pub scanners: u32,
    /// Threads for transactions on PostgreSQL. The embedded database has one writer.
    pub writers: u32,
}

impl Sizes {
    /// Enough for a CLI command.
    pub const ONE: Self = Self { readers: 1, scanners: 1, writers: 1 };
}

/// The time limit of a scan.
const SCAN_LIMIT: Duration = Duration::from_secs(10);
/// How long a scan waits for room in the queue before it is refused.
const SCAN_PAUSE: Duration = Duration::from_millis(250);
/// The most reads of one kind that may wait.
const WAITING: usize = 4096;
/// The most pages of one account that may wait.
const WAITING_PAGES: usize = 512;
/// The most scans of one account that may wait.
const WAITING_SCANS: usize = 8;

/// An open database with its readers and writers. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    parts: Arc<Parts>,
    admissions: Arc<AtomicU64>,
    clock: Clock,
}

/// What is closed when the last handle is dropped.
struct Parts {
    // Fields are dropped in this order: the threads that watch over the others come last.
    points: Points,
    pages: Readers,
    scans: Readers,
    writers: Writers,
    _statistics: Statistics,
    health: Health,
    source: Arc<Source>,
}

/// Where look-ups run.
enum Points {
    /// On the calling thread: for the embedded database, a look-up takes less time than a switch to
    /// another thread and back.
    Here(SqlitePool, Arc<Source>),
    /// On reader threads.
    Elsewhere(Readers),
}

impl Store {
    /// Opens a database, after creating and migrating it as `opening` says.
    ///
    /// # Errors
    /// Fails if the database is missing or cannot be reached, opened or migrated.
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

    /// Creates the database if it does not exist and migrates it. Returns the migrations that ran.
    ///
    /// # Errors
    /// Fails if the database cannot be reached or migrated.
    pub fn migrate(url: &DatabaseUrl) -> StoreResult<Vec<String>> {
        if let DatabaseUrl::Sqlite(path) = url {
            database_file::create(path)?;
        }
        migrations::run(&Arc::new(Source::new(url)), Opening::Create)
    }

    /// Returns the names that are not unique in a migrated database.
    ///
    /// # Errors
    /// Fails if the database cannot be reached.
    pub fn name_conflicts(url: &DatabaseUrl) -> StoreResult<Vec<name_conflicts::Conflict>> {
        name_conflicts::all(&mut Source::new(url).connect(Purpose::Read)?.conn)
    }

    /// Returns a number that changes after each commit of this node that may have changed who is
    /// admitted. Anything cached under an older number may be stale.
    pub fn admissions(&self) -> u64 {
        self.admissions.load(Ordering::SeqCst)
    }

    /// Sets the keys that seal waiting mail. Only the first call has an effect.
    pub fn seal_with(&self, keys: Arc<Keyring>) {
        self.parts.source.seal_with(keys);
    }

    /// Sets the server's public URL, to which the links in mails lead. Only the first call has an
    /// effect.
    pub fn link_to(&self, public_url: &str) {
        self.parts.source.link_to(public_url);
    }

    /// Returns the keys that seal waiting mail, or `None` if it is stored in clear text.
    pub fn keyring(&self) -> Option<Arc<Keyring>> {
        self.parts.source.keyring()
    }

    /// Returns the key that seals cursors, or `None` while the schema is the previous release's.
    pub fn cursor_key(&self) -> Option<Arc<SecretKey>> {
        self.parts.source.cursor_key()
    }

    /// The clock that this store's transactions read.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Checks that the database can be read and written now. A separate thread does the checking,
    /// so that load alone never makes this fail.
    ///
    /// # Errors
    /// Returns why the database does not serve.
    pub async fn check(&self) -> Result<(), String> {
        self.parts.health.check().await
    }

    /// Runs queries on a reader. Work that takes long has to call [`Conn::go_on`] from time to
    /// time.
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
                    None => pages.read(Scope::NONE, work).await,
                }
            }
            (Cost::Point, Points::Elsewhere(readers)) => readers.read(Scope::NONE, work).await,
            (Cost::Page(enterprise), _) => pages.read(Scope(enterprise), work).await,
            (Cost::Scan(enterprise), _) => scans.read(Scope(enterprise), work).await,
        }
    }

    /// Runs one transaction on a writer and returns its result when it is durable.
    ///
    /// # Errors
    /// Returns the error of `work`, after a rollback, or the store's.
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

    /// Finishes the waiting transactions and closes the threads, if this is the last handle.
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
