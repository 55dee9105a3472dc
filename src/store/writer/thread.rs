//! A writer thread: takes jobs, commits them, and answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::batch::{Attempt, BatchMode, run_all};
use super::job::{Job, retry_helps};
use super::lane::{Held, PATIENCE, apart, in_time, together};
use crate::enterprise::Clock;
use crate::store::connection::Purpose;
use crate::store::crew::Desk;
use crate::store::error::{StoreError, StoreResult};
use crate::store::liveliness::{Liveliness, Outcome};
use crate::store::queue::Queue;
use crate::store::source::{Connected, Source};
use crate::store::write_context::Scope;

/// The most transactions that share one commit. It bounds how long the first waits for the last.
const BATCH: usize = 64;
/// How often a transaction is tried before a retryable error is returned.
const TRIES: usize = 5;
/// How many batches after a refusal use savepoints.
const ISOLATED_BATCHES: usize = 32;
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

/// The state of one writer thread.
pub(super) struct Writer<'a> {
    shared: &'a Shared,
    desk: &'a Desk,
    connected: Option<Connected>,
    /// For how many more batches savepoints are used.
    isolated: usize,
}

impl<'a> Writer<'a> {
    pub(super) const fn new(shared: &'a Shared, desk: &'a Desk) -> Self {
        Self { shared, desk, connected: None, isolated: 0 }
    }

    /// Serves one account after the other. Each account commits separately, so that no two nodes
    /// can deadlock on each other's accounts.
    pub(super) fn serve(&mut self, queue: &Arc<Queue<Box<dyn Job>>>) {
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
    pub(super) fn serve_together(&mut self, queue: &Arc<Queue<Box<dyn Job>>>) {
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
