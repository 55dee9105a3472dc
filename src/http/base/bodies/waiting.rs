//! Limits how many bodies of unauthenticated requests are awaited at once.
//!
//! A partly received body takes memory, and its connection takes a slot. A body that is already
//! there when it is read, as nearly all are, is not counted.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::http::base::place::Place;

/// The limit of all places together.
const IN_TOTAL: usize = 1024;
/// The limit of one place.
const FROM_A_PLACE: usize = 128;

#[derive(Debug, Default)]
struct Counts {
    total: usize,
    places: HashMap<Place, usize>,
}

/// The counts. Clones share the same counts.
#[derive(Clone, Debug, Default)]
pub struct Waiting(Arc<Mutex<Counts>>);

/// A body that is awaited; dropping this frees its place in the counts.
#[derive(Debug)]
pub struct Slot {
    waiting: Waiting,
    place: Place,
}

impl Waiting {
    /// Counts one more body, or returns `None` if there are too many.
    pub fn slot(&self, place: Place) -> Option<Slot> {
        let mut counts = self.counts();
        let from_here = counts.places.get(&place).copied().unwrap_or(0);
        if counts.total >= IN_TOTAL || from_here >= FROM_A_PLACE {
            return None;
        }
        counts.total += 1;
        counts.places.insert(place, from_here + 1);
        Some(Slot { waiting: self.clone(), place })
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // A poisoned lock is harmless: no holder can leave the counts half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut counts = self.waiting.counts();
        counts.total -= 1;
        match counts.places.get_mut(&self.place) {
            Some(from_here) if *from_here > 1 => *from_here -= 1,
            _ => drop(counts.places.remove(&self.place)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_cannot_take_what_is_others_and_everything_is_given_back() {
        let waiting = Waiting::default();
        let place = |number: u8| Place::of_ip([192, 0, 2, number].into());
        let all: Vec<Slot> = (0..FROM_A_PLACE).map(|_| waiting.slot(place(1)).unwrap()).collect();
        assert!(waiting.slot(place(1)).is_none());
        let one = waiting.slot(place(2)).unwrap();
        drop(all);
        assert!(waiting.slot(place(1)).is_some());
        drop(one);
        let mut many: Vec<Slot> = Vec::new();
        for number in 0..=255 {
            many.extend((0..8).filter_map(|_| waiting.slot(place(number))));
        }
        assert_eq!(many.len(), IN_TOTAL);
        drop(many);
        let counts = waiting.counts();
        assert!(counts.total == 0 && counts.places.is_empty());
    }
}
