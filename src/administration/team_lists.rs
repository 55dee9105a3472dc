//! The lists of teams and of their members, with search and filters.

use std::collections::HashMap;

use super::listing::{FEW, Listing, Position, Section, page};
use super::teams::{self as administered, LinkedTeam};
use super::{AdministrationError, organizations};
use crate::enterprise::search::{Findable, Search, Terms};
use crate::enterprise::{AccountPk, MemberPk, MemberSource, OrganizationPk, TeamPk, TeamSource};
use crate::store::access::Organization;
use crate::store::members::MemberRow;
use crate::store::search::{self, Kind};
use crate::store::team_members::{self, Membership};
use crate::store::teams::{self, TeamRow};
use crate::store::{Conn, team_links, team_lists};

type Result<T> = std::result::Result<T, AdministrationError>;

/// A filter for teams; fields that are `None` do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only teams that the search finds.
    pub search: Option<Search>,
    /// Only teams from this source.
    pub source: Option<TeamSource>,
    /// Only teams that are linked to the organization with this id.
    pub organization: Option<String>,
}

/// Lists the account's teams that pass the filter: in order of creation or, for a search, in
/// alphabetical order of what was found.
///
/// # Errors
/// Fails if there is no such organization.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    filter: &Filter,
    (from, limit): (&Position, i64),
) -> Result<Listing<LinkedTeam>> {
    let organization = filter.organization.as_deref();
    let organization = organization
        .map(|id| organizations::require(conn, enterprise, id))
        .transpose()?
        .map(|row| row.pk);
    let criteria = [filter.search.is_some(), filter.source.is_some(), organization.is_some()];
    let drops_rows = filter.search.is_some() || criteria.iter().filter(|one| **one).count() > 1;
    let rows = page(from, limit, drops_rows, |at, size| match &filter.search {
        Some(search) => found(conn, enterprise, (filter, search, organization), (at, size)),
        None => unsearched(conn, enterprise, (filter, organization), (at.pk, size)),
    })?;
    linked(conn, rows)
}

fn unsearched(
    conn: &mut Conn,
    enterprise: AccountPk,
    (filter, organization): (&Filter, Option<OrganizationPk>),
    (after, size): (i64, i64),
) -> Result<Section<TeamRow>> {
    let rows = match (organization, filter.source) {
        (Some(organization), _) => {
            let pks = team_lists::linked_to(conn, organization, after, size)?;
            teams::by_pks(conn, enterprise, &pks)?
        }
        (None, Some(source)) => team_lists::of_source(conn, enterprise, source, after, size)?,
        (None, None) => teams::all(conn, enterprise, after, size)?,
    };
    let keep =
        |row: TeamRow| filter.source.is_none_or(|source| source == row.source).then_some(row);
    Ok(Section::of_rows(rows, size, |row| row.pk.0, keep))
}

fn found(
    conn: &mut Conn,
    enterprise: AccountPk,
    (filter, search, organization): (&Filter, &Search, Option<OrganizationPk>),
    (at, size): (&Position, i64),
) -> Result<Section<TeamRow>> {
    let (kind, after) = (Kind::Stored(Findable::Team), at.hit());
    let hits = search::find(conn, enterprise, kind, (search.beginning(), after.as_ref()), size)?;
    let mut pks: Vec<TeamPk> = hits.iter().map(|hit| TeamPk(hit.pk)).collect();
    pks.sort_unstable();
    pks.dedup();
    let linked = organization
        .map(|organization| team_lists::linked_among(conn, organization, &pks))
        .transpose()?;
    let rows = teams::by_pks(conn, enterprise, &pks)?;
    let rows = rows.into_iter().map(|row| (row.pk.0, row)).collect();
    let keep = |hit: &search::Hit, row: &TeamRow| {
        search.shows(&Terms::of_name(&row.name), &hit.term)
            && filter.source.is_none_or(|source| source == row.source)
            && linked.as_ref().is_none_or(|linked| linked.contains(&row.pk))
    };
    Ok(Section::of_hits(hits, size, rows, keep, |row| row))
}

