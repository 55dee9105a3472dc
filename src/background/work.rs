//! What recurring work is, and what it works with.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::requests::Requests;
use crate::outside::dns::Dns;
use crate::outside::mail::Transport;
use crate::store::{Store, StoreError};

/// A minute.
pub const MINUTE: Duration = Duration::from_secs(60);

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
