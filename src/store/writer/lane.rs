//! The jobs that a writer takes from a lane of the queue: which it runs now, and which together.

use std::time::Duration;

use super::job::Job;
use crate::store::error::StoreError;
use crate::store::source::Source;
use crate::store::write_context::{Scope, WriteContext};

/// How long a transaction may wait for its turn and for locks.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Jobs that wait for a lock, and for how long.
#[derive(Default)]
pub(super) struct Held {
    pub(super) jobs: Vec<Box<dyn Job>>,
    pub(super) pause: Duration,
}

impl Held {
    pub(super) const fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    pub(super) fn add(&mut self, more: Self) {
        self.jobs.extend(more.jobs);
        self.pause = self.pause.max(more.pause);
    }
}

/// Groups the jobs of a lane by account, in order. The lane of strangers contains several accounts:
/// a locked one must not hold up the others.
pub(super) fn apart(lane: Scope, jobs: Vec<Box<dyn Job>>) -> Vec<Vec<Box<dyn Job>>> {
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
pub(super) fn in_time(jobs: Vec<Box<dyn Job>>, source: &Source) -> Vec<Box<dyn Job>> {
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
pub(super) fn together(jobs: &[Box<dyn Job>]) -> usize {
    let Some(first) = jobs.first().map(|job| job.context()) else { return 0 };
    if first.and.is_some() {
        return 1;
    }
    let same = |by: &&WriteContext| by.scope == first.scope && by.and.is_none();
    jobs.iter().map(|job| job.context()).take_while(same).count()
}
