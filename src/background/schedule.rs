//! Which job is due, and that one node only does it.

use std::time::Duration;

use super::thread::Stop;
use super::{Job, JobError, MINUTE, Work};
use crate::enterprise::id;
use crate::store::jobs::{self, Outcome};
use crate::store::{Cost, Scope, StoreResult};

/// How long a claim lasts. It is prolonged while the job runs; after a crash others wait so long.
const LEASE: Duration = Duration::from_secs(60);
/// How often it is prolonged.
const PROLONG: Duration = Duration::from_secs(20);

/// Runs the jobs that are due and that no other node has.
///
/// # Errors
/// The first failure, after the other jobs have run.
pub async fn run(work: &Work, table: &[Job], stop: &Stop) -> Result<(), JobError> {
    let now = work.store.clock().now();
    let known = work.store.read(Cost::Point, jobs::all).await?;
    let mut first = Ok(());
    for job in table {
        if stop.is_asked() {
            break;
        }
        let state = known.iter().find(|one| one.name == job.name);
        if state.is_none_or(|state| state.is_free(now))
            && let Err(error) = run_one(work, job, stop).await
        {
            log::error!("the job {} failed and will be tried again: {error}", job.name);
            first = first.and(Err(error));
        }
    }
    first
}

async fn run_one(work: &Work, job: &Job, stop: &Stop) -> Result<(), JobError> {
    let (store, name, began) = (&work.store, job.name, work.store.clock().now());
    let claim = id::claim();
    let ours = claim.clone();
    let taken = store
        .write(Scope::NEW, move |transaction| {
            let now = transaction.now();
            jobs::claim(transaction, name, &ours, now, now.plus(LEASE))
        })
        .await?;
    if !taken {
        return Ok(());
    }
    let held = Held { work, name, claim };
    let result = tokio::select! {
        result = (job.run)(work) => result.map(|()| Outcome::Done(began.plus(job.every))),
        error = held.prolong() => Err(error),
        () = stop.asked() => Ok(Outcome::Left),
    };
    match result {
        Ok(outcome) => Ok(held.give_back(outcome).await?),
        Err(error) => {
            let again = began.plus(job.every.min(MINUTE));
            held.give_back(Outcome::Failed(error.to_string(), again)).await?;
            Err(error)
        }
    }
}

/// A job that this node has.
struct Held<'a> {
    work: &'a Work,
    name: &'static str,
    claim: String,
}

impl Held<'_> {
    /// Keeps the job for as long as it takes; ends only when another node has it.
    async fn prolong(&self) -> JobError {
        loop {
            tokio::time::sleep(PROLONG).await;
            let (name, claim) = (self.name, self.claim.clone());
            let kept = self.work.store.write(Scope::NEW, move |transaction| {
                let until = transaction.now().plus(LEASE);
                jobs::prolong(transaction, name, &claim, until)
            });
            match kept.await {
                Ok(true) => {}
                Ok(false) => return "another node has taken it over".into(),
                // Steps are transactions, and do no harm where another node has begun the same.
                Err(error) => log::warn!("the job {name} could not be prolonged: {error}"),
            }
        }
    }

    async fn give_back(&self, outcome: Outcome) -> StoreResult<()> {
        let (name, claim) = (self.name, self.claim.clone());
        self.work
            .store
            .write(Scope::NEW, move |transaction| {
                let now = transaction.now();
                jobs::give_back(transaction, name, &claim, &outcome, now)
            })
            .await
    }
}
