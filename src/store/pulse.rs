//! Measures how long a connection has been waiting for its server. libpq waits for a silent server
//! without a limit, so another thread has to watch the time.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The origin of the times below.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// When the current statement of a connection began, if there is one, or when connecting began.
pub struct StatementWatch {
    name: String,
    /// The timeout for connecting.
    connecting_within: Duration,
    connecting: AtomicBool,
    /// Milliseconds since `START` plus one; zero between statements.
    began: AtomicU64,
}

impl StatementWatch {
    /// Creates a watch for the connection that the server knows by this name.
    pub fn new(name: String, connecting_within: Duration) -> Self {
        LazyLock::force(&START);
        let (connecting, began) = (AtomicBool::new(false), AtomicU64::new(0));
        Self { name, connecting_within, connecting, began }
    }

    /// Returns the connection's `application_name`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Records that connecting begins. libpq bounds only a part of it: the statements that prepare
    /// a session count as connecting, too.
    pub fn connect(&self) {
        self.connecting.store(true, Ordering::SeqCst);
        self.set_began();
    }

    pub fn connected(&self) {
        self.began.store(0, Ordering::SeqCst);
        self.connecting.store(false, Ordering::SeqCst);
    }

    pub fn begin(&self) {
        if !self.is_connecting() {
            self.set_began();
        }
    }

    pub fn end(&self) {
        if !self.is_connecting() {
            self.began.store(0, Ordering::SeqCst);
        }
    }

    fn set_began(&self) {
        let now = u64::try_from(START.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.began.store(now.saturating_add(1), Ordering::SeqCst);
    }

    /// Returns `true` while the connection is being made.
    pub fn is_connecting(&self) -> bool {
        self.connecting.load(Ordering::SeqCst)
    }

    /// Returns `true` if the current statement has been running for longer than this, or connecting
    /// has exceeded its timeout.
    pub fn has_waited(&self, limit: Duration) -> bool {
        let limit = if self.is_connecting() { limit.max(self.connecting_within) } else { limit };
        let Some(began) = self.began.load(Ordering::SeqCst).checked_sub(1) else { return false };
        START.elapsed().saturating_sub(Duration::from_millis(began)) > limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    /// Waits until the clock has advanced, so that a running statement has a duration above zero.
    fn a_moment_later(pulse: &StatementWatch) -> bool {
        let began = Instant::now();
        while began.elapsed() < LONG {
            if pulse.has_waited(Duration::ZERO) {
                return true;
            }
        }
        false
    }

    #[test]
    fn it_tells_that_a_statement_goes_on_and_nothing_between_statements() {
        let pulse = StatementWatch::new("node/1".to_owned(), LONG);
        assert!(!pulse.has_waited(Duration::ZERO));
        pulse.begin();
        assert!(a_moment_later(&pulse) && !pulse.has_waited(LONG));
        pulse.end();
        assert!(!pulse.has_waited(Duration::ZERO));
    }

    #[test]
    fn connecting_takes_as_long_as_it_may_whatever_statements_are_part_of_it() {
        let (patient, hasty) = (
            StatementWatch::new(String::new(), LONG),
            StatementWatch::new(String::new(), Duration::ZERO),
        );
        for pulse in [&patient, &hasty] {
            pulse.connect();
            pulse.begin();
            pulse.end();
        }
        assert!(a_moment_later(&hasty));
        assert!(!patient.has_waited(Duration::ZERO));
        patient.connected();
        patient.begin();
        assert!(a_moment_later(&patient));
    }
}
