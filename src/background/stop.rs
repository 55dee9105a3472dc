//! Telling work under way that the node stops.

use std::time::Duration;

use tokio::sync::watch;

/// Tells work under way that the node stops.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// One that is asked for by sending `true`.
    pub fn new() -> (watch::Sender<bool>, Self) {
        let (send, receive) = watch::channel(false);
        (send, Self(receive))
    }

    /// One that nobody asks for.
    pub fn never() -> Self {
        Self::new().1
    }

    /// Whether the node stops.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when the node stops.
    pub async fn asked(&self) {
        if self.0.clone().wait_for(|asked| *asked).await.is_err() {
            std::future::pending().await
        }
    }

    /// Waits, unless the node stops meanwhile; whether it may go on.
    pub(super) async fn wait(&self, duration: Duration) -> bool {
        tokio::select! {
            () = self.asked() => false,
            () = tokio::time::sleep(duration) => true,
        }
    }
}
