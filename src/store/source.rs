//! Where connections come from: which of several servers, under which name, and whether connecting
//! makes sense at the moment.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use url::Url;
use uuid::Uuid;

use super::connection::{Conn, DatabaseUrl, Purpose};
use super::crew::Desk;
use super::cursor_keys;
use super::database_file::Watched;
use super::error::{StoreError, StoreResult};
use super::postgres_tls;
use super::pulse::StatementWatch;
use super::rekey;
use super::schema::Schema;
use crate::enterprise::secret::{Keyring, SecretKey};

/// The connect timeout in seconds, if the URL does not set one.
const CONNECT: u64 = 2;

/// How long after a failure reader and writer threads may be missing because they still wait for
/// silent servers.
const AFTERMATH: Duration = Duration::from_secs(30);

/// Parameters that are added to the URL unless it sets them: the connect timeout in seconds, and
/// when an unresponsive peer is given up, in seconds (keepalives) and milliseconds.
const DEFAULTS: [(&str, &str); 5] = [
    ("connect_timeout", "2"),
    ("keepalives_idle", "5"),
    ("keepalives_interval", "2"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "10000"),
];

/// A connection, and the generation that it belongs to.
pub struct Connected {
    pub conn: Conn,
    life: u64,
}

/// The database as seen by the threads that connect to it.
pub struct Source {
    /// One URL per server.
    urls: Vec<DatabaseUrl>,
    /// The index of the server that answered last.
    good: AtomicUsize,
    /// The prefix of the names of this node's connections, which contains the version of the rules
    /// for keys that the node follows, and how many were made so far.
    node: String,
    made: AtomicU64,
    /// The current generation: incremented when connections were found dead.
    life: AtomicU64,
    /// The timeout for connecting to one server.
    connecting_within: Duration,
    /// Why requests are refused at the moment, if they are.
    closed: Mutex<Option<Closed>>,
    /// When the database last failed to answer.
    failed: Mutex<Option<Instant>>,
    /// The embedded database's file, once it is open.
    file: OnceLock<Watched>,
    /// The key that seals cursors, once the schema has it.
    cursor_key: OnceLock<Arc<SecretKey>>,
    /// The keys that seal waiting mail, if there are any.
    keyring: Arc<OnceLock<Arc<Keyring>>>,
}

/// Why requests are refused without trying to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    /// No server can be reached; contains the error.
    Unreachable(String),
    /// This release does not serve the schema.
    Schema(String),
}

impl Source {
    /// Creates a source for the database behind this URL.
    pub fn new(url: &DatabaseUrl) -> Self {
        let urls = match url {
            DatabaseUrl::Sqlite(_) => vec![url.clone()],
            DatabaseUrl::Postgres(url) => {
                servers(url).into_iter().map(DatabaseUrl::Postgres).collect()
            }
        };
        let mut node = Uuid::new_v4().simple().to_string();
        node.truncate(12);
        Self {
            urls,
            good: AtomicUsize::new(0),
            node: format!("insomnia-scim/{node}.{}/", rekey::VERSION),
            made: AtomicU64::new(0),
            life: AtomicU64::new(0),
            connecting_within: connecting_within(url),
            closed: Mutex::new(None),
            failed: Mutex::new(None),
            file: OnceLock::new(),
            cursor_key: OnceLock::new(),
            keyring: Arc::default(),
        }
    }

    /// Returns the prefix of the names of this node's connections.
    pub fn node(&self) -> &str {
        &self.node
    }

    /// Returns `true` if other nodes can serve the database, too.
    pub fn is_shared(&self) -> bool {
        !self.urls.iter().any(|url| matches!(url, DatabaseUrl::Sqlite(_)))
    }

    /// Loads what this release needs from a database with this schema.
    pub fn learn(&self, conn: &mut Conn, schema: &Schema) -> StoreResult<()> {
        if *schema == Schema::Current && self.cursor_key.get().is_none() {
            let key = cursor_keys::get(conn)?;
            self.cursor_key.get_or_init(|| key);
        }
        Ok(())
    }

    /// Sets the keys that seal waiting mail. Only the first call has an effect.
    pub fn seal_with(&self, keys: Arc<Keyring>) {
        self.keyring.get_or_init(|| keys);
    }

