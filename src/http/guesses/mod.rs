//! Limits against guessing: one mechanism for whatever secret somebody shows who is not known yet.
//!
//! Failures are counted, by place, by the name that was tried and in total; successes are not. Whoever
//! shows the right secret is let in even while others are guessing: what is limited is still looked
//! at, and only the answer to a wrong one changes. Such looks are counted by place and name together,
//! so that nobody uses up those of another place, nor those of another name at the same place.
//! That is safe because every such secret has far more to guess than the looks that are left: 256
//! random bits, 125 of an activation code, at least 16 characters of the operator's choice.

mod tally;

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::place::Place;
use crate::administration::{AdministrationError, Class, Refusal};
pub use tally::Tally;

/// Failures of one place, and of one name, in a minute.
const FAILURES: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);
/// Failures in total, in a minute.
const FAILURES_IN_TOTAL: NonZeroU32 = NonZeroU32::MIN.saturating_add(5_999);
/// Looks that are left for who is limited, of one place and name: at once, and how soon there is one
/// more.
const LOOKS: (u32, Duration) = (100, Duration::from_millis(100));
/// The same of all together.
const LOOKS_IN_TOTAL: (u32, Duration) = (10_000, Duration::from_millis(1));

struct Known {
    places: Tally,
    names: Tally,
    total: Tally,
    looks: Tally,
    looks_in_total: Tally,
}

impl Known {
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

    /// Whether one more secret of who is limited is looked at.
    fn admit(&mut self, place: Place, name: Option<&str>, now: Instant) -> bool {
        self.looks.admit(&(place, name), now) && self.looks_in_total.admit(&(), now)
    }
}

/// The counts of one kind of secret.
pub struct Guesses(Mutex<Known>);

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
            looks: Tally::new(LOOKS.0, LOOKS.1),
            looks_in_total: Tally::new(LOOKS_IN_TOTAL.0, LOOKS_IN_TOTAL.1),
        }))
    }
}

impl Guesses {
    /// Looks at a secret that was shown at this place, for this name if it belongs to one. What cannot
    /// be a name of ours is none. `is_wrong` says of a refusal whether the secret was guessed wrong.
    ///
    /// # Errors
    /// The refusal; [`TooMany`] instead of it for who has guessed too often, and for everything that
    /// is limited when the looks at it are used up.
    pub async fn look<T, E>(
        &self,
        place: Place,
        name: Option<&str>,
        look: impl Future<Output = Result<T, E>>,
        is_wrong: impl Fn(&E) -> bool,
    ) -> Result<Result<T, E>, TooMany> {
        let limit = self.begin(place, name, Instant::now())?;
        let found = look.await;
        if !found.as_ref().is_err_and(is_wrong) {
            return Ok(found);
        }
        self.fail(place, name, Instant::now());
        limit.map_or(Ok(found), |wait| Err(TooMany::Wrong(seconds(wait))))
    }

    /// How long a look is still limited; none if it is not.
    fn begin(
        &self,
        place: Place,
        name: Option<&str>,
        now: Instant,
    ) -> Result<Option<Duration>, TooMany> {
        let mut known = self.known();
        match known.limit(place, name, now) {
            Some(wait) if !known.admit(place, name, now) => Err(TooMany::Wrong(seconds(wait))),
            limit => Ok(limit),
        }
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
        for _ in 0..100 {
            slowed += usize::from(show(&guesses, 1, "a", false).await == SLOWED);
        }
        assert!((70..=80).contains(&slowed), "{slowed}");
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
    fn nobody_uses_up_the_looks_of_another_place_or_name() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        for _ in 0..30 {
            guesses.fail(place(1), Some("a"), now);
        }
        let is_looked_at = |from, name| guesses.begin(place(from), Some(name), now).is_ok();
        assert_eq!((0..500).filter(|_| is_looked_at(1, "a")).count(), LOOKS.0 as usize);
        assert!(is_looked_at(1, "b"), "another name at the same place");
        guesses.fail(place(2), Some("a"), now);
        assert!(is_looked_at(2, "a"), "the same name at another place");
        assert_eq!(guesses.begin(place(3), Some("a"), now), Ok(None), "who has not failed");
        let again = guesses.begin(place(1), Some("a"), now).unwrap_err().seconds();
        assert!((1..=60).contains(&again), "{again}");
        assert!(guesses.begin(place(1), Some("a"), now + LOOKS.1).is_ok());
    }

    #[test]
    fn places_that_cannot_be_told_apart_any_more_are_limited_in_total() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        for number in 0..20_000_u32 {
            guesses.fail(Place::of_ip(number.to_be_bytes().into()), None, now);
        }
        let new = Place::of_ip([203, 0, 113, 1].into());
        assert!(guesses.begin(new, None, now).unwrap().is_some(), "slowed, and looked at");
        let later = now + Duration::from_secs(600);
        assert_eq!(guesses.begin(new, None, later), Ok(None));
    }
}
