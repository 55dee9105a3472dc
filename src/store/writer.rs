//! Writer threads that commit several waiting transactions at once.
//!
//! A commit costs one flush to disk, however many transactions it contains. While one flush runs,
//! the next transactions wait in the queue. They then run one after the other, share the next
//! flush, and are answered after it. If one of them fails, the whole batch is rolled back and runs
//! again with a savepoint for each transaction, so that only the failed one is undone. The
//! following batches use savepoints, too, because refusals tend to come in bursts. As long as
//! nothing fails, no transaction pays for savepoints.
//!
//! SQLite has one writer, which takes jobs from all accounts in turn. PostgreSQL has several: the
//! transactions of an account are with only one of them at a time, and each locks the account's row
//! against other nodes. If the row is locked, the jobs are put aside for a while, so that other
//! accounts do not wait for the lock.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;

use super::audit;
use super::connection::{Backend, Conn, Purpose};
use super::crew::{Answerable, Crew, Desk};
use super::error::{StoreError, StoreResult, TransactionError};
use super::liveliness::{Liveliness, Outcome};
use super::queue::{Bounds, Full, Queue};
use super::reply::Reply;
use super::source::{Connected, Source};
use super::transaction::{Journal, Transaction, begin, commit, rollback};
use super::turn::Asker;
use super::write_context::{Scope, WriteContext};
use crate::enterprise::{AccountPk, Clock, Timestamp};

/// The most transactions that share one commit. It bounds how long the first waits for the last.
const BATCH: usize = 64;
/// The most transactions that may wait. Beyond it the server answers that it is overloaded.
const QUEUE: usize = 8192;
/// The most transactions of one account that may wait.
const QUEUE_OF_EACH: usize = 2048;
/// The most transactions of unauthenticated clients ("strangers") that may wait.
const QUEUE_OF_STRANGERS: usize = 64;
/// How often a transaction is tried before a retryable error is returned.
const TRIES: usize = 5;
/// How many batches after a refusal use savepoints.
const ISOLATED_BATCHES: usize = 32;
/// How long a transaction may wait for its turn and for locks.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest time for which an account is put aside because its row is locked.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// What all writers share.
pub struct Shared {
    pub source: Arc<Source>,
    /// The clock that transactions read.
    pub clock: Clock,
    /// Incremented by each commit that may change who is admitted.
    pub admissions: Arc<AtomicU64>,
    /// Records when something was last written.
    pub liveliness: Arc<Liveliness>,
}

/// The queue of transactions and the threads that serve it.
pub struct Writers {
    queue: Arc<Queue<Box<dyn Job>>>,
    crew: Arc<Crew>,
}

impl Writers {
    /// Starts the writers: one for the embedded database, otherwise `threads`.
    ///
    /// # Errors
    /// Fails if a thread cannot be started.
    pub fn start(shared: Shared, threads: usize) -> StoreResult<Self> {
        let embedded = shared.source.is_embedded();
        let at_once = if embedded { usize::MAX } else { 1 };
        let queue = Arc::new(Queue::new(Bounds {
            all: QUEUE,
            each: QUEUE_OF_EACH,
            strangers: QUEUE_OF_STRANGERS,
            at_once,
        }));
        let jobs = Arc::clone(&queue);
        let crew = Crew::start("writer", if embedded { 1 } else { threads }, move |desk| {
            let mut writer = Writer { shared: &shared, desk, connected: None, isolated: 0 };
            if embedded { writer.serve_together(&jobs) } else { writer.serve(&jobs) }
        })?;
        Ok(Self { queue, crew: Arc::new(crew) })
    }

    pub fn crew(&self) -> Arc<Crew> {
        Arc::clone(&self.crew)
    }

