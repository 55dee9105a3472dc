//! The operator's lists of accounts and activation codes, with search.

use super::AdministrationError;
use super::listing::{Listing, Position, Section, page};
use crate::enterprise::search::{Findable, Search, Terms};
use crate::enterprise::{AccountPk, ActivationCodePk};
use crate::store::activation_codes::{self, CodeRow};
use crate::store::plans::{self, PlanRow};
use crate::store::search::{self, Hit, Kind};
use crate::store::{Conn, StoreResult};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Lists all accounts that the search finds: in order of creation or, for a search, in alphabetical
/// order of what was found.
pub fn accounts(
    conn: &mut Conn,
    search: Option<&Search>,
    (from, limit): (&Position, i64),
) -> Result<Listing<PlanRow>> {
    page(from, limit, search.is_some(), |at, size| {
        let Some(search) = search else {
            let rows = plans::all(conn, at.pk, size)?;
            return Ok(Section::of_rows(rows, size, |row| row.pk.0, Some));
        };
        let rows = |conn: &mut Conn, pks: &[i64]| -> StoreResult<Vec<(i64, PlanRow)>> {
            let pks: Vec<AccountPk> = pks.iter().copied().map(AccountPk).collect();
            let rows = plans::by_pks(conn, &pks)?;
            Ok(rows.into_iter().map(|row| (row.pk.0, row)).collect())
        };
        found(conn, (Findable::Account, search), (at, size), rows, |row| &row.name)
    })
}

/// Lists all activation codes that the search finds: in order of issue or, for a search, in
/// alphabetical order of what was found.
pub fn codes(
    conn: &mut Conn,
    search: Option<&Search>,
    (from, limit): (&Position, i64),
) -> Result<Listing<CodeRow>> {
    page(from, limit, search.is_some(), |at, size| {
        let Some(search) = search else {
            let rows = activation_codes::all(conn, at.pk, size)?;
            return Ok(Section::of_rows(rows, size, |row| row.pk.0, Some));
        };
        let rows = |conn: &mut Conn, pks: &[i64]| -> StoreResult<Vec<(i64, CodeRow)>> {
            let pks: Vec<ActivationCodePk> = pks.iter().copied().map(ActivationCodePk).collect();
            let rows = activation_codes::by_pks(conn, &pks)?;
            Ok(rows.into_iter().map(|row| (row.pk.0, row)).collect())
        };
        found(conn, (Findable::Code, search), (at, size), rows, |row| &row.customer)
    })
}

fn found<T>(
    conn: &mut Conn,
    (kind, search): (Findable, &Search),
    (at, size): (&Position, i64),
    rows: impl Fn(&mut Conn, &[i64]) -> StoreResult<Vec<(i64, T)>>,
    name: impl Fn(&T) -> &str,
) -> Result<Section<T>> {
    let (kind, after) = (Kind::Stored(kind), at.hit());
    let beginning = search.beginning();
    let hits = search::find(conn, search::SERVER, kind, (beginning, after.as_ref()), size)?;
    let mut pks: Vec<i64> = hits.iter().map(|hit| hit.pk).collect();
    pks.sort_unstable();
    pks.dedup();
    let rows = rows(conn, &pks)?;
    let keep = |hit: &Hit, row: &T| search.shows(&Terms::of_name(name(row)), &hit.term);
    Ok(Section::of_hits(hits, size, rows, keep, |row| row))
}
