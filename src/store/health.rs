//! Watches whether the database serves, with a thread and a connection of its own, so that load
//! never gets in its way; and handles outages.
//!
//! One thread probes the database. A second one, the supervisor, never talks to the database and
//! only watches the time. It gives up threads that wait for a silent server, the probe included.

use std::slice;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text};
use tokio::sync::watch;

use super::connection::{Backend, Conn, Purpose, STATEMENT_LIMIT, on};
use super::crew::{Crew, Desk};
use super::error::{StoreError, StoreResult};
use super::liveliness::Liveliness;
use super::pulse::StatementWatch;
use super::schema;
use super::source::{Closed, Connected, Source};

/// How often the database is probed.
const ROUND: Duration = Duration::from_millis(250);
/// How often the supervisor checks the time.
const TICK: Duration = Duration::from_millis(100);
/// After this time the probe checks whether the server knows of a statement.
const SUSPICION: Duration = Duration::from_millis(1500);
/// After this time a thread is given up, whatever the server knows.
const END: Duration = STATEMENT_LIMIT.saturating_add(Duration::from_secs(2));
/// How old a report may be to answer a health check.
const FRESH: Duration = Duration::from_millis(500);
/// How long a health check waits for a report: less than the clients that make it.
const PATIENCE: Duration = Duration::from_secs(2);

/// The result of a probe.
#[derive(Clone, Debug)]
struct Report {
    at: Instant,
    /// Whether the result covers writes.
    of_writes: bool,
    outcome: Result<(), String>,
}

/// What the threads share.
struct Shared {
    source: Arc<Source>,
    liveliness: Arc<Liveliness>,
    reports: watch::Sender<Option<Report>>,
    state: Mutex<State>,
    wake: Condvar,
    /// The crews whose threads may be waiting for a silent server.
    crews: Vec<Arc<Crew>>,
    /// The names of the connections that were given up and whose sessions have not been ended yet.
    given_up: Mutex<Vec<String>>,
}

#[derive(Default)]
struct State {
    /// Whether a health check asks if writes succeed.
    asked: bool,
    stopped: bool,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the connections that have been waiting for longer than this.
    fn waiting_longer_than(&self, limit: Duration) -> Vec<Arc<StatementWatch>> {
        self.crews.iter().flat_map(|crew| crew.waiting_longer_than(limit)).collect()
    }

    /// Gives up the threads of these crews that wait on one of these connections.
    fn give_up(&self, crews: &[Arc<Crew>], dead: &[Arc<StatementWatch>]) {
        if dead.is_empty() {
            return;
        }
        let mut given_up = self.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        given_up.extend(dead.iter().map(|pulse| pulse.name().to_owned()));
        drop(given_up);
        crews.iter().for_each(|crew| crew.give_up(dead));
    }

    /// Waits for the next round, or less long if a health check asks. Returns whether there is a
    /// next round, and whether a check asked.
    fn pause(&self, pause: Duration) -> (bool, bool) {
        let state = self.state();
        let (mut state, _) = self
            .wake
            .wait_timeout_while(state, pause, |state| !state.asked && !state.stopped)
            .unwrap_or_else(PoisonError::into_inner);
        (!state.stopped, std::mem::take(&mut state.asked))
    }
}

/// The probe and the supervisor. They end when this is dropped.
pub struct Health {
    shared: Arc<Shared>,
    asker: Arc<Crew>,
    stop: Option<Sender<()>>,
    supervisor: Option<JoinHandle<()>>,
}