    /// Queues a transaction and returns its result when it is durable. A transaction is skipped if
    /// its caller goes away before it begins.
    ///
    /// The work may run more than once (for example after a conflict with another node), but only
    /// one run takes effect.
    pub async fn write<T, E>(
        &self,
        by: WriteContext,
        work: impl FnMut(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: TransactionError,
    {
        let (reply, result) = Reply::new();
        let lane = by.lane();
        let job = Box::new(Task { by, work, outcome: None, reply, since: Instant::now() });
        self.queue.push(lane, job).map_err(|(full, _)| match full {
            Full::Waiting => StoreError::Overloaded,
            Full::Closed => StoreError::Stopping,
        })?;
        result.await.unwrap_or_else(|_| Err(StoreError::Stopping.into()))
    }

    /// Finishes what is queued and ends the threads.
    pub fn stop(&self) {
        self.queue.close();
        self.crew.join();
    }
}

impl Drop for Writers {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// A queued transaction with its types erased.
trait Job: Send {
    fn context(&self) -> &WriteContext;
    /// Returns when the job was queued.
    fn since(&self) -> Instant;
    /// Returns `true` if the caller still waits for the result.
    fn is_wanted(&self) -> bool;
    /// Returns the handle through which others can answer the job.
    fn reply(&self) -> Arc<dyn Answerable>;
    /// Runs the work and returns how its transaction should end.
    fn run(&mut self, conn: &mut Conn, now: Timestamp, journal: &mut Journal) -> Ending;
    /// Answers with the outcome of the last run, or with the failure that undid it.
    fn answer(self: Box<Self>, failure: Option<StoreError>);
}

enum Ending {
    Keep,
    Undo,
    /// Roll back and try again.
    Retry,
}

struct Task<F, T, E> {
    by: WriteContext,
    work: F,
    outcome: Option<Result<T, E>>,
    reply: Arc<Reply<T, E>>,
    since: Instant,
}

impl<F, T, E> Job for Task<F, T, E>
where
    F: FnMut(&mut Transaction<'_>) -> Result<T, E> + Send,
    T: Send + 'static,
    E: TransactionError,
{
    fn context(&self) -> &WriteContext {
        &self.by
    }

    fn since(&self) -> Instant {
        self.since
    }

    fn is_wanted(&self) -> bool {
        self.reply.waits()
    }

    fn reply(&self) -> Arc<dyn Answerable> {
        Arc::<Reply<T, E>>::clone(&self.reply)
    }

    fn run(&mut self, conn: &mut Conn, now: Timestamp, journal: &mut Journal) -> Ending {
        let mut transaction = Transaction::new(conn, now, &self.by.origin, journal);
        // A panic is a bug in a use case; it must not take the other transactions with it.
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.work)(&mut transaction)))
            .unwrap_or_else(|_| Err(StoreError::Panicked.into()));
        let ending = match &outcome {
            Ok(_) => Ending::Keep,
            Err(error) if error.store_error().is_some_and(retry_helps) => Ending::Retry,
            Err(_) => Ending::Undo,
        };
        self.outcome = Some(outcome);
        ending
    }

    fn answer(self: Box<Self>, failure: Option<StoreError>) {
        let result = match (failure, self.outcome) {
            (Some(failure), _) => Err(failure.into()),
            (None, Some(outcome)) => outcome,
            (None, None) => Err(StoreError::Stopping.into()),
        };
        self.reply.send(result);
    }
}

fn retry_helps(error: &StoreError) -> bool {
    error.is_retryable() || error.is_disconnect()
}

/// The state of one writer thread.
struct Writer<'a> {
    shared: &'a Shared,
    desk: &'a Desk,
    connected: Option<Connected>,
    /// For how many more batches savepoints are used.
    isolated: usize,
}

/// How several jobs run in one transaction.
#[derive(Clone, Copy, PartialEq)]
enum BatchMode {
    /// One after the other; a refusal rolls back all of them.
    Plain,
    /// Each in a savepoint.
    Savepoints,
}

/// How an attempt ended.
#[derive(PartialEq)]
enum Attempt {
    /// Everything that was not refused is durable.
    Done,
    /// Another transaction holds the account's lock; nothing has run.
    Held,
    /// Everything was rolled back, because one job was refused.
    Refused,
}

