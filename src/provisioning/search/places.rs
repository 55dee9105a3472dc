//! Positions of matches in the results, and a bounded buffer that keeps the first of them.

use std::cmp::Ordering;

use crate::scim::cursor::Position;
use crate::scim::sort::{Sort, SortKey};

/// The position of a match: sort key, section, row.
#[derive(Clone, Debug)]
pub struct Place {
    /// The sort key, if the results are sorted.
    pub key: Option<SortKey>,
    /// The number of the section.
    pub section: u8,
    /// The key of the row.
    pub row: i64,
}

impl Place {
    /// Converts the place to a cursor position after `given` items.
    pub fn position(&self, given: u64) -> Position {
        Position::Sorted { key: self.key.clone(), section: self.section, row: self.row, given }
    }
}

/// Compares two places by their order in the results.
pub fn order(sort: Option<&Sort>, one: &Place, other: &Place) -> Ordering {
    let by_key = sort.map_or(Ordering::Equal, |sort| sort.compare(&one.key, &other.key));
    by_key.then_with(|| (one.section, one.row).cmp(&(other.section, other.row)))
}

/// A buffer that keeps the first places of any number of offered ones. Its memory depends only on
/// how many are kept.
pub struct First<'a> {
    wanted: usize,
    sort: Option<&'a Sort>,
    places: Vec<Place>,
}

impl<'a> First<'a> {
    pub const fn new(wanted: usize, sort: Option<&'a Sort>) -> Self {
        Self { wanted, sort, places: Vec::new() }
    }

    pub fn offer(&mut self, place: Place) {
        // Unsorted places arrive in order, so only the first ones count.
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

    /// Returns the places that were kept, in order.
    pub fn into_sorted(mut self) -> Vec<Place> {
        self.shrink();
        self.places
    }
}