    pub fn keyring(&self) -> Option<Arc<Keyring>> {
        self.keyring.get().cloned()
    }

    /// Returns the key that seals cursors, or `None` while the schema is the previous release's.
    pub fn cursor_key(&self) -> Option<Arc<SecretKey>> {
        self.cursor_key.get().cloned()
    }

    pub fn is_embedded(&self) -> bool {
        matches!(self.urls.first(), Some(DatabaseUrl::Sqlite(_)))
    }

    /// Pins the embedded database to this file: from now on, no connection is made to another one.
    pub fn keep_to(&self, file: Watched) {
        self.file.get_or_init(|| file);
    }

    /// Checks that the embedded database's file is still the one that was opened.
    ///
    /// # Errors
    /// Returns [`StoreError::Displaced`] if it is not.
    pub fn check_file(&self) -> StoreResult<()> {
        self.file.get().map_or(Ok(()), |file| file.check())
    }

    /// Connects on behalf of the thread at this desk, which the supervisor may give up meanwhile.
    pub fn connect_at(&self, desk: &Desk, purpose: Purpose) -> StoreResult<Connected> {
        self.connect_noting(purpose, |pulse| desk.connect(pulse))
    }

    /// Connects to the server that answered last, or else to one of the others.
    ///
    /// # Errors
    /// Returns [`StoreError::Connection`] with the error of each server, and
    /// [`StoreError::Displaced`] if another file has taken the place of the open one: SQLite finds
    /// the log by name and would take it for the new file's.
    pub fn connect(&self, purpose: Purpose) -> StoreResult<Connected> {
        self.connect_noting(purpose, |_| {})
    }

    fn connect_noting(
        &self,
        purpose: Purpose,
        note: impl Fn(&Arc<StatementWatch>),
    ) -> StoreResult<Connected> {
        self.check_file()?;
        let life = self.life.load(Ordering::SeqCst);
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let pulse =
            Arc::new(StatementWatch::new(format!("{}{number}", self.node), self.connecting_within));
        note(&pulse);
        let first = self.good.load(Ordering::Relaxed);
        let mut refusals = Vec::new();
        for position in (0..self.urls.len()).map(|step| (first + step) % self.urls.len()) {
            let Some(url) = self.urls.get(position) else { continue };
            pulse.connect();
            let opened = Conn::open(&named(url, pulse.name()), purpose, Some(&pulse));
            pulse.connected();
            match opened {
                Ok(mut conn) => {
                    conn.keyring = Arc::clone(&self.keyring);
                    self.good.store(position, Ordering::Relaxed);
                    return Ok(Connected { conn, life });
                }
                Err(error) => refusals.push(error.reason()),
            }
        }
        Err(StoreError::Connection(refusals.join("; ")))
    }

    /// Returns `true` if the connection belongs to the current generation.
    pub fn is_current(&self, connected: &Connected) -> bool {
        connected.life == self.life.load(Ordering::SeqCst)
    }

    /// Starts a new generation after a connection was found dead: no existing connection is used
    /// again.
    pub fn forget_all(&self) {
        self.life.fetch_add(1, Ordering::SeqCst);
        self.note_failure();
    }

    fn note_failure(&self) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Returns the error for a caller that waited in vain: the refusal, or the database's failure
    /// if that is recent enough to be the cause.
    pub fn in_vain(&self, refusal: StoreError) -> StoreError {
        match *self.failed.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(failed) if failed.elapsed() < AFTERMATH => {
                StoreError::Connection("the database did not answer in time".to_owned())
            }
            _ => refusal,
        }
    }

    /// Starts or stops refusing requests.
    pub fn set_closed(&self, closed: Option<Closed>) {
        if closed.is_some() {
            self.note_failure();
        }
        *self.closed.lock().unwrap_or_else(PoisonError::into_inner) = closed;
    }

    /// Checks that requests are not refused at the moment.
    ///
    /// # Errors
    /// Returns [`StoreError::Connection`] if no server can be reached and [`StoreError::Schema`] if
    /// this release does not serve the schema.
    pub fn check_open(&self) -> StoreResult<()> {
        match &*self.closed.lock().unwrap_or_else(PoisonError::into_inner) {
            None => Ok(()),
            Some(Closed::Unreachable(reason)) => Err(StoreError::Connection(reason.clone())),
            Some(Closed::Schema(reason)) => Err(StoreError::Schema(reason.clone())),
        }
    }
}

