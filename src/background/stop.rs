//! The signal that the node is stopping.

use std::time::Duration;

use tokio::sync::watch;

/// The receiving end of the signal that the node is stopping.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Creates a signal that is triggered by sending `true`.
    pub fn new() -> (watch::Sender<bool>, Self) {
        let (send, receive) = watch::channel(false);
        (send, Self(receive))
    }

    /// Creates a signal that is never triggered.
    pub fn never() -> Self {
        Self::new().1
    }

    /// Returns `true` if the node is stopping.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until the node is stopping.
    pub async fn asked(&self) {
        if self.0.clone().wait_for(|asked| *asked).await.is_err() {
            std::future::pending().await
        }
    }

    /// Waits for this duration. Returns `false` at once when the node is stopping.
    pub(super) async fn wait(&self, duration: Duration) -> bool {
        tokio::select! {
            () = self.asked() => false,
            () = tokio::time::sleep(duration) => true,
        }
    }
}
