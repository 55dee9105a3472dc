//! The list of organizations, with search and numbers of people and teams.

use super::AdministrationError;
use super::listing::{Listing, Position, Section, page};
use crate::enterprise::search::{Findable, Search, Terms};
use crate::enterprise::{AccountPk, OrganizationPk};
use crate::store::organizations::{self, OrganizationRow};
use crate::store::search::{self, Hit, Kind};
use crate::store::{Conn, reach, team_lists};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The maximum number of people that are counted in one organization.
pub const MOST_COUNTED: i64 = 500;

/// An organization as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedOrganization {
    /// The organization as stored.
    pub row: OrganizationRow,
    /// The number of linked teams.
    pub teams: i64,
    /// The number of people with access, of the first [`MOST_COUNTED`] who may have it.
    pub people: i64,
    /// Whether there are more.
    pub has_more_people: bool,
}

/// The numbers of people and teams of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// The number of linked teams.
    pub teams: i64,
    /// The number of people with access, of the first [`MOST_COUNTED`] who may have it.
    pub people: i64,
    /// Whether there are more.
    pub has_more_people: bool,
}

/// Lists the account's organizations that the search finds: in order of creation or, for a search,
/// in alphabetical order of what was found.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    search: Option<&Search>,
    (from, limit): (&Position, i64),
) -> Result<Listing<ListedOrganization>> {
    let rows = find(conn, enterprise, search, (from, limit))?;
    let mut items = Vec::with_capacity(rows.items.len());
    for row in rows.items {
        items.push(counted(conn, enterprise, row)?);
    }
    Ok(Listing { items, next: rows.next })
}

/// Like [`list`], without counting people and teams.
pub fn find(
    conn: &mut Conn,
    enterprise: AccountPk,
    search: Option<&Search>,
    (from, limit): (&Position, i64),
) -> Result<Listing<OrganizationRow>> {
    page(from, limit, search.is_some(), |at, size| match search {
        Some(search) => found(conn, enterprise, search, (at, size)),
        None => {
            let rows = organizations::find(conn, enterprise, at.pk, size)?;
            Ok(Section::of_rows(rows, size, |row| row.pk.0, Some))
        }
    })
}

fn found(
    conn: &mut Conn,
    enterprise: AccountPk,
    search: &Search,
    (at, size): (&Position, i64),
) -> Result<Section<OrganizationRow>> {
    let (kind, after) = (Kind::Stored(Findable::Organization), at.hit());
    let hits = search::find(conn, enterprise, kind, (search.beginning(), after.as_ref()), size)?;
    let mut pks: Vec<OrganizationPk> = hits.iter().map(|hit| OrganizationPk(hit.pk)).collect();
    pks.sort_unstable();
    pks.dedup();
    let rows = organizations::by_pks(conn, enterprise, &pks)?;
    let rows = rows.into_iter().map(|row| (row.pk.0, row)).collect();
    let keep =
        |hit: &Hit, row: &OrganizationRow| search.shows(&Terms::of_name(&row.name), &hit.term);
    Ok(Section::of_hits(hits, size, rows, keep, |row| row))
}

fn counted(
    conn: &mut Conn,
    enterprise: AccountPk,
    row: OrganizationRow,
) -> Result<ListedOrganization> {
    let Numbers { teams, people, has_more_people } = numbers(conn, enterprise, row.pk)?;
    Ok(ListedOrganization { row, teams, people, has_more_people })
}

/// Counts the people and teams of an organization of the account.
pub(super) fn numbers(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: OrganizationPk,
) -> Result<Numbers> {
    let ways = reach::ways(conn, organization)?;
    let mut pks = reach::members_by(conn, enterprise, organization, &ways, (0, MOST_COUNTED + 1))?;
    let has_more_people = pks.len() as i64 > MOST_COUNTED;
    pks.truncate(usize::try_from(MOST_COUNTED).unwrap_or(usize::MAX));
    Ok(Numbers {
        teams: team_lists::count_linked(conn, organization)?,
        people: reach::count_active(conn, &pks)?,
        has_more_people,
    })
}
