//! Writer threads that commit several waiting transactions at once.
//!
//! A commit costs one flush to disk, however many transactions it contains. While one flush runs,
//! the next transactions wait in the queue. They then run one after the other, share the next
//! flush, and are answered after it. If one of them fails, the whole batch is rolled back and runs
//! again with a savepoint for each transaction, so that only the failed one is undone. The
//! following batches use savepoints, too, because refusals tend to come in bursts. As long as
//! nothing fails, no transaction pays for savepoints.
//!
//! SQLite has one writer, which takes jobs from all accounts in turn. PostgreSQL has several: the
//! transactions of an account are with only one of them at a time, and each locks the account's row
//! against other nodes. If the row is locked, the jobs are put aside for a while, so that other
//! accounts do not wait for the lock.

mod batch;
mod job;
mod lane;
mod thread;

use std::sync::Arc;

use self::job::{Job, Task};
pub use self::thread::Shared;
use self::thread::Writer;
use super::crew::Crew;
use super::error::{StoreError, StoreResult, TransactionError};
use super::queue::{Bounds, Full, Queue};
use super::reply::Reply;
use super::transaction::Transaction;
use super::write_context::WriteContext;

/// The most transactions that may wait. Beyond it the server answers that it is overloaded.
const QUEUE: usize = 8192;
/// The most transactions of one account that may wait.
const QUEUE_OF_EACH: usize = 2048;
/// The most transactions of unauthenticated clients ("strangers") that may wait.
const QUEUE_OF_STRANGERS: usize = 64;

/// The queue of transactions and the threads that serve it.
pub struct Writers {
    queue: Arc<Queue<Box<dyn Job>>>,
    crew: Arc<Crew>,
}

impl Writers {
    /// Starts the writers: one for the embedded database, otherwise `threads`.
    ///
    /// # Errors
    /// Fails if a thread cannot be started.
    pub fn start(shared: Shared, threads: usize) -> StoreResult<Self> {
        let embedded = shared.source.is_embedded();
        let at_once = if embedded { usize::MAX } else { 1 };
        let queue = Arc::new(Queue::new(Bounds {
            all: QUEUE,
            each: QUEUE_OF_EACH,
            strangers: QUEUE_OF_STRANGERS,
            at_once,
        }));
        let jobs = Arc::clone(&queue);
        let crew = Crew::start("writer", if embedded { 1 } else { threads }, move |desk| {
            let mut writer = Writer::new(&shared, desk);
            if embedded { writer.serve_together(&jobs) } else { writer.serve(&jobs) }
        })?;
        Ok(Self { queue, crew: Arc::new(crew) })
    }

    pub fn crew(&self) -> Arc<Crew> {
        Arc::clone(&self.crew)
    }

    /// Queues a transaction and returns its result when it is durable. A transaction is skipped if
    /// its caller goes away before it begins.
    ///
    /// The work may run more than once (for example after a conflict with another node), but only
    /// one run takes effect.
    pub async fn write<T, E>(
        &self,
        by: WriteContext,
        work: impl FnMut(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: TransactionError,
    {
        let (reply, result) = Reply::new();
        let lane = by.lane();
        let job = Box::new(Task::new(by, work, reply));
        self.queue.push(lane, job).map_err(|(full, _)| match full {
            Full::Waiting => StoreError::Overloaded,
            Full::Closed => StoreError::Stopping,
        })?;
        result.await.unwrap_or_else(|_| Err(StoreError::Stopping.into()))
    }

    /// Finishes what is queued and ends the threads.
    pub fn stop(&self) {
        self.queue.close();
        self.crew.join();
    }
}

impl Drop for Writers {
    fn drop(&mut self) {
        self.queue.close();
    }
}