impl Health {
    /// Starts to watch the database and these crews.
    ///
    /// # Errors
    /// Fails if a thread cannot be started.
    pub fn watch(
        source: &Arc<Source>,
        liveliness: &Arc<Liveliness>,
        crews: Vec<Arc<Crew>>,
    ) -> StoreResult<Self> {
        let shared = Arc::new(Shared {
            source: Arc::clone(source),
            liveliness: Arc::clone(liveliness),
            reports: watch::Sender::new(None),
            state: Mutex::default(),
            wake: Condvar::new(),
            crews,
            given_up: Mutex::default(),
        });
        let asking = Arc::clone(&shared);
        let asker = Arc::new(Crew::start("health", 1, move |desk| ask(&asking, desk))?);
        let (stop, stopped) = channel();
        let (supervised, asked) = (Arc::clone(&shared), Arc::clone(&asker));
        let supervisor = std::thread::Builder::new()
            .name("supervisor".to_owned())
            .spawn(move || {
                while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                    supervise(&supervised, &asked);
                }
            })
            .map_err(|error| StoreError::Connection(error.to_string()))?;
        Ok(Self { shared, asker, stop: Some(stop), supervisor: Some(supervisor) })
    }

    /// Checks that the database can be read and written now.
    ///
    /// # Errors
    /// Returns why it cannot.
    pub async fn check(&self) -> Result<(), String> {
        let mut reports = self.shared.reports.subscribe();
        let since = Instant::now().checked_sub(FRESH);
        {
            let report = reports.borrow();
            let is_fresh = report.as_ref().is_some_and(|report| is_about(report, since));
            if !is_fresh {
                self.shared.state().asked = true;
                self.shared.wake.notify_all();
            }
        }
        let fresh = reports
            .wait_for(|report| report.as_ref().is_some_and(|report| is_about(report, since)));
        match tokio::time::timeout(PATIENCE, fresh).await {
            Ok(Ok(report)) => report.as_ref().map_or(Ok(()), |report| report.outcome.clone()),
            Ok(Err(_)) => Err("the server is stopping".to_owned()),
            Err(_) => Err(format!("the database did not answer within {} s", PATIENCE.as_secs())),
        }
    }
}

fn is_about(report: &Report, since: Option<Instant>) -> bool {
    let is_recent = since.is_none_or(|since| report.at >= since);
    is_recent && (report.of_writes || report.outcome.is_err())
}

impl Drop for Health {
    fn drop(&mut self) {
        self.shared.state().stopped = true;
        self.shared.wake.notify_all();
        // The probe may be waiting for a server; the supervisor gives it up in time.
        self.asker.join();
        drop(self.stop.take());
        if let Some(supervisor) = self.supervisor.take()
            && supervisor.join().is_err()
        {
            log::error!("the supervisor panicked");
        }
    }
}

/// Gives up the threads that have waited too long, whatever the server knows of their statements.
fn supervise(shared: &Shared, asker: &Arc<Crew>) {
    let dead = asker.waiting_longer_than(SUSPICION);
    if !dead.is_empty() {
        if dead.iter().any(|pulse| pulse.is_connecting()) {
            be_unreachable(shared, "a new connection was not made in time".to_owned());
        }
        shared.give_up(slice::from_ref(asker), &dead);
    }
    let dead = shared.waiting_longer_than(END);
    if !dead.is_empty() {
        shared.source.forget_all();
        shared.give_up(&shared.crews, &dead);
    }
    shared.crews.iter().chain([asker]).for_each(|crew| crew.fill());
}

/// Probes the database, round after round.
fn ask(shared: &Shared, desk: &Desk) {
    let mut connected = None;
    let (mut asked, mut served) = (false, true);
    // A thread that replaces a given-up one may start only after the server has stopped.
    while !shared.state().stopped {
        let outcome = round(shared, desk, &mut connected, asked);
        if desk.is_given_up() {
            return;
        }
        match (&outcome, served) {
            (Err(error), true) => log::error!("the database is unavailable: {error}"),
            (Ok(_), false) => log::info!("the database is available again"),
            _ => {}
        }
        served = outcome.is_ok();
        let (of_writes, outcome) = match outcome {
            Ok(of_writes) => (of_writes, Ok(())),
            Err(error) => (true, Err(error.to_string())),
        };
        shared.reports.send_replace(Some(Report { at: Instant::now(), of_writes, outcome }));
        let goes_on;
        (goes_on, asked) = shared.pause(ROUND);
        if !goes_on {
            return;
        }
    }
}

/// Probes once. Returns whether the result covers writes.
fn round(
    shared: &Shared,
    desk: &Desk,
    connected: &mut Option<Connected>,
    asked: bool,
) -> StoreResult<bool> {
    shared.source.check_file()?;
    let open = match connected {
        Some(open) => open,
        None => connected.insert(connect(shared, desk)?),
    };
    let looked = look(shared, &mut open.conn, asked);
    if looked.as_ref().is_err_and(StoreError::is_disconnect) {
        *connected = None;
        shared.source.forget_all();
        // Try again at once: the database may serve on a new connection.
        let open = connected.insert(connect(shared, desk)?);
        return look(shared, &mut open.conn, asked);
    }
    looked
}

/// Refuses requests from now on and gives up the threads that are waiting.
fn be_unreachable(shared: &Shared, reason: String) {
    shared.source.set_closed(Some(Closed::Unreachable(reason)));
    shared.give_up(&shared.crews, &shared.waiting_longer_than(SUSPICION));
}