/// Splits the URL into one per server, with the default parameters. If there are several servers,
/// only one that accepts writes will do.
fn servers(url: &str) -> Vec<String> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let authority_end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(authority_end);
    let (user, hosts) = match authority.rsplit_once('@') {
        Some((user, hosts)) => (format!("{user}@"), hosts),
        None => (String::new(), authority),
    };
    let hosts: Vec<&str> = hosts.split(',').collect();
    let several = hosts.len() > 1;
    hosts
        .into_iter()
        .map(|host| with_defaults(&format!("{scheme}://{user}{host}{tail}"), several))
        .collect()
}

/// Returns the timeout for connecting to a server: the one given to libpq plus a second for the
/// steps that libpq does not bound.
fn connecting_within(url: &DatabaseUrl) -> Duration {
    let DatabaseUrl::Postgres(url) = url else { return Duration::MAX };
    let said = Url::parse(url).ok().and_then(|url| {
        let mut pairs = url.query_pairs();
        pairs.find(|(name, _)| name == "connect_timeout").and_then(|(_, value)| value.parse().ok())
    });
    Duration::from_secs(said.unwrap_or(CONNECT).saturating_add(1))
}

/// Adds the connection's name to the URL. The server then knows the name before the connection is
/// made, so that a session whose thread was given up while connecting can be ended.
fn named<'a>(url: &'a DatabaseUrl, name: &str) -> Cow<'a, DatabaseUrl> {
    match url {
        DatabaseUrl::Sqlite(_) => Cow::Borrowed(url),
        DatabaseUrl::Postgres(url) => {
            let sign = if url.contains('?') { '&' } else { '?' };
            let name = name.replace('/', "%2F");
            Cow::Owned(DatabaseUrl::Postgres(format!("{url}{sign}application_name={name}")))
        }
    }
}

fn with_defaults(url: &str, one_of_several: bool) -> String {
    // Leave a URL that does not parse here to libpq, which reports what is wrong with it.
    let Ok(parsed) = Url::parse(url) else { return url.to_owned() };
    let said = |name: &str| parsed.query_pairs().any(|(known, _)| known == name);
    let target = ("target_session_attrs", "read-write");
    let mut with = url.to_owned();
    for (name, value) in DEFAULTS.into_iter().chain(one_of_several.then_some(target)) {
        if !said(name) {
            let sign = if with.contains('?') { '&' } else { '?' };
            with.push_str(&format!("{sign}{name}={value}"));
        }
    }
    postgres_tls::with_authorities(with)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_server_of_the_url_has_a_url_of_its_own() {
        let urls = servers("postgres://u:p@one:1,two/name?sslmode=disable");
        assert_eq!(urls.len(), 2);
        assert!(urls[0].starts_with("postgres://u:p@one:1/name?sslmode=disable&connect_timeout=2"));
        assert!(urls[1].starts_with("postgres://u:p@two/name?"), "{}", urls[1]);
        assert!(urls.iter().all(|url| url.ends_with("&target_session_attrs=read-write")));
    }

    #[test]
    fn what_the_url_says_counts() {
        let [url] = &servers("postgres://one/name?connect_timeout=9")[..] else { panic!() };
        assert!(url.contains("connect_timeout=9") && !url.contains("connect_timeout=2"), "{url}");
        assert!(!url.contains("target_session_attrs"), "{url}");
    }

    #[test]
    fn who_has_waited_through_a_failure_is_told_of_that() {
        let source = Source::new(&DatabaseUrl::Sqlite("x".to_owned()));
        let is_overload =
            || matches!(source.in_vain(StoreError::Overloaded), StoreError::Overloaded);
        assert!(is_overload());
        source.forget_all();
        assert!(!is_overload());
    }

    #[test]
    fn a_closed_source_says_why() {
        let source = Source::new(&DatabaseUrl::Sqlite("x".to_owned()));
        source.check_open().unwrap();
        source.set_closed(Some(Closed::Unreachable("no answer".to_owned())));
        assert!(source.check_open().unwrap_err().to_string().contains("no answer"));
        source.set_closed(None);
        source.check_open().unwrap();
    }
}