impl Writer<'_> {
    /// Serves one account after the other. Each account commits separately, so that no two nodes
    /// can deadlock on each other's accounts.
    fn serve(&mut self, queue: &Arc<Queue<Box<dyn Job>>>) {
        while let Some((scope, jobs)) = queue.take(BATCH) {
            let turns = Arc::clone(queue);
            let replies = jobs.iter().map(|job| job.reply()).collect();
            self.desk.begin(replies, Box::new(move || turns.done(scope)));
            let mut held = Held::default();
            for jobs in apart(scope, in_time(jobs, &self.shared.source)) {
                held.add(self.commit_in_order(jobs));
            }
            if !held.is_empty() && !self.desk.is_given_up() {
                queue.put_aside(scope, held.jobs, held.pause);
            }
            if !self.desk.end() {
                return;
            }
        }
    }

    /// Serves all accounts at once, one job of each in turn.
    fn serve_together(&mut self, queue: &Arc<Queue<Box<dyn Job>>>) {
        while let Some(taken) = queue.take_in_turn(BATCH) {
            let (scopes, jobs): (Vec<Scope>, Vec<_>) = taken.into_iter().unzip();
            let turns = Arc::clone(queue);
            let replies = jobs.iter().map(|job| job.reply()).collect();
            let release = move || scopes.into_iter().for_each(|scope| turns.done(scope));
            self.desk.begin(replies, Box::new(release));
            let jobs = in_time(jobs, &self.shared.source);
            if !jobs.is_empty() {
                for (job, failure) in self.commit_together(jobs) {
                    job.answer(Some(failure));
                }
            }
            if !self.desk.end() {
                return;
            }
        }
    }

    /// Commits the jobs of one account. Returns, in their order, those that have to wait for a
    /// lock.
    fn commit_in_order(&mut self, mut jobs: Vec<Box<dyn Job>>) -> Held {
        while !jobs.is_empty() {
            let rest = jobs.split_off(together(&jobs));
            let held = self.commit_together(jobs);
            if held.is_empty() {
                jobs = rest;
                continue;
            }
            let waited = held.iter().map(|(job, _)| job.since().elapsed()).max();
            let waited = waited.unwrap_or_default();
            if waited < PATIENCE && !self.desk.is_given_up() {
                // Back off: the longer the jobs have waited, the rarer the attempts.
                let pause = (waited / 2).clamp(Duration::from_millis(20), LONGEST_PAUSE);
                let jobs = held.into_iter().map(|(job, _)| job).chain(rest).collect();
                return Held { jobs, pause };
            }
            for (job, failure) in held {
                job.answer(Some(failure));
            }
            jobs = rest;
        }
        Held::default()
    }

    /// Runs the jobs in one transaction. If that fails for a reason that another try may overcome,
    /// runs each in a transaction of its own. Returns the jobs that met a lock.
    fn commit_together(&mut self, mut jobs: Vec<Box<dyn Job>>) -> Vec<(Box<dyn Job>, StoreError)> {
        let manner = if self.isolated > 0 { BatchMode::Savepoints } else { BatchMode::Plain };
        self.isolated = self.isolated.saturating_sub(1);
        let mut attempt = self.attempt(&mut jobs, manner);
        if attempt.as_ref().is_err_and(StoreError::is_disconnect) && !self.desk.is_given_up() {
            // The connection was dead; a new one may work.
            attempt = self.attempt(&mut jobs, manner);
        }
        if let Ok(Attempt::Refused) = attempt {
            self.isolated = ISOLATED_BATCHES;
            attempt = self.attempt(&mut jobs, BatchMode::Savepoints);
        }
        match attempt {
            Ok(Attempt::Held) => jobs.into_iter().map(|job| (job, StoreError::Conflict)).collect(),
            Ok(_) => {
                jobs.into_iter().for_each(|job| job.answer(None));
                Vec::new()
            }
            Err(StoreError::OutcomeUnknown) => {
                jobs.into_iter().for_each(|job| job.answer(Some(StoreError::OutcomeUnknown)));
                Vec::new()
            }
            Err(error) if error.is_out_of_reach() => {
                jobs.into_iter().for_each(|job| job.answer(Some(error.again())));
                Vec::new()
            }
            Err(_) => jobs.into_iter().filter_map(|job| self.commit_alone(job)).collect(),
        }
    }

    /// Runs one job until it is answered. Returns it if it met a lock.
    fn commit_alone(&mut self, job: Box<dyn Job>) -> Option<(Box<dyn Job>, StoreError)> {
        let mut job = [job];
        let mut tries = 1;
        let failure = loop {
            match self.attempt(&mut job, BatchMode::Savepoints) {
                Ok(Attempt::Held) => {
                    let [job] = job;
                    return Some((job, StoreError::Conflict));
                }
                Ok(_) => break None,
                Err(error) if tries < TRIES && retry_helps(&error) && !self.desk.is_given_up() => {
                    tries += 1;
                }
                Err(error) => break Some(error),
            }
        };
        let [job] = job;
        match failure {
            Some(StoreError::Conflict) => Some((job, StoreError::Conflict)),
            failure => {
                job.answer(failure);
                None
            }
        }
    }

    /// Runs one transaction with all the jobs. On an error, none of it has taken effect, unless the
    /// error is [`StoreError::OutcomeUnknown`].
    fn attempt(&mut self, jobs: &mut [Box<dyn Job>], manner: BatchMode) -> StoreResult<Attempt> {
        let Shared { source, clock, admissions, liveliness } = self.shared;
        source.check_open()?;
        source.check_file()?;
        let kept = self.connected.take().filter(|connected| source.is_current(connected));
        let mut connected = match kept {
            Some(connected) => connected,
            None => source.connect_at(self.desk, Purpose::Write)?,
        };
        liveliness.begin();
        let outcome = run_all(&mut connected.conn, clock, jobs, manner, self.desk);
        // A commit to a file that has been replaced may be lost: do not report it as done.
        let outcome = match outcome {
            Ok(Attempt::Done) if source.check_file().is_err() => Err(StoreError::OutcomeUnknown),
            outcome => outcome,
        };
        liveliness.end(match &outcome {
            Ok(Attempt::Done) => Outcome::Committed,
            // The writer is alone in this process, so another process holds the embedded database.
            Ok(Attempt::Held) if source.is_embedded() => Outcome::Failed,
            Ok(Attempt::Held | Attempt::Refused) => Outcome::Undone,
            Err(_) => Outcome::Failed,
        });
        // Incremented before the jobs are answered, so that a client that has its answer also sees
        // the new number.
        if jobs.iter().any(|job| !job.context().keeps_admissions) {
            admissions.fetch_add(1, Ordering::SeqCst);
        }
        match &outcome {
            Ok(_) => self.connected = Some(connected),
            // If one connection is lost, the others usually are, too. After any other failure the
            // state of the connection is unknown, and a new one is cheap by comparison.
            Err(error) if error.is_disconnect() => source.forget_all(),
            Err(StoreError::OutcomeUnknown) => source.forget_all(),
            Err(_) => {}
        }
        outcome
    }
}

