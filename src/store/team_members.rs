//! Team memberships: one row each, changed one by one, so that the cost of a change depends on what
//! it names and not on the size of the team.

use diesel::prelude::*;

use super::cached_statement::cached_if_single;
use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::members::MemberRow;
use super::rosters::is_member;
use super::tables::{members, team_members, teams};
pub use super::team_places::{Membership, addresses, carry_roles, own_roles, place, set_role};
use crate::enterprise::{AccountPk, MemberPk, TeamPk, TeamRole};

/// A member of a team, as a SCIM Group shows it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct TeamMember {
    /// The member's row.
    pub member_pk: MemberPk,
    /// The member's SCIM id.
    pub id: String,
    /// The name that the identity provider gave when it added the member.
    pub display: Option<String>,
    /// The member's own `displayName`.
    pub display_name: Option<String>,
    /// The member's `userName`.
    pub user_name: String,
    /// Whether an administrator added the member.
    pub by_hand: bool,
    /// Whether the identity provider added the member.
    pub by_scim: bool,
}

/// A team that a member is in, as a SCIM User shows it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct MemberTeam {
    /// The member's row.
    pub member_pk: MemberPk,
    /// The id of the SCIM Group for the team.
    pub id: String,
    /// The team's name.
    pub name: String,
}

/// A member to add to a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// The member's row.
    pub member_pk: MemberPk,
    /// The name of the member, if the identity provider sent one.
    pub display: Option<String>,
}

/// The number of rows in one statement. Both databases limit the parameters of a statement.
pub const CHUNK: usize = 500;

/// Returns members of the team after row `after`, in the order of their rows.
pub fn of_team(
    conn: &mut Conn,
    team: TeamPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<TeamMember>> {
    Ok(on!(conn, connection => team_members::table
        .inner_join(members::table.on(is_member!()))
        .filter(team_members::team_pk.eq(team))
        .filter(team_members::member_pk.gt(after))
        .order(team_members::member_pk)
        .limit(limit)
        .select((
            members::pk,
            members::id,
            team_members::display,
            members::display_name,
            members::user_name,
            team_members::by_hand,
            team_members::by_scim,
        ))
        .load(connection))?)
}

/// Returns the row and id of those of these members that are in the team.
pub fn ids_among(
    conn: &mut Conn,
    team: TeamPk,
    pks: &[MemberPk],
) -> StoreResult<Vec<(MemberPk, String)>> {
    if pks.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(conn, connection => cached_if_single(pks, team_members::table
        .inner_join(members::table)
        .filter(team_members::team_pk.eq(team))
        .filter(team_members::member_pk.eq_any(pks))
        .select((members::pk, members::id)))
        .load(connection))?)
}

/// Visits every member of a team, in chunks.
pub fn for_each(
    conn: &mut Conn,
    team: TeamPk,
    mut visit: impl FnMut(TeamMember),
) -> StoreResult<()> {
    const AT_ONCE: i64 = 1000;
    let mut after = 0;
    loop {
        let members = of_team(conn, team, after, AT_ONCE)?;
        let Some(last) = members.last() else { return Ok(()) };
        after = last.member_pk.0;
        members.into_iter().for_each(&mut visit);
    }
}

/// Returns all members of a team.
pub fn all(conn: &mut Conn, team: TeamPk) -> StoreResult<Vec<TeamMember>> {
    let mut members = Vec::new();
    for_each(conn, team, |member| members.push(member))?;
    Ok(members)
}

/// Returns the row, the user name and the role of the place, if it has one of its own, of the active
/// members of a team, in the order of their rows.
pub fn active(
    conn: &mut Conn,
    team: TeamPk,
) -> StoreResult<Vec<(MemberPk, String, Option<TeamRole>)>> {
    Ok(on!(conn, connection => team_members::table
        .inner_join(members::table)
        .filter(team_members::team_pk.eq(team))
        .filter(members::active.eq(true))
        .order(team_members::member_pk)
        .select((members::pk, members::user_name, team_members::role))
        .load(connection))?)
}

/// Returns the teams of each of these members, without those that SCIM does not show.
pub fn teams_of(conn: &mut Conn, pks: &[MemberPk]) -> StoreResult<Vec<MemberTeam>> {
    Ok(on!(conn, connection => cached_if_single(pks, team_members::table
        .inner_join(teams::table)
        .filter(team_members::member_pk.eq_any(pks))
        .filter(teams::released.eq(false))
        .order((team_members::member_pk, team_members::team_pk))
        .select((team_members::member_pk, teams::scim_id, teams::name)))
        .load(connection))?)
}

