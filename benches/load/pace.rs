//! When a request is due.

use std::time::{Duration, Instant};

/// One request after the other, or at a steady rate whatever the answers take.
pub struct RequestLimit(Option<(Duration, Instant)>);

impl RequestLimit {
    /// As fast as the answers come.
    pub fn free() -> Self {
        Self(None)
    }

    /// This many a second, from now on.
    pub fn steady(rate: f64) -> Self {
        Self(Some((Duration::from_secs_f64(1.0 / rate), Instant::now())))
    }

    /// Waits until the next request is due; returns the moment from which its time counts: that
    /// moment, unless the answer before came too late for it, which is the server's fault and must
    /// not be forgotten.
    pub async fn next(&mut self) -> Instant {
        let now = Instant::now();
        let Some((every, due)) = &mut self.0 else { return now };
        let this = *due;
        *due += *every;
        if this < now {
            return this;
        }
        tokio::time::sleep_until(this.into()).await;
        Instant::now()
    }
}
