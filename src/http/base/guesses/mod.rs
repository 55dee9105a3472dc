//! Limits against guessing, for every secret that an unauthenticated client presents.
//!
//! Failures are counted by place, by the name that was tried, and in total; successes are not. A
//! client with the right secret is let in however many others are guessing, even from the same
//! place, which may be a proxy that many share: every secret is checked, and only the answer to a
//! wrong one changes. That is safe because no such secret can be guessed: they have 256 random
//! bits, 125 in an activation code, or at least 16 characters of the operator's choice. The cost of
//! the checks is bounded where it arises: by the readers' queue and by the lane of unauthenticated
//! writes.

mod tally;

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::administration::{AdministrationError, Class, Refusal};
use crate::http::base::place::Place;
pub use tally::Tally;

/// The number of failures per minute that one place, or one name, may have.
const FAILURES: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);
/// The number of failures per minute in total.
const FAILURES_IN_TOTAL: NonZeroU32 = NonZeroU32::MIN.saturating_add(5_999);

struct Tallies {
    places: Tally,
    names: Tally,
    total: Tally,
}

impl Tallies {
    /// Returns how long this place and name are limited, or `None` if they are not. A place without
    /// recent failures is not limited by the failures of others, as long as there is room to
    /// remember which places have failed.
    fn limit(&self, place: Place, name: Option<&str>, now: Instant) -> Option<Duration> {
        let own = self.places.spent(&place, now);
        let by_others = || {
            let name = name.and_then(|name| self.names.spent(&name, now));
            name.max(self.total.spent(&(), now))
        };
        let is_suspect = self.places.is_known(&place, now) || self.places.is_full();
        if is_suspect { own.max(by_others()) } else { own }
    }
}

/// The limit against guessing one kind of secret.
pub struct GuessLimit(Mutex<Tallies>);

/// The error if a client has done something too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMany {
    /// Too many wrong secrets.
    #[error(
        "Too many wrong attempts came from your network, or were made at the same name. Check what \
         you send, and try again after {0} seconds."
    )]
    Wrong(u64),
    /// Too many requested mails.
    #[error("Too many mails were requested from your network. Try again after {0} seconds.")]
    Mails(u64),
}

impl TooMany {
    /// Returns the seconds after which to retry.
    pub const fn seconds(self) -> u64 {
        match self {
            Self::Wrong(seconds) | Self::Mails(seconds) => seconds,
        }
    }
}

impl Refusal for TooMany {
    fn class(&self) -> Class {
        Class::TooMany
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Wrong(_) => "too-many-attempts",
            Self::Mails(_) => "too-many-mails",
        }
    }

    fn retry_after(&self) -> u64 {
        self.seconds()
    }
}

/// Rounds up to whole seconds, at least one.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + 1
}

impl Default for GuessLimit {
    fn default() -> Self {
        Self(Mutex::new(Tallies {
            places: Tally::per_minute(FAILURES),
            names: Tally::per_minute(FAILURES),
            total: Tally::per_minute(FAILURES_IN_TOTAL),
        }))
    }
}

impl GuessLimit {
    /// Checks a secret that came from this place by running `look`. `name` is the id that the
    /// secret belongs to, if it has one; pass `None` for a name that cannot be one of ours.
    /// `is_wrong` tells a wrong secret from other refusals.
    ///
    /// # Errors
    /// Returns [`TooMany`] instead of the refusal if there were too many failures.
    pub async fn look<T, E>(
        &self,
        place: Place,
        name: Option<&str>,
        look: impl Future<Output = Result<T, E>>,
        is_wrong: impl Fn(&E) -> bool,
    ) -> Result<Result<T, E>, TooMany> {
        let limit = self.known().limit(place, name, Instant::now());
        let found = look.await;
        if !found.as_ref().is_err_and(is_wrong) {
            return Ok(found);
        }
        self.fail(place, name, Instant::now());
        limit.map_or(Ok(found), |wait| Err(TooMany::Wrong(seconds(wait))))
    }

    fn fail(&self, place: Place, name: Option<&str>, now: Instant) {
        let mut known = self.known();
        known.places.count(&place, now);
        if let Some(name) = name {
            known.names.count(&name, now);
        }
        known.total.count(&(), now);
    }

    fn known(&self) -> MutexGuard<'_, Tallies> {
        // A poisoned lock is harmless: no holder can leave the counts half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns `true` if a use case refused because of a wrong secret.
pub fn is_wrong(error: &AdministrationError) -> bool {
    matches!(error, AdministrationError::Refused(refusal) if refusal.is_wrong_secret())
}

/// A rate limit, by a key of which an attacker has only few.
pub struct RequestLimit(Mutex<Tally>);

impl RequestLimit {
    /// Allows this number per minute.
    pub fn per_minute(count: NonZeroU32) -> Self {
        Self(Mutex::new(Tally::per_minute(count)))
    }

    /// Counts one more for the key, if the limit allows it.
    ///
    /// # Errors
    /// Returns the seconds to wait if the limit is reached.
    pub fn spend(&self, key: &impl Hash) -> Result<(), u64> {
        let now = Instant::now();
        let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match tally.spent(key, now) {
            Some(wait) => Err(seconds(wait)),
            None => {
                tally.count(key, now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOWED: Result<bool, ()> = Err(());

    fn place(number: u8) -> Place {
        Place::of_ip([192, 0, 2, number].into())
    }

    /// Presents a right or wrong secret; returns whether it was answered as right.
    async fn show(guesses: &GuessLimit, from: u8, name: &str, right: bool) -> Result<bool, ()> {
        let look = std::future::ready(if right { Ok(()) } else { Err(()) });
        let shown = guesses.look(place(from), Some(name), look, |()| true).await;
        shown.map(|found| found.is_ok()).map_err(drop)
    }

    #[tokio::test]
    async fn who_guesses_is_slowed_and_who_is_right_is_let_in_all_the_same() {
        let guesses = GuessLimit::default();
        let mut slowed = 0;
        for _ in 0..1000 {
            slowed += usize::from(show(&guesses, 1, "a", false).await == SLOWED);
        }
        assert!((970..=980).contains(&slowed), "{slowed}");
        assert_eq!(show(&guesses, 1, "a", true).await, Ok(true), "the same place and name");
        assert_eq!(show(&guesses, 1, "b", true).await, Ok(true), "the same place");
        assert_eq!(show(&guesses, 2, "a", true).await, Ok(true), "the same name");
        assert_eq!(show(&guesses, 2, "a", false).await, Ok(false), "a first mistake is told");
        assert_eq!(show(&guesses, 2, "a", false).await, SLOWED, "the name is being guessed");
        assert_eq!(show(&guesses, 2, "b", false).await, Ok(false), "another name is not");
    }

    #[tokio::test]
    async fn being_right_is_not_counted() {
        let guesses = GuessLimit::default();
        for _ in 0..1000 {
            assert_eq!(show(&guesses, 1, "a", true).await, Ok(true));
        }
        assert_eq!(show(&guesses, 1, "a", false).await, Ok(false));
    }

    #[test]
    fn places_that_cannot_be_told_apart_any_more_are_limited_in_total() {
        let (guesses, now) = (GuessLimit::default(), Instant::now());
        for number in 0..20_000_u32 {
            guesses.fail(Place::of_ip(number.to_be_bytes().into()), None, now);
        }
        let new = Place::of_ip([203, 0, 113, 1].into());
        assert!(guesses.known().limit(new, None, now).is_some());
        let later = now + Duration::from_secs(600);
        assert_eq!(guesses.known().limit(new, None, later), None);
    }
}
