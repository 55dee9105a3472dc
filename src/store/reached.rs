//! The organizations that members reach, in pages: all of their account, direct ones, and those of
//! their teams. The cost depends on the page and on the teams of the members, not on the account.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::access::are_teams_included;
use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::tables::{
    enterprises, organization_members, organizations, team_members, team_organizations, teams,
};
use crate::enterprise::plan::Plan;
use crate::enterprise::{AccountPk, MemberPk, OrganizationPk, TeamRole, Timestamp};

/// A member whose organizations are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reacher {
    /// The member's account.
    pub enterprise: AccountPk,
    /// The member.
    pub member: MemberPk,
    /// Whether the member reaches every organization of the account.
    pub everything: bool,
}

/// An organization that one of the members reaches.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct ReachedRow {
    /// The organization's row.
    pub pk: OrganizationPk,
    /// The organization's account.
    pub enterprise_pk: AccountPk,
    /// The organization's id.
    pub id: String,
    /// The organization's name.
    pub name: String,
}

/// A team that gives access to an organization.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct TeamWay {
    /// The organization's row.
    pub organization_pk: OrganizationPk,
    /// The team's id.
    pub team_id: String,
    /// The team's name.
    pub team_name: String,
    /// The role that the place in the team gives.
    pub role: TeamRole,
}

/// The plan of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub struct PlanRow {
    /// The account's row.
    pub enterprise_pk: AccountPk,
    /// The plan.
    pub plan: Plan,
    /// Whether the plan is marked as active.
    pub active: bool,
    /// When the plan ends, if ever.
    pub ends_at: Option<Timestamp>,
}

/// Returns up to `limit` organizations after row `after` that the members reach, in the order of
/// their rows.
pub fn page(
    conn: &mut Conn,
    reachers: &[Reacher],
    after: i64,
    limit: i64,
) -> StoreResult<Vec<ReachedRow>> {
    let mut found: BTreeSet<OrganizationPk> = BTreeSet::new();
    for reacher in reachers {
        if reacher.everything {
            found.extend(of_account(conn, reacher.enterprise, after, limit)?);
        } else {
            found.extend(direct(conn, reacher.member, after, limit)?);
            found.extend(through_teams(conn, reacher.member, after, limit)?);
        }
    }
    let first = usize::try_from(limit).unwrap_or(usize::MAX);
    let pks: Vec<OrganizationPk> = found.into_iter().take(first).collect();
    Ok(on!(conn, connection => organizations::table
        .filter(organizations::pk.eq_any(&pks))
        .order(organizations::pk)
        .select((
            organizations::pk,
            organizations::enterprise_pk,
            organizations::id,
            organizations::name,
        ))
        .load(connection))?)
}

fn of_account(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<OrganizationPk>> {
    Ok(on!(conn, connection => organizations::table
        .filter(organizations::enterprise_pk.eq(enterprise))
        .filter(organizations::pk.gt(after))
        .order(organizations::pk)
        .limit(limit)
        .select(organizations::pk)
        .load(connection))?)
}

fn direct(
    conn: &mut Conn,
    member: MemberPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<OrganizationPk>> {
    Ok(on!(conn, connection => organization_members::table
        .filter(organization_members::member_pk.eq(member))
        .filter(organization_members::organization_pk.gt(after))
        .order(organization_members::organization_pk)
        .limit(limit)
        .select(organization_members::organization_pk)
        .load(connection))?)
}

fn through_teams(
    conn: &mut Conn,
    member: MemberPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<OrganizationPk>> {
    Ok(on!(conn, connection => team_members::table
        .inner_join(teams::table)
        .inner_join(team_organizations::table.on(
            team_organizations::team_pk.eq(team_members::team_pk),
        ))
        .filter(team_members::member_pk.eq(member))
        .filter(are_teams_included())
        .filter(team_organizations::organization_pk.gt(after))
        .order(team_organizations::organization_pk)
        .distinct()
        .limit(limit)
        .select(team_organizations::organization_pk)
        .load(connection))?)
}

/// Returns the organization with this id if it belongs to one of these accounts.
pub fn by_id(conn: &mut Conn, accounts: &[AccountPk], id: &str) -> StoreResult<Option<ReachedRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => organizations::table
        .filter(organizations::id.eq(id))
        .filter(organizations::enterprise_pk.eq_any(accounts))
        .select((
            organizations::pk,
            organizations::enterprise_pk,
            organizations::id,
            organizations::name,
        ))
        .first(connection)
        .optional())?)
}

/// Returns the roles that the members have in these organizations directly.
pub fn direct_roles(
    conn: &mut Conn,
    members: &[MemberPk],
    organizations: &[OrganizationPk],
) -> StoreResult<Vec<(OrganizationPk, TeamRole)>> {
    Ok(on!(conn, connection => organization_members::table
        .filter(organization_members::member_pk.eq_any(members))
        .filter(organization_members::organization_pk.eq_any(organizations))
        .select((organization_members::organization_pk, organization_members::role))
        .load(connection))?)
}

/// Returns the teams through which the members reach these organizations, with the roles of the
/// members' places there.
pub fn team_ways(
    conn: &mut Conn,
    members: &[MemberPk],
    organizations: &[OrganizationPk],
) -> StoreResult<Vec<TeamWay>> {
    let rows: Vec<(TeamWay, Option<TeamRole>)> = on!(conn, connection => team_members::table
        .inner_join(teams::table.inner_join(team_organizations::table))
        .filter(team_members::member_pk.eq_any(members))
        .filter(team_organizations::organization_pk.eq_any(organizations))
        .filter(are_teams_included())
        .order((team_organizations::organization_pk, teams::pk))
        .select((
            (team_organizations::organization_pk, teams::id, teams::name, teams::role),
            team_members::role,
        ))
        .load(connection))?;
    let with_own =
        |(way, own): (TeamWay, Option<TeamRole>)| TeamWay { role: way.role.in_place(own), ..way };
    Ok(rows.into_iter().map(with_own).collect())
}

/// Returns the plans of these accounts.
pub fn plans(conn: &mut Conn, accounts: &[AccountPk]) -> StoreResult<Vec<PlanRow>> {
    Ok(on!(conn, connection => enterprises::table
        .filter(enterprises::pk.eq_any(accounts))
        .select((
            enterprises::pk,
            enterprises::plan,
            enterprises::plan_active,
            enterprises::plan_ends_at,
        ))
        .load(connection))?)
}