/// Id, name, and whether SCIM hides the team.
type TeamColumns = (String, String, bool);

/// Returns the account's member with this id and its teams, without those that SCIM does not show,
/// in one query.
pub fn member_with_teams(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
) -> StoreResult<Option<(MemberRow, Vec<MemberTeam>)>> {
    if !storable(id) {
        return Ok(None);
    }
    let rows: Vec<(MemberRow, Option<TeamColumns>)> = on!(conn, connection =>
        members::table
            .left_join(team_members::table)
            // Not nested: SQLite would materialize the join of all memberships before it looks for
            // these.
            .left_join(teams::table.on(teams::pk.eq(team_members::team_pk)))
            .filter(members::id.eq(id))
            .filter(members::enterprise_pk.eq(enterprise))
            .order(team_members::team_pk)
            .select((
                MemberRow::as_select(),
                (teams::scim_id, teams::name, teams::released).nullable(),
            ))
            .load(connection))?;
    let mut found: Option<(MemberRow, Vec<MemberTeam>)> = None;
    for (row, team) in rows {
        let member_pk = row.pk;
        let (_, member_teams) = found.get_or_insert_with(|| (row, Vec::new()));
        if let Some((id, name, false)) = team {
            member_teams.push(MemberTeam { member_pk, id, name });
        }
    }
    Ok(found)
}

/// Returns the rows of the teams that a member is in.
pub fn team_pks_of(conn: &mut Conn, member: MemberPk) -> StoreResult<Vec<TeamPk>> {
    Ok(on!(conn, connection => team_members::table
        .filter(team_members::member_pk.eq(member))
        .select(team_members::team_pk)
        .load(connection))?)
}

/// Returns the rows of members of the account by their SCIM ids.
pub fn resolve(
    conn: &mut Conn,
    enterprise: AccountPk,
    ids: &[&str],
) -> StoreResult<Vec<(String, MemberPk)>> {
    let ids: Vec<&str> = ids.iter().copied().filter(|id| storable(id)).collect();
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        // `+ 0` keeps SQLite from using the index on the account and reading the whole account:
        // without statistics it expects a look-up of many ids to cost more.
        found.extend(on!(conn, connection => cached_if_single(chunk, members::table
            .filter(members::id.eq_any(chunk))
            .filter((members::enterprise_pk + 0_i64).eq(enterprise))
            .select((members::id, members::pk)))
            .load::<(String, MemberPk)>(connection))?);
    }
    Ok(found)
}

/// The result of adding members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// The number of new memberships.
    pub new: i64,
    /// The number of existing memberships that gained this cause.
    pub joined: i64,
}

/// Adds members, by hand or by SCIM. Memberships that exist for the same cause stay as they are.
pub fn add(
    conn: &mut Conn,
    team: TeamPk,
    additions: &[Addition],
    by_hand: bool,
) -> StoreResult<Added> {
    let mut added = Added::default();
    for chunk in additions.chunks(CHUNK) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|addition| {
                (
                    team_members::team_pk.eq(team),
                    team_members::member_pk.eq(addition.member_pk),
                    team_members::by_hand.eq(by_hand),
                    team_members::by_scim.eq(!by_hand),
                    team_members::display.eq(&addition.display),
                )
            })
            .collect();
        let new = on!(conn, connection => {
            let insert = diesel::insert_into(team_members::table);
            match &rows[..] {
                // A statement with one row has a fixed text and is prepared only once.
                [row] => insert.values(row).on_conflict_do_nothing().execute(connection),
                rows => insert.values(rows).on_conflict_do_nothing().execute(connection),
            }
        })?;
        added.new += i64::try_from(new).unwrap_or(i64::MAX);
        if new < chunk.len() {
            let pks: Vec<MemberPk> = chunk.iter().map(|addition| addition.member_pk).collect();
            added.joined += join_cause(conn, team, &pks, by_hand)?;
        }
    }
    Ok(added)
}

