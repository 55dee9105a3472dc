//! The way back of a result to whoever waits for it.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use super::crew::Answerable;
use super::error::{StoreError, TransactionError};
use super::turn::Asker;

/// Answers once: whoever comes first.
pub struct Reply<T, E>(Mutex<Option<oneshot::Sender<Result<T, E>>>>);

impl<T, E> Reply<T, E> {
    /// A reply, and where it arrives.
    pub fn new() -> (Arc<Self>, oneshot::Receiver<Result<T, E>>) {
        let (sender, receiver) = oneshot::channel();
        (Arc::new(Self(Mutex::new(Some(sender)))), receiver)
    }

    /// Answers, unless that is done.
    pub fn send(&self, result: Result<T, E>) {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            // The one who asked may have gone away.
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
