//! The type of recurring jobs, and the resources that they work with.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::requests::Requests;
use crate::outside::dns::Dns;
use crate::outside::mail::Transport;
use crate::store::{Store, StoreError};

/// One minute, the unit in which intervals of jobs are given.
pub const MINUTE: Duration = Duration::from_secs(60);

/// The resources that jobs use. Cheap to clone.
#[derive(Clone)]
pub struct Work {
    /// The database, with the clock that decides what is due.
    pub store: Store,
    /// The URL that clients know the server by, without a slash at the end.
    pub public_url: String,
    /// The mail transport; without one, mail stays queued.
    pub mail: Option<Arc<dyn Transport>>,
    /// The DNS resolver that verifies domains.
    pub dns: Arc<Dns>,
    /// The queue of the request log.
    pub requests: Requests,
}

/// The reason why a job failed: an error of any module.
pub type JobError = Box<dyn Error + Send + Sync>;

/// Returns the log level of a failure. `Debug` if the database is unreachable, because the store
/// logs that once by itself.
pub fn level(error: &(dyn Error + 'static)) -> log::Level {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<StoreError>().is_some_and(StoreError::is_unavailable) {
            return log::Level::Debug;
        }
        cause = error.source();
    }
    log::Level::Error
}

/// The future of a running job.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send + 'a>>;

/// A recurring job.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// The name, with hyphens. Never reuse the name of a former job: the database keeps when each
    /// job ran by its name.
    pub name: &'static str,
    /// The interval between two runs.
    pub every: Duration,
    /// Runs the job. It can be cancelled at any await point and is then started anew, so it has to
    /// be idempotent.
    pub run: fn(&Work) -> Running<'_>,
}
