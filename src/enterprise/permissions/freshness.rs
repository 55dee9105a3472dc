//! The second proof: what hands out secrets, gives things away or decides who signs in how takes a
//! session whose person has proved a short while ago who they are. A stolen session does none of it.
//! Tokens have scopes in its place.

use crate::Timestamp;

/// How long a proof counts, in milliseconds.
pub const FRESH_FOR: i64 = 15 * 60 * 1000;

/// Returns until when a session is fresh that began at this time, and whose person last proved again
/// who they are at `proved_at`.
pub fn fresh_until(began_at: Timestamp, proved_at: Option<Timestamp>) -> Timestamp {
    proved_at.map_or(began_at, |proved| proved.max(began_at)).plus_millis(FRESH_FOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_proof_counts() {
        let minute = |number: i64| Timestamp(number * 60_000);
        assert_eq!(fresh_until(minute(0), None), minute(15));
        assert_eq!(fresh_until(minute(0), Some(minute(100))), minute(115));
        assert_eq!(fresh_until(minute(7), Some(minute(0))), minute(22));
    }
}
