//! Reads one page from one or more collections, by index or by cursor.

use std::cmp::Ordering;

use super::places::{First, Place, order};
use super::section::{From, Section};
use crate::provisioning::document::View;
use crate::provisioning::{Directory, ProvisioningError};
use crate::scim::cursor::{Cursor, Position};
use crate::scim::sort::Sort;
use crate::store::Conn;

type Result<T> = std::result::Result<T, ProvisioningError>;

/// A page of resources.
pub struct Page {
    /// The number of matches on all pages.
    pub total: u64,
    /// The number of matches on this and all following pages, if the search has counted them.
    pub ahead: Option<u64>,
    /// The projected resources.
    pub items: Vec<View>,
    /// The position after which the next page starts, if there is one.
    pub next: Option<Position>,
}

/// All sections of a query.
pub struct Sections(Vec<Section>);

impl Sections {
    /// Creates the list of sections, in the order of the results.
    pub const fn new(sections: Vec<Section>) -> Self {
        Self(sections)
    }

    /// Returns the hash that binds a cursor to this query of this account, and a walk by index also
    /// to its page size.
    pub fn query_hash(&self, directory: &Directory, page_size: Option<u64>) -> u64 {
        let account = directory.enterprise.0.to_string();
        let size = page_size.map(|size| format!("pages of {size}"));
        let mut kinds: Vec<&str> = vec![&account];
        kinds.extend(size.as_deref());
        kinds.extend(self.0.iter().map(|section| section.resource_type.name));
        let first = self.0.first();
        let filter = first.and_then(|section| section.filter_text.as_ref());
        Cursor::query(filter, self.sort(), &kinds)
    }

    fn sort(&self) -> Option<&Sort> {
        self.0.first().and_then(|section| section.sort.as_ref())
    }

    /// Returns `true` if a resource of the page can be long, so that it is sent while it is read.
    pub fn may_be_long(&self) -> bool {
        self.0.iter().any(Section::may_be_long)
    }

    /// Returns `true` if one look-up per section answers the query without evaluating resources.
    pub fn is_plain(&self) -> bool {
        self.0.iter().all(Section::is_plain)
    }

    /// Returns `true` if indexes find few rows however large the account is.
    pub fn are_few(&self) -> bool {
        self.0.iter().all(Section::is_few)
    }

    /// Returns the first page if it contains all matches of a search that finds few.
    pub fn only_page(&self, conn: &mut Conn, limit: u64) -> Result<Option<Vec<View>>> {
        match &self.0[..] {
            [section] if section.sort.is_none() && section.is_few() => section.all(conn, limit),
            _ => Ok(None),
        }
    }

    /// Returns the page from an offset on.
    pub fn by_index(&self, conn: &mut Conn, offset: u64, limit: u64) -> Result<Page> {
        if self.is_plain() {
            return self.plain_by_index(conn, offset, limit);
        }
        // Unsorted places arrive in order, so those before the page need not be kept.
        let skip = if self.sort().is_some() { 0 } else { offset };
        let wanted = offset.saturating_add(limit) - skip;
        let mut first = First::new(usize::try_from(wanted).unwrap_or(usize::MAX), self.sort());
        let mut total = 0;
        for (section, part) in (0..).zip(&self.0) {
            part.places(conn, section, 0, |place| {
                if total >= skip {
                    first.offer(place);
                }
                total += 1;
            })?;
        }
        let mut places = first.into_sorted();
        places.drain(..usize::try_from(offset - skip).unwrap_or(usize::MAX).min(places.len()));
        let given = offset.saturating_add(places.len() as u64);
        let next = places.last().filter(|_| given < total).map(|place| place.position(given));
        Ok(Page { total, ahead: None, items: self.load(conn, &places)?, next })
    }

    /// Like [`Self::by_index`] for plain sections, where the database counts and skips rows.
    fn plain_by_index(&self, conn: &mut Conn, mut offset: u64, mut limit: u64) -> Result<Page> {
        let first = offset;
        let mut page = Page { total: 0, ahead: None, items: Vec::new(), next: None };
        let mut last = None;
        for (number, section) in (0_u8..).zip(&self.0) {
            let count = section.count(conn)?;
            page.total += count;
            if offset < count && limit > 0 {
                let found = section.plain(conn, From::Position(offset), limit)?;
                limit = limit.saturating_sub(found.len() as u64);
                last = found.last().map(|(row, _)| (number, *row)).or(last);
                page.items.extend(found.into_iter().map(|(_, view)| view));
            }
            offset = offset.saturating_sub(count);
        }
        let given = first.saturating_add(page.items.len() as u64);
        page.next = last.filter(|_| given < page.total).map(|(section, row)| Position::Row {
            section,
            row,
            given,
        });
        Ok(page)
    }