fn linked(conn: &mut Conn, rows: Listing<TeamRow>) -> Result<Listing<LinkedTeam>> {
    let pks: Vec<TeamPk> = rows.items.iter().map(|row| row.pk).collect();
    let mut links: HashMap<TeamPk, Vec<Organization>> = HashMap::new();
    for (pk, id, name) in team_links::of_teams(conn, &pks)? {
        links.entry(pk).or_default().push(Organization { id, name });
    }
    Ok(rows
        .map(|team| LinkedTeam { organizations: links.remove(&team.pk).unwrap_or_default(), team }))
}

/// A filter for the members of a team; fields that are `None` do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MembersFilter {
    /// Only members that the search finds.
    pub search: Option<Search>,
    /// Only members whom an administrator has added, or only those whom SCIM alone has added.
    pub source: Option<MemberSource>,
}

impl MembersFilter {
    fn has(&self, membership: &Membership) -> bool {
        self.source.is_none_or(|source| membership.by_hand == (source == MemberSource::Manual))
    }
}

/// Lists the members of a team that pass the filter: in the order in which they joined the account
/// or, for a search, in alphabetical order of what was found.
///
/// # Errors
/// Fails if the team does not exist.
pub fn members(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
    filter: &MembersFilter,
    (from, limit): (&Position, i64),
) -> Result<Listing<Membership>> {
    let team = administered::require(conn, enterprise, id)?;
    match (&filter.search, filter.source) {
        (Some(search), _) if team.member_count <= FEW => {
            small(conn, &team, (filter, search), (from, limit))
        }
        (Some(search), _) => page(from, limit, true, |at, size| {
            members_found(conn, &team, (filter, search), (at, size))
        }),
        (None, Some(MemberSource::Manual)) => page(from, limit, false, |at, size| {
            let pks = team_lists::added_by_hand(conn, team.pk, at.pk, size)?;
            let rows = team_lists::memberships_among(conn, team.pk, &pks)?;
            let show = |(membership, _)| Some(membership);
            Ok(Section::of_rows(rows, size, |(_, row)| row.pk.0, show))
        }),
        (None, source) => page(from, limit, source.is_some(), |at, size| {
            let rows = team_members::addresses(conn, team.pk, at.pk, size)?;
            let keep = |row: Membership| filter.has(&row).then_some(row);
            Ok(Section::of_rows(rows, size, |row| row.member_pk.0, keep))
        }),
    }
}

fn members_found(
    conn: &mut Conn,
    team: &TeamRow,
    (filter, search): (&MembersFilter, &Search),
    (at, size): (&Position, i64),
) -> Result<Section<Membership>> {
    let (kind, after) = (Kind::Stored(Findable::Member), at.hit());
    let beginning = search.beginning();
    let hits = search::find(conn, team.enterprise_pk, kind, (beginning, after.as_ref()), size)?;
    let mut pks: Vec<MemberPk> = hits.iter().map(|hit| MemberPk(hit.pk)).collect();
    pks.sort_unstable();
    pks.dedup();
    let rows = team_lists::memberships_among(conn, team.pk, &pks)?;
    let rows = rows.into_iter().map(|row| (row.1.pk.0, row)).collect();
    let keep = |hit: &search::Hit, (membership, row): &(Membership, MemberRow)| {
        search.shows(&row.terms(), &hit.term) && filter.has(membership)
    };
    Ok(Section::of_hits(hits, size, rows, keep, |(membership, _)| membership))
}

/// Searches a small team as a whole, and gives its page in the same order as the search of a large
/// one.
fn small(
    conn: &mut Conn,
    team: &TeamRow,
    (filter, search): (&MembersFilter, &Search),
    (from, limit): (&Position, i64),
) -> Result<Listing<Membership>> {
    let rows = team_lists::memberships(conn, team.pk, 0, 2 * FEW)?;
    let found = rows
        .into_iter()
        .filter(|(membership, _)| filter.has(membership))
        .filter_map(|(membership, row)| {
            let term = search.place(&row.terms())?.to_owned();
            Some((search::Hit { term, pk: row.pk.0 }, membership))
        })
        .collect();
    Ok(Listing::of_few(found, from, limit))
}
