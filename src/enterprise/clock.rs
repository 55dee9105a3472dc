//! Time. Callers pass the clock in, so that tests can control it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::BigInt;

use super::keys::stored_as_number;

/// A point in time: milliseconds since 1970, UTC. The database stores the number; JSON has RFC
/// 3339.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow,
)]
#[diesel(sql_type = BigInt)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Earlier than every other time.
    pub const FIRST: Self = Self(i64::MIN);
    /// Later than every other time.
    pub const LAST: Self = Self(i64::MAX);

    /// Returns the time this many days later.
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0 + days * Self::DAY)
    }

    /// Returns the time this many hours earlier.
    pub const fn minus_hours(self, hours: i64) -> Self {
        Self(self.0 - hours * 60 * 60 * 1000)
    }

    /// Returns the time later by this duration.
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// Returns the time this many milliseconds later.
    pub const fn plus_millis(self, milliseconds: i64) -> Self {
        Self(self.0 + milliseconds)
    }

    /// Returns the time this many milliseconds earlier.
    pub const fn minus_millis(self, milliseconds: i64) -> Self {
        Self(self.0 - milliseconds)
    }

    /// Returns the milliseconds since an earlier time.
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// Returns the number of the day, counted from 1970.
    pub const fn day(self) -> i64 {
        self.0.div_euclid(Self::DAY)
    }

    /// Returns the whole seconds since 1970.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// One day in milliseconds.
    pub const DAY: i64 = 24 * 60 * 60 * 1000;

    /// Formats the date, such as `2026-01-31`.
    pub fn to_date(self) -> String {
        DateTime::<Utc>::from_timestamp_millis(self.0)
            .unwrap_or_default()
            .format("%Y-%m-%d")
            .to_string()
    }

    /// Parses an RFC 3339 time; what is smaller than a millisecond is dropped.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|time| Self(time.timestamp_millis()))
    }

    /// Formats the time as RFC 3339 with milliseconds and `Z`.
    pub fn to_rfc3339(self) -> String {
        DateTime::<Utc>::from_timestamp_millis(self.0)
            .unwrap_or_default()
            .to_rfc3339_opts(SecondsFormat::Millis, true)
    }
}

stored_as_number!(Timestamp);

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "date-time"})
    }
}

/// A source of the current time: the system clock, or a fixed time in tests.
#[derive(Clone, Debug)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// Returns the system clock.
    pub const fn system() -> Self {
        Self(None)
    }

    /// Returns a clock that stands still until [`Clock::advance`] moves it.
    pub fn fixed(at: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.0))))
    }

    /// Returns the current time.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            None => Timestamp(Utc::now().timestamp_millis()),
            Some(fixed) => Timestamp(fixed.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock forward. Does nothing to the system clock.
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
    fn a_time_is_rfc_3339_in_json_and_says_so_in_the_schema() {
        let json = serde_json::to_string(&[Some(Timestamp(1)), None]).unwrap();
        assert_eq!(json, r#"["1970-01-01T00:00:00.001Z",null]"#);
        let schema = schemars::schema_for!(Timestamp);
        assert_eq!(schema.get("format"), Some(&"date-time".into()));
        assert_eq!(schema.get("title"), Some(&"Timestamp".into()));
        // Written out where it is used, so that readers of the document need not look it up.
        let list = serde_json::to_value(schemars::schema_for!(Vec<Timestamp>)).unwrap();
        assert_eq!(list["items"]["format"], "date-time");
    }

    #[test]
    fn times_are_written_as_rfc_3339_in_utc() {
        assert_eq!(Timestamp(0).to_rfc3339(), "1970-01-01T00:00:00.000Z");
        for text in ["2026-01-31T12:00:00.123Z", "1969-12-31T23:59:59.999Z"] {
            assert_eq!(Timestamp::from_rfc3339(text).unwrap().to_rfc3339(), text);
        }
        assert_eq!(
            Timestamp::from_rfc3339("1970-01-01T01:00:00.0019+01:00"),
            Some(Timestamp(1)),
            "what is smaller than a millisecond is dropped"
        );
        assert_eq!(Timestamp::from_rfc3339("yesterday"), None);
        assert_eq!(Timestamp(0).plus_days(2).day(), 2);
        assert_eq!((Timestamp(-1).day(), Timestamp(-1).seconds()), (-1, -1));
        assert_eq!(Timestamp(0).plus_days(20_000).to_date(), "2024-10-04");
        assert_eq!(Timestamp(1).plus(Duration::from_secs(2)), Timestamp(2_001));
    }
}