/// Jobs that wait for a lock, and for how long.
#[derive(Default)]
struct Held {
    jobs: Vec<Box<dyn Job>>,
    pause: Duration,
}

impl Held {
    const fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    fn add(&mut self, more: Self) {
        self.jobs.extend(more.jobs);
        self.pause = self.pause.max(more.pause);
    }
}

/// Groups the jobs of a lane by account, in order. The lane of strangers contains several accounts:
/// a locked one must not hold up the others.
fn apart(lane: Scope, jobs: Vec<Box<dyn Job>>) -> Vec<Vec<Box<dyn Job>>> {
    if lane != Scope::STRANGERS {
        return vec![jobs];
    }
    let mut apart: Vec<Vec<Box<dyn Job>>> = Vec::new();
    for job in jobs {
        let scope = job.context().scope;
        match apart.iter_mut().find(|jobs| jobs.iter().any(|job| job.context().scope == scope)) {
            Some(together) => together.push(job),
            None => apart.push(vec![job]),
        }
    }
    apart
}

/// Returns the jobs that are still wanted. Answers those that have waited too long.
fn in_time(jobs: Vec<Box<dyn Job>>, source: &Source) -> Vec<Box<dyn Job>> {
    let mut wanted = Vec::with_capacity(jobs.len());
    for job in jobs {
        if !job.is_wanted() {
            job.answer(Some(StoreError::Unwanted));
        } else if job.since().elapsed() > PATIENCE {
            let failure = source.in_vain(StoreError::Overloaded);
            job.answer(Some(failure));
        } else {
            wanted.push(job);
        }
    }
    wanted
}

