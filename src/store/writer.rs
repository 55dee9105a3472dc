//! The writers: threads that take waiting transactions and commit several at once.
//!
//! A commit costs one flush to the disk however many transactions are in it. While one flush runs,
//! the next transactions wait in the queue; they then run one after the other, share the next flush,
//! and are answered after it. A transaction that fails undoes only itself: then all of them run
//! again, each in a savepoint of its own, and so do those of the next batches, because refusals come
//! in swarms. As long as nothing fails, nobody pays for savepoints.
//!
//! SQLite has one writer. PostgreSQL has several; an account's transactions always go to the same
//! one of a node, and hold the account's row against other nodes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use diesel::prelude::*;
use tokio::sync::oneshot;

use super::audit;
use super::by::{By, Scope};
use super::connection::{Conn, DatabaseUrl, Purpose};
use super::error::{StoreError, StoreResult, TransactionError};
use super::transaction::{Journal, Transaction, begin, commit, rollback};
use crate::enterprise::{Clock, Timestamp};

/// How many transactions share one commit at most: bounds how long the first waits for the last.
const BATCH: usize = 64;
/// How many transactions may wait; beyond it the server says that it is overloaded.
const QUEUE: usize = 8192;
/// How often a transaction is tried when the database asks for it.
const TRIES: usize = 5;
/// How many batches after a refusal use savepoints.
const WARY: usize = 32;
/// Writers towards PostgreSQL.
const POSTGRES_WRITERS: usize = 4;

/// The writers' entrance.
pub struct Writers {
    queues: Vec<SyncSender<Box<dyn Job>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Writers {
    /// Starts the writers.
    ///
    /// # Errors
    /// Where the first connection or a thread cannot be had.
    pub fn start(
        url: &DatabaseUrl,
        clock: &Clock,
        admissions: &Arc<AtomicU64>,
    ) -> StoreResult<Self> {
        let count = match url {
            DatabaseUrl::Sqlite(_) => 1,
            DatabaseUrl::Postgres(_) => POSTGRES_WRITERS,
        };
        let mut writers = Self { queues: Vec::new(), threads: Vec::new() };
        for number in 0..count {
            let (sender, receiver) = sync_channel(QUEUE);
            let mut writer = Writer {
                url: url.clone(),
                conn: Some(Conn::open(url, Purpose::Write)?),
                clock: clock.clone(),
                admissions: Arc::clone(admissions),
                wary: 0,
            };
            let thread = std::thread::Builder::new()
                .name(format!("writer-{number}"))
                .spawn(move || writer.serve(&receiver))
                .map_err(|error| StoreError::Connection(error.to_string()))?;
            writers.queues.push(sender);
            writers.threads.push(thread);
        }
        Ok(writers)
    }

    /// Queues a transaction; its result arrives when it is durable.
    ///
    /// The work may run more than once (after a conflict with another node), but only one run
    /// takes effect.
    ///
    /// # Errors
    /// The work's own; or the store's.
    pub async fn write<T, E>(
        &self,
        by: By,
        work: impl FnMut(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: TransactionError,
    {
        let (reply, result) = oneshot::channel();
        let lane = by.scope.0.unsigned_abs() as usize % self.queues.len().max(1);
        let job = Box::new(Task { by, work, outcome: None, reply });
        let Some(queue) = self.queues.get(lane) else {
            return Err(StoreError::Stopping.into());
        };
        queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Overloaded,
            TrySendError::Disconnected(_) => StoreError::Stopping,
        })?;
        result.await.unwrap_or_else(|_| Err(StoreError::Stopping.into()))
    }

    /// Finishes what is queued and ends the threads.
    pub fn stop(self) {
        drop(self.queues);
        for thread in self.threads {
            if thread.join().is_err() {
                log::error!("a writer thread panicked");
            }
        }
    }
}

/// A queued transaction, whatever its types.
trait Job: Send {
    fn by(&self) -> &By;
    /// Runs the work; says how the transaction should end.
    fn run(&mut self, conn: &mut Conn, now: Timestamp, journal: &mut Journal) -> Ending;
    /// Answers: with the outcome of the last run, or with the failure that undid it.
    fn answer(self: Box<Self>, failure: Option<StoreError>);
}

enum Ending {
    Keep,
    Undo,
    /// Undo, and try again.
    Retry,
}

struct Task<F, T, E> {
    by: By,
    work: F,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Task<F, T, E>
where
    F: FnMut(&mut Transaction<'_>) -> Result<T, E> + Send,
    T: Send,
    E: TransactionError,
{
    fn by(&self) -> &By {
        &self.by
    }

    fn run(&mut self, conn: &mut Conn, now: Timestamp, journal: &mut Journal) -> Ending {
        let mut transaction = Transaction::new(conn, now, &self.by.origin, journal);
        // A panic would be a defect of ours; it must not take the other transactions with it.
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
        // The one who asked may have gone away; the transaction stands all the same.
        let _ = self.reply.send(result);
    }
}

fn retry_helps(error: &StoreError) -> bool {
    error.is_retryable() || error.is_disconnect()
}

struct Writer {
    url: DatabaseUrl,
    conn: Option<Conn>,
    clock: Clock,
    /// Grows with each commit that may change who is let in.
    admissions: Arc<AtomicU64>,
    /// For how many batches a refusal is expected.
    wary: usize,
}

/// How several transactions run in one.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    /// One after the other; a refusal undoes all of them.
    Trusting,
    /// Each in a savepoint.
    Wary,
}

/// How an attempt ended.
#[derive(PartialEq)]
enum Attempt {
    /// What was not refused is durable.
    Done,
    /// All is undone, because one was refused.
    Refused,
}

impl Writer {
    fn serve(&mut self, queue: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = queue.recv() {
            let mut jobs = vec![first];
            while jobs.len() < BATCH {
                match queue.try_recv() {
                    Ok(job) => jobs.push(job),
                    Err(_) => break,
                }
            }
            // Each account's transactions stay in order; on PostgreSQL each account commits for
            // itself, so that no two nodes ever wait for each other's accounts in a circle.
            if matches!(self.url, DatabaseUrl::Postgres(_)) {
                jobs.sort_by_key(|job| job.by().scope);
            }
            while !jobs.is_empty() {
                let together = match self.url {
                    DatabaseUrl::Sqlite(_) => jobs.len(),
                    DatabaseUrl::Postgres(_) => together(&jobs),
                };
                let rest = jobs.split_off(together);
                self.commit_together(jobs);
                jobs = rest;
            }
        }
    }

