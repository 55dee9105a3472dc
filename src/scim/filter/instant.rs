//! Parses date-times (RFC 7643 §2.3.5).

use chrono::{DateTime, NaiveDateTime, Utc};

/// Parses an XML Schema date-time. Accepts any number of fractional digits (Entra sends seven) and
/// any offset; without an offset the time is UTC.
pub fn instant(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.with_timezone(&Utc));
    }
    if let Ok(instant) = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z") {
        return Some(instant.with_timezone(&Utc));
    }
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok().map(|local| local.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_instant_has_many_spellings() {
        let expected = instant("2015-10-10T21:38:21.861797900Z");
        assert!(expected.is_some());
        for text in [
            "2015-10-10T14:38:21.8617979-07:00",
            "2015-10-10T23:38:21.8617979+0200",
            "2015-10-10T21:38:21.8617979",
            "2015-10-10T21:38:21.8617979z",
        ] {
            assert_eq!(instant(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_time_is_refused() {
        for text in ["", "yesterday", "2015-10-10", "2015-13-10T00:00:00Z", "12:00:00"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in ".*") {
            let _ = instant(&text);
        }
    }
}
