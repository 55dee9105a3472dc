//! Pending invitations by what they name, for when that ends.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::invitations::InvitationRow;
use super::tables::{invitation_organizations, invitation_teams, invitations};

/// Pending invitations that name this organization.
///
/// # Errors
/// The database's.
pub fn naming_organization(conn: &mut Conn, organization: i64) -> StoreResult<Vec<InvitationRow>> {
    Ok(on!(conn, connection => invitation_organizations::table
        .inner_join(invitations::table)
        .filter(invitation_organizations::organization_pk.eq(organization))
        .filter(invitations::state.eq("pending"))
        .order(invitations::pk)
        .select(InvitationRow::as_select())
        .load(connection))?)
}

/// Pending invitations that name this team.
///
/// # Errors
/// The database's.
pub fn naming_team(conn: &mut Conn, team: i64) -> StoreResult<Vec<InvitationRow>> {
    Ok(on!(conn, connection => invitation_teams::table
        .inner_join(invitations::table)
        .filter(invitation_teams::team_pk.eq(team))
        .filter(invitations::state.eq("pending"))
        .order(invitations::pk)
        .select(InvitationRow::as_select())
        .load(connection))?)
}
