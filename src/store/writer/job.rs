//! What waits for a writer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use crate::enterprise::Timestamp;
use crate::store::connection::Conn;
use crate::store::crew::Answerable;
use crate::store::error::{StoreError, TransactionError};
use crate::store::reply::Reply;
use crate::store::transaction::{Journal, Transaction};
use crate::store::turn::Asker;
use crate::store::write_context::WriteContext;

/// A queued transaction with its types erased.
pub(super) trait Job: Send {
    fn context(&self) -> &WriteContext;
    /// Returns when the job was queued.
    fn since(&self) -> Instant;
    /// Returns `true` if the caller still waits for the result.
    fn is_wanted(&self) -> bool;
    /// Returns the handle through which others can answer the job.
    fn reply(&self) -> Arc<dyn Answerable>;
    /// Runs the work and returns how its transaction should end.
    fn run(&mut self, conn: &mut Conn, now: Timestamp, journal: &mut Journal) -> Ending;
    /// Answers with the outcome of the last run, or with the failure that undid it.
    fn answer(self: Box<Self>, failure: Option<StoreError>);
}

/// How the transaction of a job should end.
pub(super) enum Ending {
    /// Commit.
    Keep,
    /// Roll back, and answer with the refusal.
    Undo,
    /// Roll back and try again.
    Retry,
}

/// A transaction that one caller waits for.
pub(super) struct Task<F, T, E> {
    by: WriteContext,
    work: F,
    outcome: Option<Result<T, E>>,
    reply: Arc<Reply<T, E>>,
    since: Instant,
}

impl<F, T, E> Task<F, T, E> {
    pub(super) fn new(by: WriteContext, work: F, reply: Arc<Reply<T, E>>) -> Self {
        Self { by, work, outcome: None, reply, since: Instant::now() }
    }
}

impl<F, T, E> Job for Task<F, T, E>
where
    F: FnMut(&mut Transaction<'_>) -> Result<T, E> + Send,
    T: Send + 'static,
    E: TransactionError,
{
    fn context(&self) -> &WriteContext {
        &self.by
    }

    fn since(&self) -> Instant {
        self.since
    }

    fn is_wanted(&self) -> bool {
        self.reply.waits()
    }

    fn reply(&self) -> Arc<dyn Answerable> {
        Arc::<Reply<T, E>>::clone(&self.reply)
    }

    fn run(&mut self, conn: &mut Conn, now: Timestamp, journal: &mut Journal) -> Ending {
        let mut transaction = Transaction::new(conn, now, &self.by.origin, journal);
        // A panic is a bug in a use case; it must not take the other transactions with it.
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.work)(&mut transaction)))
            .unwrap_or_else(|_| Err(StoreError::Panicked.into()));
        let ending = match &outcome {
            Ok(_) => Ending::Keep,
            Err(error) if error.store_error().is_some_and(retry_helps) => Ending::Retry,
            Err(_) => Ending::Undo,
        };
        self.outcome = Some(outcome);
        ending
    }

    fn answer(self: Box<Self>, failure: Option<StoreError>) {
        let result = match (failure, self.outcome) {
            (Some(failure), _) => Err(failure.into()),
            (None, Some(outcome)) => outcome,
            (None, None) => Err(StoreError::Stopping.into()),
        };
        self.reply.send(result);
    }
}

/// Returns `true` if another try may succeed.
pub(super) fn retry_helps(error: &StoreError) -> bool {
    error.is_retryable() || error.is_disconnect()
}
