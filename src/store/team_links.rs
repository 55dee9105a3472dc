//! Links of teams to organizations: all members of a team have access to the organizations it is
//! linked to.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{organizations, team_organizations};
use crate::enterprise::{OrganizationPk, TeamPk};

/// Links the team to an organization. Returns `true` unless it was already linked.
pub fn link(conn: &mut Conn, team: TeamPk, organization: OrganizationPk) -> StoreResult<bool> {
    let inserted = on!(conn, connection => diesel::insert_into(team_organizations::table)
        .values((
            team_organizations::team_pk.eq(team),
            team_organizations::organization_pk.eq(organization),
        ))
        .on_conflict_do_nothing()
        .execute(connection))?;
    Ok(inserted > 0)
}

/// Returns `true` if the team is linked to the organization.
pub fn is_linked(conn: &mut Conn, team: TeamPk, organization: OrganizationPk) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        team_organizations::table
            .filter(team_organizations::team_pk.eq(team))
            .filter(team_organizations::organization_pk.eq(organization))
    ))
    .get_result(connection))?)
}

/// Unlinks the team from an organization. Returns `true` if it was linked.
pub fn unlink(conn: &mut Conn, team: TeamPk, organization: OrganizationPk) -> StoreResult<bool> {
    let deleted = on!(conn, connection => diesel::delete(team_organizations::table)
        .filter(team_organizations::team_pk.eq(team))
        .filter(team_organizations::organization_pk.eq(organization))
        .execute(connection))?;
    Ok(deleted > 0)
}

/// Returns the organizations that each of these teams is linked to: team row, organization id and
/// name.
pub fn of_teams(conn: &mut Conn, pks: &[TeamPk]) -> StoreResult<Vec<(TeamPk, String, String)>> {
    Ok(on!(conn, connection => team_organizations::table
        .inner_join(organizations::table)
        .filter(team_organizations::team_pk.eq_any(pks))
        .order((team_organizations::team_pk, organizations::pk))
        .select((team_organizations::team_pk, organizations::id, organizations::name))
        .load(connection))?)
}

/// Returns whether one of these teams is linked to an organization.
pub fn any_linked(conn: &mut Conn, pks: &[TeamPk]) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        team_organizations::table.filter(team_organizations::team_pk.eq_any(pks))
    ))
    .get_result(connection))?)
}

/// Copies the links of another team to this one, which keeps its own.
pub fn take_over(conn: &mut Conn, team: TeamPk, from: TeamPk) -> StoreResult<()> {
    let organizations: Vec<OrganizationPk> = on!(conn, connection => team_organizations::table
        .filter(team_organizations::team_pk.eq(from))
        .select(team_organizations::organization_pk)
        .load(connection))?;
    for organization in organizations {
        link(conn, team, organization)?;
    }
    Ok(())
}
