//! When members were last active (DOMAIN.md, *Reports*: "last active; `N/A` past 100 days; kept
//! 90 days").
//!
//! How that is read: the day of every use is kept for 90 days. Of a member who has not come back
//! since, the last day alone is kept until it is 100 days old, because the report shows it until
//! then; past that the report says `N/A`.

/// How many days each day of use is kept.
pub const KEPT_DAYS: i64 = 90;
/// How many days the last one is shown.
pub const SHOWN_DAYS: i64 = 100;
/// What is shown past that, and of who was never seen.
pub const NOT_AVAILABLE: &str = "N/A";

/// The last day as the report shows it, if it does. Days are counted from 1970.
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
