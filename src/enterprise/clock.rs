//! Time, passed in so that tests own it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};

/// Milliseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This many days later.
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0 + days * Self::DAY)
    }

    /// This many hours earlier.
    pub const fn minus_hours(self, hours: i64) -> Self {
        Self(self.0 - hours * 60 * 60 * 1000)
    }

    /// This much later.
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// The number of the day, counted from 1970.
    pub const fn day(self) -> i64 {
        self.0.div_euclid(Self::DAY)
    }

    /// Whole seconds since 1970.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// A day, in milliseconds.
    pub const DAY: i64 = 24 * 60 * 60 * 1000;

    /// As RFC 3339 with milliseconds and `Z`.
    pub fn to_rfc3339(self) -> String {
        DateTime::<Utc>::from_timestamp_millis(self.0)
            .unwrap_or_default()
            .to_rfc3339_opts(SecondsFormat::Millis, true)
    }
}

/// Tells the time: the machine's, or a test's.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still until it is moved.
    pub fn fixed(at: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.0))))
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            None => Timestamp(Utc::now().timestamp_millis()),
            Some(fixed) => Timestamp(fixed.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock forward; the machine's clock goes its own way.
    pub fn advance(&self, milliseconds: i64) {
        if let Some(fixed) = &self.0 {
            fixed.fetch_add(milliseconds, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let clock = Clock::fixed(Timestamp(1_000));
        assert_eq!(clock.now(), Timestamp(1_000));
        clock.clone().advance(500);
        assert_eq!(clock.now(), Timestamp(1_500));
    }

    #[test]
    fn times_are_written_as_rfc_3339_in_utc() {
        assert_eq!(Timestamp(0).to_rfc3339(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Timestamp(0).plus_days(1).day(), 1);
        assert_eq!(Timestamp(1).plus(Duration::from_secs(2)), Timestamp(2_001));
    }
}
