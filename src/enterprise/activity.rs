//! When members were last active (docs/domain.md, *Reports*: "last active; `N/A` past 100 days;
//! kept 90 days").
//!
//! We read this rule as follows: each day of use is kept for 90 days. If a member has not been
//! active since, only the last day is kept, until it is 100 days old, because the report still
//! shows it. After that the report shows `N/A`.

/// Days for which each day of use is kept.
pub const KEPT_DAYS: i64 = 90;
/// Days for which the report shows the last day of use.
pub const SHOWN_DAYS: i64 = 100;
/// What the report shows after that, and for members who were never active.
pub const NOT_AVAILABLE: &str = "N/A";

/// Returns the last day of use if the report still shows it. Days are counted from 1970.
pub const fn shown(last: Option<i64>, today: i64) -> Option<i64> {
    match last {
        Some(day) if today - day <= SHOWN_DAYS => Some(day),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hundredth_day_is_shown_and_the_next_is_not() {
        assert_eq!(shown(Some(1000), 1000), Some(1000));
        assert_eq!(shown(Some(1000), 1100), Some(1000));
        assert_eq!(shown(Some(1000), 1101), None);
        assert_eq!(shown(None, 1000), None);
    }
}
