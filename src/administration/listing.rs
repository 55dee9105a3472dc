//! Pages of lists that can be searched and filtered.
//!
//! A list without a search is in the order of rows; a search is in alphabetical order of what was
//! found. Either goes on after a position, so each page costs the same. Where a filter has no index,
//! rows are read in sections and looked at, a bounded number for a page: such a page can hold fewer
//! items than were asked for and still lead on.

use std::collections::HashMap;

use super::AdministrationError;
use crate::store::search::Hit;

type Result<T> = std::result::Result<T, AdministrationError>;

/// The number of rows that are looked at for one page, about.
pub const BUDGET: usize = 5_000;
/// The number of rows that are read at once if a filter may drop some.
const SECTION: i64 = 500;

/// The members of a team or an organization with at most so many are searched one by one. The search
/// of a larger one starts from everybody whom it finds in the account.
pub const FEW: i64 = 1_000;

/// Where a page of a list begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The term after which a search goes on; `None` without a search, and at its start.
    pub term: Option<String>,
    /// The row after which the list goes on.
    pub pk: i64,
}

impl Position {
    /// Returns the position after this row of a list without a search.
    pub const fn row(pk: i64) -> Self {
        Self { term: None, pk }
    }

    /// Returns the place in the index of terms, for a search that goes on.
    pub fn hit(&self) -> Option<Hit> {
        self.term.as_ref().map(|term| Hit { term: term.clone(), pk: self.pk })
    }
}

impl From<Hit> for Position {
    fn from(hit: Hit) -> Self {
        Self { term: Some(hit.term), pk: hit.pk }
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<Position>,
}

impl<T> Listing<T> {
    /// Makes the page of a search that has found all there is at once.
    pub fn of_few(mut found: Vec<(Hit, T)>, from: &Position, limit: i64) -> Self {
        found.sort_by(|one, other| one.0.cmp(&other.0));
        if let Some(after) = from.hit() {
            found.retain(|(hit, _)| *hit > after);
        }
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > most;
        found.truncate(most);
        let next = found.last().filter(|_| more).map(|(hit, _)| hit.clone().into());
        Self { items: found.into_iter().map(|(_, item)| item).collect(), next }
    }

    /// Converts the items.
    pub fn map<R>(self, show: impl FnMut(T) -> R) -> Listing<R> {
        Listing { items: self.items.into_iter().map(show).collect(), next: self.next }
    }
}

/// A part of a list as it is read: the items that pass the filter, each with its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section<T> {
    /// What passes.
    pub found: Vec<(Position, T)>,
    /// Where the next section begins; `None` at the end of the list.
    pub next: Option<Position>,
    /// The number of rows that were looked at.
    pub read: usize,
}

impl<T> Section<T> {
    /// Makes a section of rows in their order, of which `keep` keeps some. The list goes on if there
    /// are as many as were asked for.
    pub fn of_rows<R>(
        rows: Vec<R>,
        size: i64,
        pk: impl Fn(&R) -> i64,
        mut keep: impl FnMut(R) -> Option<T>,
    ) -> Self {
        let (read, last) = (rows.len(), rows.last().map(&pk));
        let next = last.filter(|_| is_full(read, size)).map(Position::row);
        let found = rows.into_iter().filter_map(|row| {
            let position = Position::row(pk(&row));
            Some((position, keep(row)?))
        });
        Self { found: found.collect(), next, read }
    }

    /// Makes a section of what a search has found: of the rows in these places, those that `keep`
    /// keeps at the place.
    pub fn of_hits<R>(
        hits: Vec<Hit>,
        size: i64,
        rows: Vec<(i64, R)>,
        keep: impl Fn(&Hit, &R) -> bool,
        show: impl Fn(R) -> T,
    ) -> Self {
        let (read, last) = (hits.len(), hits.last().cloned());
        let next = last.filter(|_| is_full(read, size)).map(Position::from);
        let mut rows: HashMap<i64, R> = rows.into_iter().collect();
        let found = hits.into_iter().filter_map(|hit| {
            rows.get(&hit.pk).filter(|row| keep(&hit, row))?;
            let row = rows.remove(&hit.pk)?;
            Some((hit.into(), show(row)))
        });
        Self { found: found.collect(), next, read }
    }
}

fn is_full(read: usize, size: i64) -> bool {
    i64::try_from(read).is_ok_and(|read| read >= size)
}

/// Reads a page section by section, until it is full or the budget is used up. `read` gets where to
/// begin and how many rows to read.
///
/// # Errors
/// Returns the error of `read`.
pub fn page<T>(
    from: &Position,
    limit: i64,
    is_filtered: bool,
    mut read: impl FnMut(&Position, i64) -> Result<Section<T>>,
) -> Result<Listing<T>> {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let size = if is_filtered { SECTION.max(limit + 1) } else { limit + 1 };
    let mut found: Vec<(Position, T)> = Vec::new();
    let (mut position, mut spent) = (Some(from.clone()), 0);
    while let Some(at) = position.take_if(|_| found.len() <= most && spent < BUDGET) {
        let section = read(&at, size)?;
        found.extend(section.found);
        spent += section.read;
        position = section.next;
    }
    if found.len() > most {
        found.truncate(most);
        position = found.last().map(|(position, _)| position.clone());
    }
    Ok(Listing { items: found.into_iter().map(|(_, item)| item).collect(), next: position })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of numbers, of which every so-many-th passes.
    fn numbers(from: i64, limit: i64, last: i64, every: i64) -> (Vec<i64>, Option<i64>, usize) {
        let mut read = 0;
        let found = page(&Position::row(from), limit, every > 1, |at, size| {
            let rows: Vec<i64> = (at.pk + 1..=last).take(usize::try_from(size).unwrap()).collect();
            read += rows.len();
            Ok(Section::of_rows(rows, size, |row| *row, |row| (row % every == 0).then_some(row)))
        })
        .unwrap();
        (found.items, found.next.map(|next| next.pk), read)
    }

    #[test]
    fn a_page_is_full_or_the_last_or_leads_on_after_its_budget() {
        assert_eq!(numbers(0, 3, 9, 1), (vec![1, 2, 3], Some(3), 4));
        assert_eq!(numbers(6, 3, 9, 1), (vec![7, 8, 9], None, 3));
        assert_eq!(numbers(0, 2, 900, 100), (vec![100, 200], Some(200), 500));
        assert_eq!(numbers(200, 9, 900, 100).0.len(), 7);
        assert_eq!(numbers(0, 9, 1_000_000, 900_000), (vec![], Some(5_000), 5_000));
    }

    #[test]
    fn what_was_found_twice_is_listed_once_in_its_place() {
        let hit = |term: &str, pk| Hit { term: term.to_owned(), pk };
        let hits = vec![hit("babs", 1), hit("barbara", 1), hit("bo", 2), hit("gone", 3)];
        let rows = vec![(1, "one"), (2, "two")];
        let section = Section::of_hits(
            hits,
            4,
            rows,
            |hit, row| hit.term != "babs" || *row != "one",
            str::to_owned,
        );
        let found: Vec<&str> = section.found.iter().map(|(_, row)| row.as_str()).collect();
        assert_eq!(found, ["one", "two"]);
        assert_eq!(section.found[0].0, hit("barbara", 1).into());
        assert_eq!(section.next, Some(hit("gone", 3).into()));
    }
}
