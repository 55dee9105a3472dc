//! Places of matches in the results, and the first so many of them.

use std::cmp::Ordering;

use crate::scim::cursor::Position;
use crate::scim::sort::{Sort, SortKey};

/// A match by its place: sort key, section, row.
#[derive(Clone, Debug)]
pub struct Place {
    /// What it is sorted by, if the results are.
    pub key: Option<SortKey>,
    /// Which collection.
    pub section: u8,
    /// Which row.
    pub row: i64,
}

impl Place {
    /// As a cursor holds it, after this many items.
    pub fn position(&self, given: u64) -> Position {
        Position::Sorted { key: self.key.clone(), section: self.section, row: self.row, given }
    }
}

/// Which of two places comes first.
pub fn order(sort: Option<&Sort>, one: &Place, other: &Place) -> Ordering {
    let by_key = sort.map_or(Ordering::Equal, |sort| sort.compare(&one.key, &other.key));
    by_key.then_with(|| (one.section, one.row).cmp(&(other.section, other.row)))
}

/// Keeps the first so many of any number of places, in memory of that size.
pub struct First<'a> {
    wanted: usize,
    sort: Option<&'a Sort>,
    places: Vec<Place>,
}

impl<'a> First<'a> {
    /// Keeps this many.
    pub const fn new(wanted: usize, sort: Option<&'a Sort>) -> Self {
        Self { wanted, sort, places: Vec::new() }
    }

    /// Offers one more place.
    pub fn offer(&mut self, place: Place) {
        // Unsorted, places come in order and only the first ones count.
        if self.wanted == 0 || (self.sort.is_none() && self.places.len() >= self.wanted) {
            return;
        }
        self.places.push(place);
        if self.places.len() >= self.wanted.saturating_mul(2).saturating_add(1000) {
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        let sort = self.sort;
        self.places.sort_unstable_by(|one, other| order(sort, one, other));
        self.places.truncate(self.wanted);
    }

    /// The first ones, in order.
    pub fn into_sorted(mut self) -> Vec<Place> {
        self.shrink();
        self.places
    }
}
