//! Grants of access to organizations, direct and through teams. Inactive members have none.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::{StoreError, StoreResult};
use super::tables::{
    members, organization_members, organizations, team_members, team_organizations, teams,
};
use crate::enterprise::access::{Grant, Via};
use crate::enterprise::{OrganizationRole, Role, TeamRole};

/// An organization, as the subject of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Somebody with access, as the subject of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collaborator {
    /// The member's id.
    pub member_id: String,
    /// The address, if the member has one of its own.
    pub email: Option<String>,
    /// The SCIM user name.
    pub user_name: String,
}

fn organization_role(word: &str) -> StoreResult<OrganizationRole> {
    word.parse().map_err(|error| StoreError::Damaged(format!("organization role: {error}")))
}

fn team_role(word: &str) -> StoreResult<OrganizationRole> {
    word.parse::<TeamRole>()
        .map(Into::into)
        .map_err(|error| StoreError::Damaged(format!("teams.role: {error}")))
}

/// All grants of these members, each with the member's row. Owners own every organization of
/// their account.
///
/// # Errors
/// The database's; [`StoreError::Damaged`].
pub fn of_members(conn: &mut Conn, pks: &[i64]) -> StoreResult<Vec<(i64, Grant<Organization>)>> {
    let owned: Vec<(i64, String, String)> = on!(conn, connection => members::table
        .inner_join(organizations::table.on(
            organizations::enterprise_pk.eq(members::enterprise_pk),
        ))
        .filter(members::pk.eq_any(pks))
        .filter(members::active.eq(true))
        .filter(members::role.eq(Role::Owner.as_str()))
        .order((members::pk, organizations::pk))
        .select((members::pk, organizations::id, organizations::name))
        .load(connection))?;
    let direct: Vec<(i64, String, String, String)> = on!(conn, connection =>
        organization_members::table
            .inner_join(organizations::table)
            .inner_join(members::table)
            .filter(members::pk.eq_any(pks))
            .filter(members::active.eq(true))
            .order((members::pk, organizations::pk))
            .select((
                members::pk,
                organizations::id,
                organizations::name,
                organization_members::role,
            ))
            .load(connection))?;
    let through: Vec<(i64, String, String, String, String)> = on!(conn, connection =>
        team_members::table
            .inner_join(members::table)
            .inner_join(teams::table.inner_join(
                team_organizations::table.inner_join(organizations::table),
            ))
            .filter(members::pk.eq_any(pks))
            .filter(members::active.eq(true))
            .order((members::pk, organizations::pk, teams::pk))
            .select((
                members::pk,
                organizations::id,
                organizations::name,
                teams::role,
                teams::id,
            ))
            .load(connection))?;
    let mut grants = Vec::with_capacity(owned.len() + direct.len() + through.len());
    for (pk, id, name) in owned {
        let subject = Organization { id, name };
        grants.push((pk, Grant { subject, role: OrganizationRole::Owner, via: Via::Direct }));
    }
    for (pk, id, name, role) in direct {
        let role = organization_role(&role)?;
        grants.push((pk, Grant { subject: Organization { id, name }, role, via: Via::Direct }));
    }
    for (pk, id, name, role, team) in through {
        let role = team_role(&role)?;
        grants.push((pk, Grant { subject: Organization { id, name }, role, via: Via::Team(team) }));
    }
    Ok(grants)
}

/// The columns that make a [`Collaborator`], with its row and one more word.
type CollaboratorRow = (i64, String, Option<String>, String, String);

/// Everybody with access to an organization, each way for itself, with the member's row.
///
/// # Errors
/// The database's; [`StoreError::Damaged`].
pub fn of_organization(
    conn: &mut Conn,
    enterprise: i64,
    organization: i64,
) -> StoreResult<Vec<(i64, Grant<Collaborator>)>> {
    let owners: Vec<CollaboratorRow> = on!(conn, connection => members::table
        .filter(members::enterprise_pk.eq(enterprise))
        .filter(members::active.eq(true))
        .filter(members::role.eq(Role::Owner.as_str()))
        .order(members::pk)
        .select((
            members::pk, members::id, members::email, members::user_name, members::role,
        ))
        .load(connection))?;
    let direct: Vec<CollaboratorRow> = on!(conn, connection => organization_members::table
        .inner_join(members::table)
        .filter(organization_members::organization_pk.eq(organization))
        .filter(members::active.eq(true))
        .order(members::pk)
        .select((
            members::pk, members::id, members::email, members::user_name,
            organization_members::role,
        ))
        .load(connection))?;
    let through: Vec<(CollaboratorRow, String)> = on!(conn, connection => team_organizations::table
        .inner_join(teams::table.inner_join(
            team_members::table.inner_join(members::table),
        ))
        .filter(team_organizations::organization_pk.eq(organization))
        .filter(members::active.eq(true))
        .order((members::pk, teams::pk))
        .select((
            (members::pk, members::id, members::email, members::user_name, teams::role),
            teams::id,
        ))
        .load(connection))?;
    let mut grants = Vec::with_capacity(owners.len() + direct.len() + through.len());
    for (pk, member_id, email, user_name, _) in owners {
        let subject = Collaborator { member_id, email, user_name };
        grants.push((pk, Grant { subject, role: OrganizationRole::Owner, via: Via::Direct }));
    }
    for (pk, member_id, email, user_name, role) in direct {
        let subject = Collaborator { member_id, email, user_name };
        grants.push((pk, Grant { subject, role: organization_role(&role)?, via: Via::Direct }));
    }
    for ((pk, member_id, email, user_name, role), team) in through {
        let subject = Collaborator { member_id, email, user_name };
        grants.push((pk, Grant { subject, role: team_role(&role)?, via: Via::Team(team) }));
    }
    Ok(grants)
}