/// Marks existing memberships as having this cause, too.
fn join_cause(conn: &mut Conn, team: TeamPk, pks: &[MemberPk], by_hand: bool) -> StoreResult<i64> {
    let joined = if by_hand {
        on!(conn, connection => cached_if_single(pks, diesel::update(team_members::table)
            .filter(team_members::team_pk.eq(team))
            .filter(team_members::member_pk.eq_any(pks))
            .filter(team_members::by_hand.eq(false))
            .set(team_members::by_hand.eq(true)))
            .execute(connection))?
    } else {
        on!(conn, connection => cached_if_single(pks, diesel::update(team_members::table)
            .filter(team_members::team_pk.eq(team))
            .filter(team_members::member_pk.eq_any(pks))
            .filter(team_members::by_scim.eq(false))
            .set(team_members::by_scim.eq(true)))
            .execute(connection))?
    };
    Ok(i64::try_from(joined).unwrap_or(i64::MAX))
}

/// Removes these members, whatever added them. Returns how many were in the team.
pub fn remove(conn: &mut Conn, team: TeamPk, pks: &[MemberPk]) -> StoreResult<i64> {
    let mut removed = 0;
    for chunk in pks.chunks(CHUNK) {
        removed += on!(conn, connection => cached_if_single(chunk, diesel::delete(team_members::table)
            .filter(team_members::team_pk.eq(team))
            .filter(team_members::member_pk.eq_any(chunk)))
            .execute(connection))?;
    }
    Ok(i64::try_from(removed).unwrap_or(i64::MAX))
}

/// Removes all members, whatever added them. Returns how many were in the team.
pub fn clear(conn: &mut Conn, team: TeamPk) -> StoreResult<i64> {
    let removed = on!(conn, connection => diesel::delete(team_members::table)
        .filter(team_members::team_pk.eq(team))
        .execute(connection))?;
    Ok(i64::try_from(removed).unwrap_or(i64::MAX))
}

/// The result of withdrawing the identity provider's cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Withdrawn {
    /// The number of memberships that ended.
    pub ended: i64,
    /// The number of memberships that continue, because an administrator added them, too.
    pub kept: i64,
}

/// Withdraws the identity provider's cause from all members. Those that it alone added leave the
/// team; those that were added by hand stay.
pub fn withdraw_scim(conn: &mut Conn, team: TeamPk) -> StoreResult<Withdrawn> {
    let ended = on!(conn, connection => diesel::delete(team_members::table)
        .filter(team_members::team_pk.eq(team))
        .filter(team_members::by_hand.eq(false))
        .execute(connection))?;
    let kept = on!(conn, connection => diesel::update(team_members::table)
        .filter(team_members::team_pk.eq(team))
        .filter(team_members::by_scim.eq(true))
        .set(team_members::by_scim.eq(false))
        .execute(connection))?;
    Ok(Withdrawn {
        ended: i64::try_from(ended).unwrap_or(i64::MAX),
        kept: i64::try_from(kept).unwrap_or(i64::MAX),
    })
}

/// Withdraws the identity provider's cause from these members only.
pub fn withdraw_scim_from(
    conn: &mut Conn,
    team: TeamPk,
    pks: &[MemberPk],
) -> StoreResult<Withdrawn> {
    let mut withdrawn = Withdrawn::default();
    for chunk in pks.chunks(CHUNK) {
        let ended = on!(conn, connection => cached_if_single(chunk, diesel::delete(team_members::table)
            .filter(team_members::team_pk.eq(team))
            .filter(team_members::member_pk.eq_any(chunk))
            .filter(team_members::by_hand.eq(false)))
            .execute(connection))?;
        let kept = on!(conn, connection => cached_if_single(chunk, diesel::update(team_members::table)
            .filter(team_members::team_pk.eq(team))
            .filter(team_members::member_pk.eq_any(chunk))
            .filter(team_members::by_scim.eq(true))
            .set(team_members::by_scim.eq(false)))
            .execute(connection))?;
        withdrawn.ended += i64::try_from(ended).unwrap_or(i64::MAX);
        withdrawn.kept += i64::try_from(kept).unwrap_or(i64::MAX);
    }
    Ok(withdrawn)
}

/// Returns the rows of all members that the identity provider added to the team.
pub fn provisioned_pks(conn: &mut Conn, team: TeamPk) -> StoreResult<Vec<MemberPk>> {
    Ok(on!(conn, connection => team_members::table
        .filter(team_members::team_pk.eq(team))
        .filter(team_members::by_scim.eq(true))
        .select(team_members::member_pk)
        .load(connection))?)
}
