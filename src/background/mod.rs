//! Background work: recurring jobs, and the delivery of mail.
//!
//! Each piece of work is done by only one node, however many there are: the node claims it in the
//! database, and the claim expires if the node dies. A job iterates over the accounts and runs a
//! use case in one transaction for each, so that no transaction blocks others for long.

mod accounts;
mod certificates;
mod connectors;
mod delivery;
mod domains;
mod expiry;
mod jobs;
mod plans;
mod pruning;
mod reminders;
pub mod requests;
mod rules;
mod schedule;
mod stop;
mod thread;
mod work;

pub use accounts::{Accounts, Failures};
pub use jobs::JOBS;
use stop::Stop;
pub use thread::{Background, NO_MAIL, start};
pub use work::{Job, JobError, Running, Work};

/// Runs everything that is due by the store's clock once: the request log, jobs, then mail.
///
/// # Errors
/// Returns the first failure, after everything else has run.
pub async fn run_due(work: &Work) -> Result<(), JobError> {
    let stop = Stop::never();
    work.requests.flush(&work.store).await;
    let jobs = schedule::run(work, JOBS, &stop).await;
    let mail = delivery::run(work, &stop).await;
    jobs.and(mail.map(drop))
}
