//! Counts of recent events, by key, in bounded memory.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

/// The maximum number of keys.
const MOST: usize = 10_000;
/// The longest time for which a key stays used up, however many events were counted.
const LONGEST: Duration = Duration::from_secs(60);
/// The minimum interval between two scans for keys that can be dropped.
const TIDY: Duration = Duration::from_secs(1);

/// A token bucket for each key: a burst of so many, and one more after each interval. A key is
/// stored as a hash of 64 bits under a secret of the process, however long it is.
#[derive(Debug)]
pub struct Tally {
    interval: Duration,
    /// The burst, as a time.
    ahead: Duration,
    /// When each key's bucket is full again.
    even_at: HashMap<u64, Instant>,
    hasher: RandomState,
    tidied: Option<Instant>,
}

impl Tally {
    /// Allows this number at once, and the same number in each minute.
    pub fn per_minute(count: NonZeroU32) -> Self {
        Self::new(count.get(), Duration::from_secs(60) / count.get())
    }

    /// Allows this number at once, and one more after each interval.
    pub fn new(at_once: u32, interval: Duration) -> Self {
        Self {
            interval,
            ahead: interval * at_once.saturating_sub(1),
            even_at: HashMap::new(),
            hasher: RandomState::new(),
            tidied: None,
        }
    }

    fn key(&self, key: &impl Hash) -> u64 {
        self.hasher.hash_one(key)
    }

    fn even_at(&self, key: &impl Hash, now: Instant) -> Instant {
        self.even_at.get(&self.key(key)).copied().map_or(now, |at| at.max(now))
    }

    /// Returns the wait until the key may be used again, or `None` if it may be used now.
    pub fn spent(&self, key: &impl Hash, now: Instant) -> Option<Duration> {
        let wait = (self.even_at(key, now) - now).saturating_sub(self.ahead);
        (!wait.is_zero()).then_some(wait)
    }

    /// Returns `true` if there is no room to remember a new key.
    pub fn is_full(&self) -> bool {
        self.even_at.len() >= MOST
    }

    /// Returns `true` if events of this key were counted recently.
    pub fn is_known(&self, key: &impl Hash, now: Instant) -> bool {
        self.even_at(key, now) > now
    }

    /// Counts one event. If there is no room for a new key, the event is not counted.
    pub fn count(&mut self, key: &impl Hash, now: Instant) {
        let even_at = self.even_at(key, now) + self.interval;
        let even_at = even_at.min(now + self.ahead + LONGEST);
        let key = self.key(key);
        if self.even_at.len() >= MOST && !self.even_at.contains_key(&key) {
            self.tidy(now);
            if self.even_at.len() >= MOST {
                return;
            }
        }
        self.even_at.insert(key, even_at);
    }

    fn tidy(&mut self, now: Instant) {
        if self.tidied.is_none_or(|at| now.duration_since(at) >= TIDY) {
            self.even_at.retain(|_, at| *at > now);
            self.tidied = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_at_once_and_then_one_after_each_interval() {
        let (mut tally, start) = (Tally::new(3, Duration::from_secs(2)), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut admit = |key: &str, now| {
            let admitted = tally.spent(&key, now).is_none();
            if admitted {
                tally.count(&key, now);
            }
            admitted
        };
        assert_eq!([(); 4].map(|()| admit("a", start)), [true, true, true, false]);
        assert!(admit("b", start), "another key is not slowed");
        assert!(!admit("a", at(1)) && admit("a", at(2)) && !admit("a", at(2)));
        assert_eq!([(); 4].map(|()| admit("a", at(60))), [true, true, true, false]);
        assert!(tally.is_known(&"a", at(65)) && !tally.is_known(&"a", at(66)));
    }

    #[test]
    fn however_often_it_happened_something_is_left_after_a_minute() {
        let (mut tally, start) = (Tally::new(3, Duration::from_secs(2)), Instant::now());
        for _ in 0..10_000 {
            tally.count(&"a", start);
        }
        assert_eq!(tally.spent(&"a", start), Some(LONGEST));
        assert_eq!(tally.spent(&"a", start + LONGEST), None);
    }

    #[test]
    fn strangers_cannot_make_it_grow() {
        let (mut tally, start) = (Tally::new(1, Duration::from_secs(60)), Instant::now());
        for number in 0..MOST * 3 {
            tally.count(&format!("{number} {}", "x".repeat(1000)), start);
        }
        assert_eq!(tally.even_at.len(), MOST);
        tally.count(&"later", start + Duration::from_secs(61));
        assert_eq!(tally.even_at.len(), 1);
    }
}