/// Returns how many of the first jobs write to the same single account, and so may share a
/// transaction.
fn together(jobs: &[Box<dyn Job>]) -> usize {
    let Some(first) = jobs.first().map(|job| job.context()) else { return 0 };
    if first.and.is_some() {
        return 1;
    }
    let same = |by: &&WriteContext| by.scope == first.scope && by.and.is_none();
    jobs.iter().map(|job| job.context()).take_while(same).count()
}

fn run_all(
    conn: &mut Conn,
    clock: &Clock,
    jobs: &mut [Box<dyn Job>],
    manner: BatchMode,
    desk: &Desk,
) -> StoreResult<Attempt> {
    match begin(conn) {
        Err(error) if error.is_held() => return Ok(Attempt::Held),
        begun => begun?,
    }
    // On PostgreSQL, all jobs of a transaction write to the same accounts (see `together`). SQLite
    // has no row to lock: it locks the whole database when the transaction begins.
    if let Some(job) = jobs.first() {
        for scope in job.context().accounts() {
            match lock_account(conn, scope) {
                Err(error) if error.is_held() => {
                    rollback(conn)?;
                    return Ok(Attempt::Held);
                }
                locked => locked?,
            }
        }
    }
    let now = clock.now();
    let alone = jobs.len() == 1;
    let mut journal = Journal { isolated: manner == BatchMode::Savepoints, ..Journal::default() };
    // A job that is alone needs no savepoint: rolling back the transaction undoes it.
    let savepoints = !alone && journal.isolated;
    for job in jobs.iter_mut() {
        let noted = journal.changes.len();
        if savepoints {
            begin(conn)?;
        }
        let ending = job.run(conn, now, &mut journal);
        if journal.refused {
            rollback(conn)?;
            return Ok(Attempt::Refused);
        }
        match ending {
            Ending::Keep if savepoints => commit(conn)?,
            Ending::Keep => {}
            Ending::Undo if savepoints => {
                rollback(conn)?;
                journal.changes.truncate(noted);
            }
            Ending::Undo => {
                rollback(conn)?;
                return Ok(if alone { Attempt::Done } else { Attempt::Refused });
            }
            Ending::Retry => return Err(StoreError::Conflict),
        }
    }
    audit::write(conn, &journal.changes)?;
    if desk.is_given_up() {
        // The supervisor has given this thread up and told the callers that the outcome is unknown,
        // so there is no need to commit.
        return Err(StoreError::OutcomeUnknown);
    }
    match commit(conn) {
        Ok(()) => Ok(Attempt::Done),
        Err(error) if error.is_disconnect() => Err(StoreError::OutcomeUnknown),
        Err(error) => Err(error),
    }
}

/// Locks the account's row against other nodes until the transaction ends.
fn lock_account(conn: &mut Conn, scope: Scope) -> StoreResult<()> {
    use super::tables::enterprises;
    if let Backend::Postgres(connection) = &mut conn.backend {
        enterprises::table
            .filter(enterprises::pk.eq(scope.0))
            .select(enterprises::pk)
            .for_update()
            .first::<AccountPk>(connection)
            .optional()?;
    }
    Ok(())
}