    /// Runs the jobs in one transaction; where that fails for a reason that another try can mend,
    /// each runs in a transaction of its own.
    fn commit_together(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        let manner = if self.wary > 0 { Manner::Wary } else { Manner::Trusting };
        self.wary = self.wary.saturating_sub(1);
        let mut attempt = self.attempt(&mut jobs, manner);
        if let Ok(Attempt::Refused) = attempt {
            self.wary = WARY;
            attempt = self.attempt(&mut jobs, Manner::Wary);
        }
        match attempt {
            Ok(_) => jobs.into_iter().for_each(|job| job.answer(None)),
            Err(StoreError::OutcomeUnknown) => {
                jobs.into_iter().for_each(|job| job.answer(Some(StoreError::OutcomeUnknown)));
            }
            Err(_) => jobs.into_iter().for_each(|job| self.commit_alone(job)),
        }
    }

    fn commit_alone(&mut self, job: Box<dyn Job>) {
        let mut job = [job];
        let mut tries = 1;
        let failure = loop {
            match self.attempt(&mut job, Manner::Wary) {
                Ok(_) => break None,
                Err(error) if tries < TRIES && retry_helps(&error) => tries += 1,
                Err(error) => break Some(error),
            }
        };
        let [job] = job;
        job.answer(failure);
    }

    /// One transaction with all the jobs. An error means that none of it stands.
    fn attempt(&mut self, jobs: &mut [Box<dyn Job>], manner: Manner) -> StoreResult<Attempt> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => Conn::open(&self.url, Purpose::Write)?,
        };
        let outcome = run_all(&mut conn, &self.clock, jobs, manner);
        // Whoever is answered after this sees what was committed.
        if jobs.iter().any(|job| !job.by().keeps_admissions) {
            self.admissions.fetch_add(1, Ordering::SeqCst);
        }
        // After a failure the connection's state is unknown; a new one is cheap by comparison.
        if outcome.is_ok() {
            self.conn = Some(conn);
        }
        outcome
    }
}

/// How many of the first jobs write to the same account and to no other.
fn together(jobs: &[Box<dyn Job>]) -> usize {
    let Some(first) = jobs.first().map(|job| job.by()) else { return 0 };
    if first.and.is_some() {
        return 1;
    }
    let same = |by: &&By| by.scope == first.scope && by.and.is_none();
    jobs.iter().map(|job| job.by()).take_while(same).count()
}

fn run_all(
    conn: &mut Conn,
    clock: &Clock,
    jobs: &mut [Box<dyn Job>],
    manner: Manner,
) -> StoreResult<Attempt> {
    begin(conn)?;
    if let Some(job) = jobs.first() {
        for scope in job.by().accounts() {
            lock_account(conn, scope)?;
        }
    }
    let now = clock.now();
    let alone = jobs.len() == 1;
    let mut journal = Journal { wary: manner == Manner::Wary, ..Journal::default() };
    let savepoints = !alone && journal.wary;
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
    match commit(conn) {
        Ok(()) => Ok(Attempt::Done),
        Err(error) if error.is_disconnect() => Err(StoreError::OutcomeUnknown),
        Err(error) => Err(error),
    }
}

/// Holds the account against other nodes until the transaction ends.
fn lock_account(conn: &mut Conn, scope: Scope) -> StoreResult<()> {
    use super::tables::enterprises;
    if let Conn::Postgres(connection) = conn {
        enterprises::table
            .filter(enterprises::pk.eq(scope.0))
            .select(enterprises::pk)
            .for_update()
            .first::<i64>(connection)
            .optional()?;
    }
    Ok(())
}
