//! The list of members, with search and filters.

use std::collections::HashMap;

use super::AdministrationError;
use super::listing::{Listing, Position, Section, page};
use super::members::{self as administered, ClaimedMember};
use crate::enterprise::search::{Findable, Search};
use crate::enterprise::{AccountPk, MemberPk, Timestamp, activity as rule};
use crate::store::activity::{self, Activity};
use crate::store::member_lists::{self, MemberKind, TeamsOf};
use crate::store::member_lookups::{self, MemberLookup};
use crate::store::members::{self, MemberRow};
use crate::store::search::{self, Hit, Kind};
use crate::store::{Conn, claims};

type Result<T> = std::result::Result<T, AdministrationError>;

/// A filter for members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only members that the search finds.
    pub search: Option<Search>,
    /// Only members of this kind.
    pub kind: MemberKind,
}

/// A member as the list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedMember {
    /// The member, and when it was claimed.
    pub claimed: ClaimedMember,
    /// The member's teams.
    pub teams: TeamsOf,
    /// The last active day, counted from 1970, if it is recent enough to be shown.
    pub last_active: Option<i64>,
}

/// Lists the account's members that pass the filter: in the order in which they joined or, for a
/// search, in alphabetical order of what was found.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
    filter: &Filter,
    (from, limit): (&Position, i64),
) -> Result<Listing<ListedMember>> {
    let rows = rows(conn, enterprise, filter, (from, limit))?;
    let items = describe(conn, rows.items, now)?;
    Ok(Listing { items, next: rows.next })
}

/// Returns the member with this id as the list shows it.
///
/// # Errors
/// Fails if the member does not exist.
pub fn get(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
    now: Timestamp,
) -> Result<ListedMember> {
    let row = administered::require(conn, enterprise, id)?;
    let unknown = || AdministrationError::NotFound { kind: "The member", id: id.to_owned() };
    describe(conn, vec![row], now)?.pop().ok_or_else(unknown)
}

fn rows(
    conn: &mut Conn,
    enterprise: AccountPk,
    filter: &Filter,
    (from, limit): (&Position, i64),
) -> Result<Listing<MemberRow>> {
    let Some(search) = &filter.search else {
        return page(from, limit, false, |at, size| {
            let rows = of_kind(conn, enterprise, &filter.kind, at.pk, size)?;
            Ok(Section::of_rows(rows, size, |row| row.pk.0, Some))
        });
    };
    page(from, limit, true, |at, size| {
        found(conn, enterprise, search, (at, size), |hit, row| {
            search.shows(&row.terms(), &hit.term) && filter.kind.has(row)
        })
    })
}

/// Returns members of a kind after row `after`, in the order in which they joined.
pub(super) fn of_kind(
    conn: &mut Conn,
    enterprise: AccountPk,
    kind: &MemberKind,
    after: i64,
    limit: i64,
) -> Result<Vec<MemberRow>> {
    if kind.is_any() {
        return Ok(member_lookups::find(conn, enterprise, &MemberLookup::All, after, limit)?);
    }
    let pks = member_lists::of_kind(conn, enterprise, kind, after, limit)?;
    Ok(members::by_pks(conn, enterprise, &pks)?)
}

/// Reads a section of the members that the search finds, in alphabetical order.
pub(super) fn found(
    conn: &mut Conn,
    enterprise: AccountPk,
    search: &Search,
    (at, size): (&Position, i64),
    keep: impl Fn(&Hit, &MemberRow) -> bool,
) -> Result<Section<MemberRow>> {
    let kind = Kind::Stored(Findable::Member);
    let after = at.hit();
    let hits = search::find(conn, enterprise, kind, (search.beginning(), after.as_ref()), size)?;
    let mut pks: Vec<MemberPk> = hits.iter().map(|hit| MemberPk(hit.pk)).collect();
    pks.sort_unstable();
    pks.dedup();
    let rows = members::by_pks(conn, enterprise, &pks)?;
    let rows = rows.into_iter().map(|row| (row.pk.0, row)).collect();
    Ok(Section::of_hits(hits, size, rows, keep, |row| row))
}

/// Returns the last active day of each of these members, if it is recent enough to be shown.
pub(super) fn last_active(
    conn: &mut Conn,
    pks: &[MemberPk],
    now: Timestamp,
) -> Result<HashMap<MemberPk, i64>> {
    let known: Vec<(MemberPk, Activity)> = activity::of_members(conn, pks, now)?;
    let shown =
        |(pk, activity): (MemberPk, Activity)| Some((pk, rule::shown(activity.last, now.day())?));
    Ok(known.into_iter().filter_map(shown).collect())
}

fn describe(conn: &mut Conn, rows: Vec<MemberRow>, now: Timestamp) -> Result<Vec<ListedMember>> {
    let pks: Vec<MemberPk> = rows.iter().map(|row| row.pk).collect();
    let claimed: HashMap<MemberPk, Timestamp> = claims::of_members(conn, &pks)?
        .into_iter()
        .map(|claim| (claim.member_pk, claim.claimed_at))
        .collect();
    let mut teams = member_lists::teams_of(conn, &pks)?;
    let last_active = last_active(conn, &pks, now)?;
    let listed = |member: MemberRow| ListedMember {
        teams: teams.remove(&member.pk).unwrap_or_default(),
        last_active: last_active.get(&member.pk).copied(),
        claimed: ClaimedMember { claimed_at: claimed.get(&member.pk).copied(), member },
    };
    Ok(rows.into_iter().map(listed).collect())
}