    /// Returns the page after a position, or the first one.
    pub fn by_cursor(&self, conn: &mut Conn, after: Option<Position>, limit: u64) -> Result<Page> {
        if self.is_plain() {
            return self.plain_by_cursor(conn, after, limit);
        }
        let (mut total, mut ahead) = (0, 0);
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let sort = self.sort();
        let (given, last) = match after {
            None => (0, None),
            Some(Position::Row { section, row, given }) => {
                (given, Some(Place { key: None, section, row }))
            }
            Some(Position::Sorted { key, section, row, given }) => {
                (given, Some(Place { key, section, row }))
            }
        };
        // One place more than the page holds shows whether there is a next page.
        let mut first = First::new(wanted.saturating_add(1), sort);
        // Every page scans from the first row, because it also counts all matches. With sorting,
        // the order of rows says nothing about the order of results.
        for (section, part) in (0..).zip(&self.0) {
            part.places(conn, section, 0, |place| {
                total += 1;
                if last.as_ref().is_none_or(|last| order(sort, last, &place) == Ordering::Less) {
                    ahead += 1;
                    first.offer(place);
                }
            })?;
        }
        let mut places = first.into_sorted();
        let more = places.len() > wanted;
        places.truncate(wanted);
        let next = places.last().filter(|_| more).map(|place| place.position(given + limit));
        Ok(Page { total, ahead: Some(ahead), items: self.load(conn, &places)?, next })
    }

    /// Like [`Self::by_cursor`] for plain sections, where the database counts and finds the rows
    /// after the last one returned.
    fn plain_by_cursor(
        &self,
        conn: &mut Conn,
        after: Option<Position>,
        limit: u64,
    ) -> Result<Page> {
        let (from, mut row, given) = match after {
            None => (0, 0, 0),
            Some(
                Position::Row { section, row, given }
                | Position::Sorted { section, row, given, .. },
            ) => (section, row, given),
        };
        let mut total = 0;
        let mut found: Vec<(u8, i64, View)> = Vec::new();
        for (number, section) in (0_u8..).zip(&self.0) {
            total += section.count(conn)?;
            // One row more than the page holds shows whether there is a next page.
            let missing = (limit + 1).saturating_sub(found.len() as u64);
            if number < from || missing == 0 || limit == 0 {
                continue;
            }
            let page = section.plain(conn, From::After(row), missing)?;
            found.extend(page.into_iter().map(|(row, view)| (number, row, view)));
            // Only the first section read starts after the last row returned.
            row = 0;
        }
        let more = found.len() as u64 > limit;
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = found.last().filter(|_| more).map(|(section, row, _)| Position::Row {
            section: *section,
            row: *row,
            given: given + limit,
        });
        // Nothing follows the last page, so its matches are all that is ahead.
        let ahead = if more { None } else { Some(found.len() as u64) };
        let items = found.into_iter().map(|(.., view)| view).collect();
        Ok(Page { total, ahead, items, next })
    }

    /// Returns the resources at these places, in the order of the places.
    fn load(&self, conn: &mut Conn, places: &[Place]) -> Result<Vec<View>> {
        let mut loaded: Vec<Option<View>> = vec![None; places.len()];
        for (number, section) in (0_u8..).zip(&self.0) {
            let mut rows = places
                .iter()
                .filter(|place| place.section == number)
                .map(|place| place.row)
                .peekable();
            if rows.peek().is_none() {
                continue;
            }
            let mut views: std::collections::HashMap<i64, View> =
                section.at(conn, rows)?.into_iter().collect();
            for (place, slot) in places.iter().zip(&mut loaded) {
                if place.section == number {
                    *slot = views.remove(&place.row);
                }
            }
        }
        // A row that was deleted since the scan is left out.
        Ok(loaded.into_iter().flatten().collect())
    }
}
