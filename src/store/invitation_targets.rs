//! What invitations grant: organizations, and teams with the organizations they are linked to.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::invitations::InvitationRow;
use super::tables::{
    invitation_organizations, invitation_teams, invitations, organizations, team_organizations,
    teams,
};
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{InvitationPk, OrganizationPk, TeamPk, TeamRole};

/// An organization that an invitation grants.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct InvitedOrganization {
    /// The invitation's row.
    pub invitation_pk: InvitationPk,
    /// The organization's row.
    pub organization_pk: OrganizationPk,
    /// The organization's id.
    pub id: String,
    /// The organization's name.
    pub name: String,
    /// The role in the organization.
    pub role: TeamRole,
}

/// A team that an invitation grants.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct InvitedTeam {
    /// The invitation's row.
    pub invitation_pk: InvitationPk,
    /// The team's row.
    pub team_pk: TeamPk,
    /// The team's id.
    pub id: String,
    /// The team's name.
    pub name: String,
    /// The team's role in the organizations that it is linked to.
    pub team_role: TeamRole,
    /// The role of the place in the team, if it is not the team's.
    pub own_role: Option<TeamRole>,
}

impl InvitedTeam {
    /// Returns the role that the place will give in the team's organizations.
    pub fn role(&self) -> TeamRole {
        self.own_role.unwrap_or(self.team_role)
    }
}

/// Returns the organizations that these invitations grant directly.
pub fn organizations_of(
    conn: &mut Conn,
    pks: &[InvitationPk],
) -> StoreResult<Vec<InvitedOrganization>> {
    Ok(on!(conn, connection => invitation_organizations::table
        .inner_join(organizations::table)
        .filter(invitation_organizations::invitation_pk.eq_any(pks))
        .order((invitation_organizations::invitation_pk, organizations::pk))
        .select((
            invitation_organizations::invitation_pk,
            organizations::pk,
            organizations::id,
            organizations::name,
            invitation_organizations::role,
        ))
        .load(connection))?)
}

/// Returns the teams that these invitations grant.
pub fn teams_of(conn: &mut Conn, pks: &[InvitationPk]) -> StoreResult<Vec<InvitedTeam>> {
    Ok(on!(conn, connection => invitation_teams::table
        .inner_join(teams::table)
        .filter(invitation_teams::invitation_pk.eq_any(pks))
        .order((invitation_teams::invitation_pk, teams::pk))
        .select((
            invitation_teams::invitation_pk,
            teams::pk,
            teams::id,
            teams::name,
            teams::role,
            invitation_teams::role,
        ))
        .load(connection))?)
}

/// Returns the organizations that these invitations grant through teams, as pairs of invitation and
/// organization id.
pub fn organizations_through_teams(
    conn: &mut Conn,
    pks: &[InvitationPk],
) -> StoreResult<Vec<(InvitationPk, String)>> {
    Ok(on!(conn, connection => invitation_teams::table
        .inner_join(teams::table.inner_join(
            team_organizations::table.inner_join(organizations::table),
        ))
        .filter(invitation_teams::invitation_pk.eq_any(pks))
        .order((invitation_teams::invitation_pk, organizations::pk))
        .select((invitation_teams::invitation_pk, organizations::id))
        .load(connection))?)
}

/// Removes an organization from an invitation.
pub fn remove_organization(
    conn: &mut Conn,
    invitation: InvitationPk,
    organization: OrganizationPk,
) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(invitation_organizations::table)
        .filter(invitation_organizations::invitation_pk.eq(invitation))
        .filter(invitation_organizations::organization_pk.eq(organization))
        .execute(connection))?;
    Ok(())
}

/// Removes a team from an invitation.
pub fn remove_team(conn: &mut Conn, invitation: InvitationPk, team: TeamPk) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(invitation_teams::table)
        .filter(invitation_teams::invitation_pk.eq(invitation))
        .filter(invitation_teams::team_pk.eq(team))
        .execute(connection))?;
    Ok(())
}

/// Returns the pending invitations that name this organization.
pub fn naming_organization(
    conn: &mut Conn,
    organization: OrganizationPk,
) -> StoreResult<Vec<InvitationRow>> {
    Ok(on!(conn, connection => invitation_organizations::table
        .inner_join(invitations::table)
        .filter(invitation_organizations::organization_pk.eq(organization))
        .filter(invitations::state.eq(InvitationState::Pending))
        .order(invitations::pk)
        .select(InvitationRow::as_select())
        .load(connection))?)
}

/// Returns the pending invitations that name this team.
pub fn naming_team(conn: &mut Conn, team: TeamPk) -> StoreResult<Vec<InvitationRow>> {
    Ok(on!(conn, connection => invitation_teams::table
        .inner_join(invitations::table)
        .filter(invitation_teams::team_pk.eq(team))
        .filter(invitations::state.eq(InvitationState::Pending))
        .order(invitations::pk)
        .select(InvitationRow::as_select())
        .load(connection))?)
}
