//! Streams the matches of a plan in chunks of rows.

use std::collections::VecDeque;

use super::collection::Collection;
use super::plan::Plan;
use crate::enterprise::AccountPk;
use crate::provisioning::{Directory, ProvisioningError};
use crate::scim::projection::Projection;
use crate::scim::{Filter, Resource};
use crate::store::Conn;

type Result<T> = std::result::Result<T, ProvisioningError>;

/// Rows in memory at once, per look-up.
const AT_ONCE: usize = 500;

/// Visits every match after row `after` in directory order. `shape` contains the attributes that
/// the residual filter and the visitor read.
pub fn matches<C: Collection>(
    conn: &mut Conn,
    directory: &Directory,
    plan: &Plan<C::Lookup>,
    shape: &Projection,
    after: i64,
    mut visit: impl FnMut(i64, &Resource),
) -> Result<()> {
    let mut streams: Vec<Stream<'_, C>> =
        plan.lookups.iter().map(|lookup| Stream::new(lookup, after)).collect();
    loop {
        conn.go_on()?;
        let rows = merge(conn, directory.enterprise, &mut streams)?;
        if rows.is_empty() {
            return Ok(());
        }
        // If resources may be long, only one is in memory at a time.
        let together = if C::may_be_long(shape) { 1 } else { AT_ONCE };
        for rows in rows.chunks(together) {
            let resources = C::views(conn, directory, rows, shape)?;
            for (row, resource) in rows.iter().zip(&resources) {
                if plan.residual.as_ref().is_none_or(|filter| filter.matches(resource)) {
                    visit(C::key(row), resource);
                }
            }
        }
    }
}

/// Returns the rows that the look-ups find, in directory order; `None` if there are more than
/// `most`.
pub fn candidates<C: Collection>(
    conn: &mut Conn,
    directory: &Directory,
    plan: &Plan<C::Lookup>,
    most: u64,
) -> Result<Option<Vec<C::Row>>> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut rows: Vec<C::Row> = Vec::new();
    for lookup in &plan.lookups {
        // One row more than allowed shows that there are too many.
        let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
        rows.extend(C::find(conn, directory.enterprise, lookup, 0, limit)?);
        if rows.len() > most {
            return Ok(None);
        }
    }
    if plan.lookups.len() > 1 {
        rows.sort_by_key(C::key);
        rows.dedup_by_key(|row| C::key(row));
    }
    Ok(Some(rows))
}

/// Returns the rows that the filter matches.
pub fn among<C: Collection>(
    conn: &mut Conn,
    directory: &Directory,
    mut rows: Vec<C::Row>,
    filter: &Filter,
    shape: &Projection,
) -> Result<Vec<C::Row>> {
    let resources = C::views(conn, directory, &rows, shape)?;
    let mut matches = resources.iter().map(|resource| filter.matches(resource));
    rows.retain(|_| matches.next().unwrap_or_default());
    Ok(rows)
}

/// Returns the next rows of all streams merged in order, without duplicates; empty at the end.
fn merge<C: Collection>(
    conn: &mut Conn,
    enterprise: AccountPk,
    streams: &mut [Stream<'_, C>],
) -> Result<Vec<C::Row>> {
    let mut rows: Vec<C::Row> = Vec::with_capacity(AT_ONCE);
    while rows.len() < AT_ONCE {
        let mut least: Option<(i64, usize)> = None;
        for (position, stream) in streams.iter_mut().enumerate() {
            if let Some(key) = stream.peek(conn, enterprise)?
                && least.is_none_or(|(known, _)| key < known)
            {
                least = Some((key, position));
            }
        }
        let Some(row) = least.and_then(|(_, position)| streams.get_mut(position)?.rows.pop_front())
        else {
            break;
        };
        if rows.last().is_none_or(|last| C::key(last) != C::key(&row)) {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// The rows of one look-up, read ahead.
struct Stream<'a, C: Collection> {
    lookup: &'a C::Lookup,
    rows: VecDeque<C::Row>,
    after: i64,
    ended: bool,
}

impl<'a, C: Collection> Stream<'a, C> {
    const fn new(lookup: &'a C::Lookup, after: i64) -> Self {
        Self { lookup, rows: VecDeque::new(), after, ended: false }
    }

    /// Returns the key of the next row.
    fn peek(&mut self, conn: &mut Conn, enterprise: AccountPk) -> Result<Option<i64>> {
        if self.rows.is_empty() && !self.ended {
            let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
            let rows = C::find(conn, enterprise, self.lookup, self.after, limit)?;
            self.ended = rows.len() < AT_ONCE;
            self.after = rows.last().map_or(self.after, C::key);
            self.rows = rows.into();
        }
        Ok(self.rows.front().map(C::key))
    }
}
