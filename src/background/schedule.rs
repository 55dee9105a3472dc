//! Decides which job is due, and claims it for one node.

use std::time::Duration;

use super::stop::Stop;
use super::work::{self, Job, JobError, MINUTE, Work};
use crate::enterprise::id;
use crate::store::jobs::{self, Outcome};
use crate::store::{Cost, Scope, StoreResult};

/// How long a claim lasts. It is renewed while the job runs; after a crash other nodes wait for it
/// to expire.
const LEASE: Duration = Duration::from_secs(60);
/// How often a claim is renewed.
const PROLONG: Duration = Duration::from_secs(20);

/// Runs the due jobs that no other node has claimed.
///
/// # Errors
/// Returns the first failure, after the other jobs have run.
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
            let level = work::level(&*error);
            log::log!(level, "the job {} failed and will be tried again: {error}", job.name);
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
        .write(Scope::NONE, move |transaction| {
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

/// A job that this node has claimed.
struct Held<'a> {
    work: &'a Work,
    name: &'static str,
    claim: String,
}

impl Held<'_> {
    /// Renews the claim for as long as the job runs; returns only when another node has taken it
    /// over.
    async fn prolong(&self) -> JobError {
        loop {
            tokio::time::sleep(PROLONG).await;
            let (name, claim) = (self.name, self.claim.clone());
            let kept = self.work.store.write(Scope::NONE, move |transaction| {
                let until = transaction.now().plus(LEASE);
                jobs::prolong(transaction, name, &claim, until)
            });
            match kept.await {
                Ok(true) => {}
                Ok(false) => return "another node has taken it over".into(),
                // Going on is safe: each step is a transaction, and idempotent if another node has
                // started the same job.
                Err(error) => log::warn!("the claim on job {name} could not be renewed: {error}"),
            }
        }
    }

    async fn give_back(&self, outcome: Outcome) -> StoreResult<()> {
        let (name, claim) = (self.name, self.claim.clone());
        self.work
            .store
            .write(Scope::NONE, move |transaction| {
                let now = transaction.now();
                jobs::give_back(transaction, name, &claim, &outcome, now)
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::background::requests::Requests;
    use crate::enterprise::{Clock, Timestamp};
    use crate::store::{DatabaseUrl, Opening, Sizes, Store};

    const START: Timestamp = Timestamp(1_000_000);

    const FAILS: Job = Job {
        name: "fails",
        every: Duration::from_secs(60 * 60),
        run: |_| Box::pin(async { Err("no luck".into()) }),
    };
    const WORKS: Job = Job { name: "works", every: MINUTE, run: |_| Box::pin(async { Ok(()) }) };
    const NEVER_ENDS: Job =
        Job { name: "never-ends", every: MINUTE, run: |_| Box::pin(std::future::pending()) };

    fn work(folder: &tempfile::TempDir) -> Work {
        let path = folder.path().join("test.db").display().to_string();
        let store = Store::open(
            &DatabaseUrl::Sqlite(path),
            Opening::Create,
            Sizes::ONE,
            Clock::fixed(START),
        )
        .unwrap();
        Work {
            store,
            public_url: String::new(),
            mail: None,
            dns: Arc::default(),
            requests: Requests::default(),
        }
    }

    async fn due(work: &Work, name: &str) -> i64 {
        let known = work.store.read(Cost::Point, jobs::all).await.unwrap();
        let job = known.into_iter().find(|job| job.name == name).unwrap();
        assert_eq!(job.held_until, None, "{name} is given back");
        job.due_at.millis_since(work.store.clock().now())
    }

    #[tokio::test]
    async fn a_job_that_fails_is_tried_again_soon_and_keeps_no_other_from_its_work() {
        let folder = tempfile::tempdir().unwrap();
        let work = work(&folder);
        let error = run(&work, &[FAILS, WORKS], &Stop::never()).await.unwrap_err();
        assert_eq!(error.to_string(), "no luck");
        assert_eq!(due(&work, "fails").await, 60_000);
        assert_eq!(due(&work, "works").await, 60_000);
        run(&work, &[FAILS, WORKS], &Stop::never()).await.unwrap();
    }

    #[tokio::test]
    async fn a_node_that_stops_leaves_its_job_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let work = work(&folder);
        let (ask, stop) = Stop::new();
        let table = [NEVER_ENDS, WORKS];
        let (result, ()) = tokio::join!(run(&work, &table, &stop), async {
            while work.store.read(Cost::Point, jobs::all).await.unwrap().is_empty() {
                tokio::task::yield_now().await;
            }
            ask.send_replace(true);
        });
        result.unwrap();
        assert_eq!(due(&work, "never-ends").await, 0);
        let known = work.store.read(Cost::Point, jobs::all).await.unwrap();
        assert!(known.iter().all(|job| job.name != "works"), "nothing is begun any more");
    }
}
