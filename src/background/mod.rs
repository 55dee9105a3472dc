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
mod jobs;
mod plans;
mod pruning;
mod reminders;
pub mod requests;
mod schedule;
mod stop;
mod thread;
mod work;

pub use accounts::{Accounts, Failures};
pub use jobs::JOBS;
use stop::Stop;
pub use thread::{Background, NO_MAIL, start};
pub use work::{Job, JobError, Running, Work};

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
