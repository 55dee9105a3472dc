//! The channel that returns a result to the caller that waits for it.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use super::crew::Answerable;
use super::error::{StoreError, TransactionError};
use super::turn::Asker;

/// Answers a caller once: only the first answer counts.
pub struct Reply<T, E>(Mutex<Option<oneshot::Sender<Result<T, E>>>>);

impl<T, E> Reply<T, E> {
    /// Creates a reply and its receiver.
    pub fn new() -> (Arc<Self>, oneshot::Receiver<Result<T, E>>) {
        let (sender, receiver) = oneshot::channel();
        (Arc::new(Self(Mutex::new(Some(sender)))), receiver)
    }

    /// Answers, unless that has already happened.
    pub fn send(&self, result: Result<T, E>) {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            // The caller may have gone away.
            let _ = sender.send(result);
        }
    }
}

impl<T: Send, E: TransactionError> Answerable for Reply<T, E> {
    fn give_up(&self, failure: StoreError) {
        self.send(Err(failure.into()));
    }
}

impl<T: Send, E: Send> Asker for Reply<T, E> {
    fn waits(&self) -> bool {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sender.as_ref().is_some_and(|sender| !sender.is_closed())
    }
}
