//! Grants of access to organizations, direct and through teams. Inactive members have none, and
//! teams rest while the account's plan does not include them.

use diesel::dsl::{auto_type, sql};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{
    members, organization_members, organizations, team_members, team_organizations, teams,
};
use crate::enterprise::access::{Grant, Via};
use crate::enterprise::plan::Plan;
use crate::enterprise::{AccountPk, MemberPk, OrganizationPk, OrganizationRole, Role, TeamRole};

/// An organization as the subject of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// The organization's id.
    pub id: String,
    /// The organization's name.
    pub name: String,
}

/// A member with access as the subject of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collaborator {
    /// The member's id.
    pub member_id: String,
    /// The member's address, if it has one of its own.
    pub email: Option<String>,
    /// The SCIM user name.
    pub user_name: String,
    /// The display name, if there is one.
    pub display_name: Option<String>,
}

/// Matches teams of an account whose plan includes teams.
pub(super) fn are_teams_included() -> SqlLiteral<Bool> {
    let plans: Vec<String> = Plan::ALL
        .iter()
        .filter(|plan| plan.includes_advanced())
        .map(|plan| format!("'{plan}'"))
        .collect();
    sql(&format!(
        "EXISTS (SELECT 1 FROM enterprises WHERE enterprises.pk = teams.enterprise_pk \
         AND enterprises.plan IN ({}))",
        plans.join(", ")
    ))
}

/// The links of teams to organizations that count: all but those of teams that rest.
#[auto_type]
pub(super) fn links() -> _ {
    let included: SqlLiteral<Bool> = are_teams_included();
    team_organizations::table.inner_join(teams::table).filter(included)
}

/// Id and name of a team.
type TeamColumns = (String, String);

/// Returns all grants of these members, each with the member's row. Owners own every organization
/// of their account.
pub fn of_members(
    conn: &mut Conn,
    pks: &[MemberPk],
) -> StoreResult<Vec<(MemberPk, Grant<Organization>)>> {
    let owned: Vec<(MemberPk, String, String)> = on!(conn, connection => members::table
        .inner_join(organizations::table.on(
            organizations::enterprise_pk.eq(members::enterprise_pk),
        ))
        .filter(members::pk.eq_any(pks))
        .filter(members::active.eq(true))
        .filter(members::role.eq(Role::Owner))
        .order((members::pk, organizations::pk))
        .select((members::pk, organizations::id, organizations::name))
        .load(connection))?;
    let direct: Vec<(MemberPk, String, String, TeamRole)> = on!(conn, connection =>
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
    let through: Vec<(MemberPk, String, String, TeamPlace)> = on!(conn, connection =>
        team_members::table
            .inner_join(members::table)
            .inner_join(teams::table.inner_join(
                team_organizations::table.inner_join(organizations::table),
            ))
            .filter(members::pk.eq_any(pks))
            .filter(members::active.eq(true))
            .filter(are_teams_included())
            .order((members::pk, organizations::pk, teams::pk))
            .select((
                members::pk,
                organizations::id,
                organizations::name,
                (team_members::role, teams::role, (teams::id, teams::name)),
            ))
            .load(connection))?;
    let mut grants = Vec::with_capacity(owned.len() + direct.len() + through.len());
    for (pk, id, name) in owned {
        let subject = Organization { id, name };
        grants.push((pk, Grant { subject, role: OrganizationRole::Owner, via: Via::Direct }));
    }
    for (pk, id, name, role) in direct {
        let subject = Organization { id, name };
        grants.push((pk, Grant { subject, role: role.into(), via: Via::Direct }));
    }
    for (pk, id, name, place) in through {
        grants.push((pk, through_team(Organization { id, name }, place)));
    }
    Ok(grants)
}

/// The role of a member's place in a team, if it has one of its own, the team's role, and the team.
type TeamPlace = (Option<TeamRole>, TeamRole, TeamColumns);

fn through_team<K>(subject: K, (own, role, (id, name)): TeamPlace) -> Grant<K> {
    Grant { subject, role: role.in_place(own).into(), via: Via::Team { id, name } }
}

/// The columns of a [`Collaborator`], with its row and a role.
type CollaboratorRow<R> = (MemberPk, String, Option<String>, String, Option<String>, R);

/// Returns all members with access to an organization: their rows, with one grant for each way of
/// access.
pub fn of_organization(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: OrganizationPk,
) -> StoreResult<Vec<(MemberPk, Grant<Collaborator>)>> {
    let owners: Vec<CollaboratorRow<Role>> = on!(conn, connection => members::table
        .filter(members::enterprise_pk.eq(enterprise))
        .filter(members::active.eq(true))
        .filter(members::role.eq(Role::Owner))
        .order(members::pk)
        .select((
            members::pk,
            members::id,
            members::email,
            members::user_name,
            members::display_name,
            members::role,
        ))
        .load(connection))?;
    let direct: Vec<CollaboratorRow<TeamRole>> = on!(conn, connection => organization_members::table
        .inner_join(members::table)
        .filter(organization_members::organization_pk.eq(organization))
        .filter(members::active.eq(true))
        .order(members::pk)
        .select((
            members::pk,
            members::id,
            members::email,
            members::user_name,
            members::display_name,
            organization_members::role,
        ))
        .load(connection))?;
    let through: Vec<CollaboratorRow<TeamPlace>> = on!(conn, connection => team_organizations::table
        .inner_join(teams::table.inner_join(
            team_members::table.inner_join(members::table),
        ))
        .filter(team_organizations::organization_pk.eq(organization))
        .filter(members::active.eq(true))
        .filter(are_teams_included())
        .order((members::pk, teams::pk))
        .select((
            members::pk,
            members::id,
            members::email,
            members::user_name,
            members::display_name,
            (team_members::role, teams::role, (teams::id, teams::name)),
        ))
        .load(connection))?;
    let mut grants = Vec::with_capacity(owners.len() + direct.len() + through.len());
    for (pk, member_id, email, user_name, display_name, _) in owners {
        let subject = Collaborator { member_id, email, user_name, display_name };
        grants.push((pk, Grant { subject, role: OrganizationRole::Owner, via: Via::Direct }));
    }
    for (pk, member_id, email, user_name, display_name, role) in direct {
        let subject = Collaborator { member_id, email, user_name, display_name };
        grants.push((pk, Grant { subject, role: role.into(), via: Via::Direct }));
    }
    for (pk, member_id, email, user_name, display_name, place) in through {
        let subject = Collaborator { member_id, email, user_name, display_name };
        grants.push((pk, through_team(subject, place)));
    }
    Ok(grants)
}
