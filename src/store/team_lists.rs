//! What lists of teams and of their members need: rows by index, whatever the filter.

use std::collections::HashSet;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::members::MemberRow;
use super::rosters::is_member;
use super::tables::{members, team_members, team_organizations, teams};
use super::team_members::Membership;
use super::teams::TeamRow;
use crate::enterprise::{AccountPk, MemberPk, OrganizationPk, TeamPk, TeamSource};

/// Returns the account's teams from this source after row `after`, in order of creation.
pub fn of_source(
    conn: &mut Conn,
    enterprise: AccountPk,
    source: TeamSource,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<TeamRow>> {
    Ok(on!(conn, connection => teams::table
        .filter(teams::enterprise_pk.eq(enterprise))
        .filter(teams::source.eq(source))
        .filter(teams::pk.gt(after))
        .order(teams::pk)
        .limit(limit)
        .select(TeamRow::as_select())
        .load(connection))?)
}

/// Returns the rows of teams that are linked to an organization, after row `after`, in order of
/// creation.
pub fn linked_to(
    conn: &mut Conn,
    organization: OrganizationPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<TeamPk>> {
    Ok(on!(conn, connection => team_organizations::table
        .filter(team_organizations::organization_pk.eq(organization))
        .filter(team_organizations::team_pk.gt(after))
        .order(team_organizations::team_pk)
        .limit(limit)
        .select(team_organizations::team_pk)
        .load(connection))?)
}

/// Returns those of these teams that are linked to an organization.
pub fn linked_among(
    conn: &mut Conn,
    organization: OrganizationPk,
    pks: &[TeamPk],
) -> StoreResult<HashSet<TeamPk>> {
    let found: Vec<TeamPk> = on!(conn, connection => team_organizations::table
        .filter(team_organizations::organization_pk.eq(organization))
        .filter(team_organizations::team_pk.eq_any(pks))
        .select(team_organizations::team_pk)
        .load(connection))?;
    Ok(found.into_iter().collect())
}

/// Counts the teams that are linked to an organization.
pub fn count_linked(conn: &mut Conn, organization: OrganizationPk) -> StoreResult<i64> {
    Ok(on!(conn, connection => team_organizations::table
        .filter(team_organizations::organization_pk.eq(organization))
        .count()
        .get_result(connection))?)
}

/// Returns the rows of members whom an administrator has added to a team, after row `after`.
pub fn added_by_hand(
    conn: &mut Conn,
    team: TeamPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<MemberPk>> {
    Ok(on!(conn, connection => team_members::table
        .filter(team_members::team_pk.eq(team))
        // A literal, because only that leads to the partial index.
        .filter(sql::<Bool>("team_members.by_hand"))
        .filter(team_members::by_hand.eq(true))
        .filter(team_members::member_pk.gt(after))
        .order(team_members::member_pk)
        .limit(limit)
        .select(team_members::member_pk)
        .load(connection))?)
}

/// Returns the memberships of these members in a team, each with the member.
pub fn memberships_among(
    conn: &mut Conn,
    team: TeamPk,
    pks: &[MemberPk],
) -> StoreResult<Vec<(Membership, MemberRow)>> {
    Ok(on!(conn, connection => team_members::table
        .inner_join(members::table)
        .inner_join(teams::table)
        .filter(team_members::team_pk.eq(team))
        .filter(team_members::member_pk.eq_any(pks))
        .order(team_members::member_pk)
        .select((Membership::as_select(), MemberRow::as_select()))
        .load(connection))?)
}

/// Returns members of a team after row `after`, each with its membership.
pub fn memberships(
    conn: &mut Conn,
    team: TeamPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<(Membership, MemberRow)>> {
    Ok(on!(conn, connection => team_members::table
        .inner_join(members::table.on(is_member!()))
        .inner_join(teams::table)
        .filter(team_members::team_pk.eq(team))
        .filter(team_members::member_pk.gt(after))
        .order(team_members::member_pk)
        .limit(limit)
        .select((Membership::as_select(), MemberRow::as_select()))
        .load(connection))?)
}