/// Connects. On failure, refuses requests and gives up the threads that are waiting.
fn connect(shared: &Shared, desk: &Desk) -> StoreResult<Connected> {
    match shared.source.connect_at(desk, Purpose::Watch) {
        Err(error) if !desk.is_given_up() && !matches!(error, StoreError::Displaced(_)) => {
            be_unreachable(shared, error.reason());
            Err(error)
        }
        outcome => outcome,
    }
}

fn look(shared: &Shared, conn: &mut Conn, asked: bool) -> StoreResult<bool> {
    match schema::require(conn) {
        Ok(schema) => {
            shared.source.learn(conn, &schema)?;
            shared.source.set_closed(None);
        }
        Err(StoreError::Schema(reason)) => {
            shared.source.set_closed(Some(Closed::Schema(reason.clone())));
            return Err(StoreError::Schema(reason));
        }
        Err(error) => return Err(error),
    }
    give_up_unknown(shared, conn)?;
    end_given_up(shared, conn)?;
    if shared.liveliness.wrote_within(FRESH) {
        return Ok(true);
    }
    if asked {
        try_writing(shared, conn)?;
    }
    Ok(asked)
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Gives up the threads that wait for an answer to a statement that the server does not know of.
fn give_up_unknown(shared: &Shared, conn: &mut Conn) -> StoreResult<()> {
    let Backend::Postgres(connection) = &mut conn.backend else { return Ok(()) };
    let waiting = shared.waiting_longer_than(SUSPICION);
    if waiting.is_empty() {
        return Ok(());
    }
    // A server that does not track what its sessions do reports the state `disabled`.
    let working: Vec<Named> = diesel::sql_query(
        "SELECT application_name AS name FROM pg_stat_activity \
         WHERE starts_with(application_name, $1) AND state NOT LIKE 'idle%'",
    )
    .bind::<Text, _>(shared.source.node())
    .load(connection)?;
    let is_known = |pulse: &StatementWatch| working.iter().any(|known| known.name == pulse.name());
    let dead: Vec<Arc<StatementWatch>> =
        waiting.into_iter().filter(|pulse| !is_known(pulse)).collect();
    if !dead.is_empty() {
        shared.source.forget_all();
        shared.give_up(&shared.crews, &dead);
    }
    Ok(())
}

/// Ends the sessions of given-up threads, so that they release their locks. If the end of the
/// connection reaches a thread, although nothing else did, the thread is free, too.
fn end_given_up(shared: &Shared, conn: &mut Conn) -> StoreResult<()> {
    let Backend::Postgres(connection) = &mut conn.backend else { return Ok(()) };
    let names =
        std::mem::take(&mut *shared.given_up.lock().unwrap_or_else(PoisonError::into_inner));
    if names.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE application_name = ANY($1) AND pid <> pg_backend_pid()",
    )
    .bind::<Array<Text>, _>(names)
    .execute(connection)?;
    Ok(())
}

/// Writes a row without changing it and commits. A lock that other writers, or this server's own,
/// may hold is not a failure.
fn try_writing(shared: &Shared, conn: &mut Conn) -> StoreResult<()> {
    use super::tables::key_versions;
    if matches!(conn.backend, Backend::Sqlite(_)) && shared.liveliness.is_writing() {
        return Ok(());
    }
    let written = on!(conn, connection => diesel::update(key_versions::table)
        .set(key_versions::version.eq(key_versions::version))
        .execute(connection));
    match written.map_err(StoreError::from) {
        Err(error) if error.is_held() && is_ours(shared, conn) => Ok(()),
        Err(error) => Err(error),
        Ok(_) => writable(conn),
    }
}

/// Returns `true` if only other writers of PostgreSQL, or this server's own writer, can hold the
/// lock.
fn is_ours(shared: &Shared, conn: &Conn) -> bool {
    matches!(conn.backend, Backend::Postgres(_))
        || shared.liveliness.is_writing()
        || shared.liveliness.wrote_within(PATIENCE)
}

#[derive(QueryableByName)]
struct ReadOnly {
    #[diesel(sql_type = Bool)]
    read_only: bool,
}

/// Checks that the server is not read-only. A session from before it became so can still write, but
/// a new one cannot.
fn writable(conn: &mut Conn) -> StoreResult<()> {
    let Backend::Postgres(connection) = &mut conn.backend else { return Ok(()) };
    let found: ReadOnly = diesel::sql_query(
        "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean \
         AS read_only",
    )
    .get_result(connection)?;
    if found.read_only {
        Err(StoreError::Connection("the database is read-only".to_owned()))
    } else {
        Ok(())
    }
}
