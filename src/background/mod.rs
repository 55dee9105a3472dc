//! What the server does by itself: recurring jobs, and the delivery of mail.
//!
//! Each piece of work is done by one node only, however many there are: whoever does it has claimed
//! it in the database, for a time that ends by itself if the node does. A job goes through the
//! accounts and runs a use case in one transaction for each, so that nothing waits for it long.

mod accounts;
mod certificates;
mod connectors;
mod delivery;
mod domains;
mod expiry;
mod plans;
mod pruning;
mod reminders;
pub mod requests;
mod schedule;
mod thread;

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::outside::dns::Dns;
use crate::outside::mail::Transport;
use crate::store::{Store, StoreError};

pub use accounts::{Accounts, Failures};
use requests::Requests;
use thread::Stop;
pub use thread::{Background, NO_MAIL, start};

/// What jobs work with. Cheap to clone.
#[derive(Clone)]
pub struct Work {
    /// The database, and the clock.
    pub store: Store,
    /// The URL that clients know the server by, without a slash at the end.
    pub public_url: String,
    /// How mail is sent; without it, mail waits.
    pub mail: Option<Arc<dyn Transport>>,
    /// How names are looked up.
    pub dns: Arc<Dns>,
    /// What the request log has to keep.
    pub requests: Requests,
}

/// Why a job was not done: any error of any room.
pub type JobError = Box<dyn Error + Send + Sync>;

/// How loudly a failure is said. That the database is away is said once, by who looks after it.
fn level(error: &(dyn Error + 'static)) -> log::Level {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<StoreError>().is_some_and(StoreError::is_unavailable) {
            return log::Level::Debug;
        }
        cause = error.source();
    }
    log::Level::Error
}

/// A job under way.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send + 'a>>;

/// Recurring work.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// Its name, with hyphens; never reused for something else.
    pub name: &'static str,
    /// How long after one run the next is due.
    pub every: Duration,
    /// Does it. It may be stopped wherever it waits, and begins anew then: what it has done must
    /// not need doing again.
    pub run: fn(&Work) -> Running<'_>,
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Every job. A line here is all that a new one needs.
pub const JOBS: &[Job] = &[
    Job {
        name: "expire-invitations",
        every: MINUTE,
        run: |work| Box::pin(expiry::invitations(work)),
    },
    Job {
        name: "remind-invitations",
        every: HOUR,
        run: |work| Box::pin(reminders::invitations(work)),
    },
    Job { name: "expire-transfers", every: MINUTE, run: |work| Box::pin(expiry::transfers(work)) },
    Job { name: "prune-activity", every: HOUR, run: |work| Box::pin(pruning::activity(work)) },
    Job { name: "end-plans", every: MINUTE, run: |work| Box::pin(plans::carry_out(work)) },
    Job {
        name: "warn-of-scim-tokens",
        every: MINUTE,
        run: |work| Box::pin(connectors::warn(work)),
    },
    Job { name: "look-at-domains", every: MINUTE, run: |work| Box::pin(domains::look_again(work)) },
    Job {
        name: "warn-of-certificates",
        every: DAY,
        run: |work| Box::pin(certificates::warn(work)),
    },
    Job { name: "prune-scim-requests", every: HOUR, run: |work| Box::pin(connectors::prune(work)) },
    Job { name: "prune-mail", every: HOUR, run: |work| Box::pin(pruning::mail(work)) },
    Job { name: "prune-sign-ins", every: HOUR, run: |work| Box::pin(pruning::sign_ins(work)) },
    Job { name: "prune-sign-ups", every: HOUR, run: |work| Box::pin(pruning::sign_ups(work)) },
    Job { name: "prune-tokens", every: HOUR, run: |work| Box::pin(pruning::tokens(work)) },
    Job { name: "prune-walks", every: HOUR, run: |work| Box::pin(pruning::walks(work)) },
];

/// Does once what is due by the store's clock: the request log, jobs, then mail.
///
/// # Errors
/// The first failure, after everything else was done all the same.
pub async fn run_due(work: &Work) -> Result<(), JobError> {
    let stop = Stop::never();
    work.requests.flush(&work.store).await;
    let jobs = schedule::run(work, JOBS, &stop).await;
    let mail = delivery::run(work, &stop).await;
    jobs.and(mail.map(drop))
}
