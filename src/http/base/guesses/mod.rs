//! Limits against guessing: one mechanism for whatever secret somebody shows who is not known yet.
//!
//! Failures are counted, by place, by the name that was tried and in total; successes are not. Whoever
//! shows the right secret is let in however many others are guessing, from the same place, too, which
//! may be a proxy that many share: every secret is looked at, and only the answer to a wrong one
//! changes. That is safe because no such secret can be found by trying: 256 random bits, 125 of an
//! activation code, at least 16 characters of the operator's choice. What the looks cost is bounded
//! where it is spent: by the readers' queue and by the lane of strangers' writes.

mod tally;

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::administration::{AdministrationError, Class, Refusal};
use crate::http::base::place::Place;
pub use tally::Tally;

/// Failures of one place, and of one name, in a minute.
const FAILURES: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);
/// Failures in total, in a minute.
const FAILURES_IN_TOTAL: NonZeroU32 = NonZeroU32::MIN.saturating_add(5_999);

struct Tallies {
    places: Tally,
    names: Tally,
    total: Tally,
}

impl Tallies {
    /// How long until this place and name are not limited; none if they are not. Who has not failed
    /// lately is not limited by what others do, as long as it can be told who has.
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

/// The counts of one kind of secret.
pub struct GuessLimit(Mutex<Tallies>);

/// Something was done too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMany {
    /// Too many guesses.
    #[error(
        "Too many wrong attempts came from where you are, or were made at this. Check what you send, \
         and try again after {0} seconds."
    )]
    Wrong(u64),
    /// Too many mails.
    #[error("Too many mails were asked for from where you are. Try again after {0} seconds.")]
    Mails(u64),
}

impl TooMany {
    /// After how many seconds it can be tried again.
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

/// Whole seconds, at least one.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + 1
}

impl Default for Guesses {
    fn default() -> Self {
        Self(Mutex::new(Known {
            places: Tally::per_minute(FAILURES),
            names: Tally::per_minute(FAILURES),
            total: Tally::per_minute(FAILURES_IN_TOTAL),
        }))
    }
}

impl Guesses {
    /// Looks at a secret that was shown at this place, for this name if it belongs to one. What cannot
    /// be a name of ours is none. `is_wrong` says of a refusal whether the secret was guessed wrong.
    ///
    /// # Errors
    /// The refusal; [`TooMany`] instead of it for who has guessed too often.
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

    fn known(&self) -> MutexGuard<'_, Known> {
        // Nothing that holds it can leave it half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a use case refused because a secret was guessed wrong.
pub fn is_wrong(error: &AdministrationError) -> bool {
    matches!(error, AdministrationError::Refused(refusal) if refusal.is_wrong_secret())
}

/// How often something may be done, by a key of which a stranger has few.
pub struct Pace(Mutex<Tally>);

impl Pace {
    /// So often in a minute.
    pub fn per_minute(count: NonZeroU32) -> Self {
        Self(Mutex::new(Tally::per_minute(count)))
    }

    /// Does it once more now, if that may be.
    ///
    /// # Errors
    /// The seconds until then.
    pub fn admit(&self, key: &impl Hash) -> Result<(), u64> {
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

    /// Shows a secret that is right or not; gives whether it was answered as such.
    async fn show(guesses: &Guesses, from: u8, name: &str, right: bool) -> Result<bool, ()> {
        let look = std::future::ready(if right { Ok(()) } else { Err(()) });
        let shown = guesses.look(place(from), Some(name), look, |()| true).await;
        shown.map(|found| found.is_ok()).map_err(drop)
    }

    #[tokio::test]
    async fn who_guesses_is_slowed_and_who_is_right_is_let_in_all_the_same() {
        let guesses = Guesses::default();
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
        let guesses = Guesses::default();
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
