//! Since when a connection has been waiting for its server. libpq waits without an end for a server
//! that has gone silent, so somebody else has to look at the clock.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What times are counted from; a beat at zero is none.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// When the statement began that a connection is at, if it is at one.
pub struct Pulse {
    name: String,
    /// Milliseconds since the start, and one; zero between statements.
    began: AtomicU64,
}

impl Pulse {
    /// Of a connection that the server knows by this name.
    pub fn new(name: String) -> Self {
        LazyLock::force(&START);
        Self { name, began: AtomicU64::new(0) }
    }

    /// What the server calls the connection: `application_name`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A statement begins.
    pub fn begin(&self) {
        let now = u64::try_from(START.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.began.store(now.saturating_add(1), Ordering::Relaxed);
    }

    /// A statement has ended.
    pub fn end(&self) {
        self.began.store(0, Ordering::Relaxed);
    }

    /// How long the statement has been going on that the connection is at; none between statements.
    pub fn waiting(&self) -> Option<Duration> {
        let began = self.began.load(Ordering::Relaxed).checked_sub(1)?;
        Some(START.elapsed().saturating_sub(Duration::from_millis(began)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tells_how_long_a_statement_goes_on_and_nothing_between_statements() {
        let pulse = Pulse::new("node/1".to_owned());
        assert_eq!(pulse.waiting(), None);
        pulse.begin();
        assert!(pulse.waiting().is_some_and(|waiting| waiting < Duration::from_secs(60)));
        pulse.end();
        assert_eq!(pulse.waiting(), None);
    }
}
