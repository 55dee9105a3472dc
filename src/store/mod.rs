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
mod by;
pub mod candidates;
pub mod certificate_warnings;
pub mod claims;
mod connection;
pub mod connectors;
pub mod domains;
pub mod enrolment;
pub mod enterprises;
mod error;
pub mod idempotency;
mod invitation_acceptance;
pub mod invitation_delivery;
pub mod invitation_reminders;
pub mod invitation_targets;
pub mod invitation_tokens;
pub mod invitations;
pub mod invite_control;
pub mod jobs;
mod kept;
pub mod licences;
pub mod lost_domains;
pub mod members;
mod migrations;
mod milestones;
pub mod name_conflicts;
pub mod oauth;
pub mod organizations;
pub mod outbox;
pub mod owners;
pub mod plans;
pub mod recovery_links;
pub mod refusals;
mod rekey;
pub mod rosters;
pub mod scim_requests;
pub mod seats;
pub mod sessions;
pub mod sign_in_links;
pub mod sign_ups;
mod snapshot;
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
pub mod users;
pub mod walks;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::enterprise::Clock;
pub use by::{By, Scope};
pub use connection::{Conn, DatabaseUrl};
use connection::{Pool, Pooled};
pub use error::{StoreError, StoreResult, TransactionError};
pub use snapshot::snapshot;
use statistics::Statistics;
pub use transaction::Transaction;
use writer::Writers;

/// How long a query runs, which decides the thread it may run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// A few index look-ups.
    Point,
    /// A page, a scan, a large group.
    Long,
}

/// A database, opened: readers and writers. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    url: DatabaseUrl,
    pool: Pool,
    writers: Arc<Writers>,
    _statistics: Arc<Statistics>,
    admissions: Arc<AtomicU64>,
    clock: Clock,
}

impl Store {
    /// Migrates the database and opens it.
    ///
    /// # Errors
    /// Where it cannot be reached, opened or migrated.
    pub fn open(url: &DatabaseUrl, readers: u32, clock: Clock) -> StoreResult<Self> {
        let ran = migrations::run(url)?;
        if !ran.is_empty() {
            log::info!("migrated the database: {}", ran.join(", "));
        }
        let admissions = Arc::default();
        Ok(Self {
            url: url.clone(),
            pool: connection::pool(url.clone(), readers),
            writers: Arc::new(Writers::start(url, &clock, &admissions)?),
            _statistics: Arc::new(Statistics::keep(url)?),
            admissions,
            clock,
        })
    }

    /// Migrates the database and nothing else; returns what ran.
    ///
    /// # Errors
    /// Where it cannot be reached or migrated.
    pub fn migrate(url: &DatabaseUrl) -> StoreResult<Vec<String>> {
        migrations::run(url)
    }

    /// Names that are not unique in a database that has been migrated.
    ///
    /// # Errors
    /// Where it cannot be reached.
    pub fn name_conflicts(url: &DatabaseUrl) -> StoreResult<Vec<name_conflicts::Conflict>> {
        name_conflicts::all(&mut Conn::open(url, connection::Purpose::Read)?)
    }

    /// A number that is another one after each commit of this node that may have changed who is let
    /// in: what was read before it may no longer be so.
    pub fn admissions(&self) -> u64 {
        self.admissions.load(Ordering::SeqCst)
    }

    /// The clock that this store's transactions read.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Runs queries on a reader.
    ///
    /// Point queries on the embedded database run on the calling thread: they take less time than
    /// the way to another thread and back.
    ///
    /// # Errors
    /// The work's own; or the store's.
    pub async fn read<T, E>(
        &self,
        cost: Cost,
        work: impl Fn(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: TransactionError,
    {
        if cost == Cost::Point
            && matches!(self.url, DatabaseUrl::Sqlite(_))
            && let Some(mut pooled) = self.pool.try_get()
        {
            return work(&mut pooled.conn);
        }
        let pool = self.pool.clone();
        tokio::task::spawn_blocking(move || read_blocking(&pool, work))
            .await
            .unwrap_or_else(|_| Err(StoreError::Panicked.into()))
    }

    /// Runs one transaction on the account's writer; returns when it is durable.
    ///
    /// # Errors
    /// The work's own, after it was undone; or the store's.
    pub async fn write<T, E>(
        &self,
        by: impl Into<By>,
        work: impl FnMut(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: TransactionError,
    {
        self.writers.write(by.into(), work).await
    }

    /// Finishes the transactions that wait and closes the writers, if this is the last handle.
    pub fn close(self) {
        if let Ok(writers) = Arc::try_unwrap(self.writers) {
            writers.stop();
        }
    }
}

/// Runs the work on a pooled connection; a connection that turns out to be gone is replaced once.
fn read_blocking<T, E: TransactionError>(
    pool: &Pool,
    work: impl Fn(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    let attempt = || {
        let mut pooled = pool.get().map_err(StoreError::from)?;
        let Pooled { conn, broken } = &mut *pooled;
        let result = work(conn);
        if let Err(error) = &result {
            *broken = error.store_error().is_some_and(StoreError::is_disconnect);
        }
        result
    };
    match attempt() {
        Err(error) if error.store_error().is_some_and(StoreError::is_disconnect) => attempt(),
        result => result,
    }
}
