//! Who reaches organizations, read in parts: each way of access is a range of an index, in the order
//! of the members' rows.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::access::{Collaborator, links};
use super::connection::{Conn, on};
use super::error::StoreResult;
use super::member_lists::{self, MemberKind};
use super::members;
use super::tables::{
    members as member_rows, organization_members, team_members, team_organizations, teams,
};
use crate::enterprise::access::{Grant, Via};
use crate::enterprise::{
    AccountPk, MemberPk, OrganizationPk, OrganizationRole, Role, TeamPk, TeamRole,
};

/// A way in which members reach an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By owning the account.
    Owner,
    /// As direct members of the organization.
    Direct,
    /// Through a linked team.
    Team(TeamPk),
}

/// Who owns an account.
const OWNERS: MemberKind = MemberKind { role: Some(Role::Owner), source: None, active: Some(true) };

/// Returns all ways that lead to an organization.
pub fn ways(conn: &mut Conn, organization: OrganizationPk) -> StoreResult<Vec<Way>> {
    let teams: Vec<TeamPk> = on!(conn, connection => links()
        .filter(team_organizations::organization_pk.eq(organization))
        .order(team_organizations::team_pk)
        .select(team_organizations::team_pk)
        .load(connection))?;
    Ok([Way::Owner, Way::Direct].into_iter().chain(teams.into_iter().map(Way::Team)).collect())
}

/// Returns members to whom one of these ways belongs, after row `after`, in the order of their rows.
/// Inactive ones are among them, who reach nothing.
pub fn members_by(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: OrganizationPk,
    ways: &[Way],
    (after, limit): (i64, i64),
) -> StoreResult<Vec<MemberPk>> {
    let mut found: Vec<MemberPk> = Vec::new();
    for way in ways {
        let some: Vec<MemberPk> = match way {
            Way::Owner => member_lists::of_kind(conn, enterprise, &OWNERS, after, limit)?,
            Way::Direct => on!(conn, connection => organization_members::table
                .filter(organization_members::organization_pk.eq(organization))
                .filter(organization_members::member_pk.gt(after))
                .order(organization_members::member_pk)
                .limit(limit)
                .select(organization_members::member_pk)
                .load(connection))?,
            Way::Team(team) => on!(conn, connection => team_members::table
                .filter(team_members::team_pk.eq(team))
                .filter(team_members::member_pk.gt(after))
                .order(team_members::member_pk)
                .limit(limit)
                .select(team_members::member_pk)
                .load(connection))?,
        };
        found.extend(some);
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// Counts those of these members who are active.
pub fn count_active(conn: &mut Conn, pks: &[MemberPk]) -> StoreResult<i64> {
    Ok(on!(conn, connection => member_rows::table
        .filter(member_rows::pk.eq_any(pks))
        .filter(member_rows::active.eq(true))
        .count()
        .get_result(connection))?)
}

/// A member's place in a team, with the role that it has of its own.
type Place = (MemberPk, TeamPk, Option<TeamRole>);

/// Returns the places in teams of each of these members.
fn places(conn: &mut Conn, pks: &[MemberPk]) -> StoreResult<Vec<Place>> {
    Ok(on!(conn, connection => team_members::table
        .filter(team_members::member_pk.eq_any(pks))
        .order((team_members::member_pk, team_members::team_pk))
        .select((team_members::member_pk, team_members::team_pk, team_members::role))
        .load(connection))?)
}

/// Returns those of these members who reach an organization directly or through a team, if they are
/// active.
pub fn reaching(conn: &mut Conn, pks: &[MemberPk]) -> StoreResult<HashSet<MemberPk>> {
    let direct: Vec<MemberPk> = on!(conn, connection => organization_members::table
        .filter(organization_members::member_pk.eq_any(pks))
        .select(organization_members::member_pk)
        .distinct()
        .load(connection))?;
    let mut reaching: HashSet<MemberPk> = direct.into_iter().collect();
    let places = places(conn, pks)?;
    let mut teams: Vec<TeamPk> = places.iter().map(|(_, team, _)| *team).collect();
    teams.sort_unstable();
    teams.dedup();
    let linked: Vec<TeamPk> = on!(conn, connection => links()
        .filter(team_organizations::team_pk.eq_any(&teams))
        .select(team_organizations::team_pk)
        .distinct()
        .load(connection))?;
    let linked: HashSet<TeamPk> = linked.into_iter().collect();
    let through = places.into_iter().filter(|(_, team, _)| linked.contains(team));
    reaching.extend(through.map(|(member, _, _)| member));
    Ok(reaching)
}

/// A linked team: its row, id, name and role.
type Linked = (TeamPk, String, String, TeamRole);

/// Returns the grants of those of these members who have access to an organization, with their rows.
/// Like [`access::of_organization`], but put together of queries that each cost no more than these
/// members do, however large the teams are.
///
/// [`access::of_organization`]: super::access::of_organization
pub fn grants(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: OrganizationPk,
    pks: &[MemberPk],
) -> StoreResult<Vec<(MemberPk, Grant<Collaborator>)>> {
    let rows = members::by_pks(conn, enterprise, pks)?;
    let direct: Vec<(MemberPk, TeamRole)> = on!(conn, connection => organization_members::table
        .filter(organization_members::member_pk.eq_any(pks))
        .filter(organization_members::organization_pk.eq(organization))
        .select((organization_members::member_pk, organization_members::role))
        .load(connection))?;
    let direct: HashMap<MemberPk, TeamRole> = direct.into_iter().collect();
    let teams: Vec<Linked> = on!(conn, connection => links()
        .filter(team_organizations::organization_pk.eq(organization))
        .select((teams::pk, teams::id, teams::name, teams::role))
        .load(connection))?;
    let teams: HashMap<TeamPk, Linked> = teams.into_iter().map(|team| (team.0, team)).collect();
    let mut through: HashMap<MemberPk, Vec<(&Linked, Option<TeamRole>)>> = HashMap::new();
    for (member, team, own) in places(conn, pks)? {
        if let Some(team) = teams.get(&team) {
            through.entry(member).or_default().push((team, own));
        }
    }
    let mut grants = Vec::with_capacity(rows.len());
    for row in rows.into_iter().filter(|row| row.active) {
        let pk = row.pk;
        let owner = (row.role == Role::Owner).then_some((OrganizationRole::Owner, Via::Direct));
        let direct = direct.get(&pk).map(|role| ((*role).into(), Via::Direct));
        let teams = through.remove(&pk).unwrap_or_default().into_iter().map(
            |((_, id, name, role), own)| {
                (role.in_place(own).into(), Via::Team { id: id.clone(), name: name.clone() })
            },
        );
        let subject = Collaborator {
            member_id: row.id,
            email: row.email,
            user_name: row.user_name,
            display_name: row.display_name,
        };
        grants.extend(
            owner
                .into_iter()
                .chain(direct)
                .chain(teams)
                .map(|(role, via)| (pk, Grant { subject: subject.clone(), role, via })),
        );
    }
    Ok(grants)
}
