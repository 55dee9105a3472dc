//! What belongs to a member and goes over to another one when both are the same person: places in
//! teams, direct access, the names that identity providers have for it, and its days of activity.

use diesel::prelude::*;

use super::Transaction;
use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{
    member_activity, organization_members, organizations, sso_identities, team_members, teams,
};
use super::team_members::set_role;
use super::teams::count_members;
use crate::enterprise::{AccountPk, MemberPk, OrganizationPk, SsoConnectionPk, TeamPk, TeamRole};

/// A member's place in a team.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Place {
    /// The team's row.
    pub team_pk: TeamPk,
    /// The team's id.
    pub team_id: String,
    /// The team's name.
    pub team_name: String,
    /// The team's role.
    pub team_role: TeamRole,
    /// The role of this place, if it has one of its own.
    pub own_role: Option<TeamRole>,
    /// Whether an administrator added the member.
    pub by_hand: bool,
    /// Whether the identity provider added the member.
    pub by_scim: bool,
    /// The name that the identity provider gave when it added the member.
    pub display: Option<String>,
}

impl Place {
    /// Returns the role that the place gives in the team's organizations.
    pub fn role(&self) -> TeamRole {
        self.own_role.unwrap_or(self.team_role)
    }
}

/// A member's direct access to an organization.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct DirectAccess {
    /// The organization's row.
    pub organization_pk: OrganizationPk,
    /// The organization's id.
    pub id: String,
    /// The organization's name.
    pub name: String,
    /// The role in the organization.
    pub role: TeamRole,
}

/// Returns the places of a member in teams.
pub fn places(conn: &mut Conn, member: MemberPk) -> StoreResult<Vec<Place>> {
    Ok(on!(conn, connection => team_members::table
        .inner_join(teams::table)
        .filter(team_members::member_pk.eq(member))
        .order(team_members::team_pk)
        .select((
            teams::pk,
            teams::id,
            teams::name,
            teams::role,
            team_members::role,
            team_members::by_hand,
            team_members::by_scim,
            team_members::display,
        ))
        .load(connection))?)
}

/// Returns the direct access of a member, also of an inactive one.
pub fn direct_access(conn: &mut Conn, member: MemberPk) -> StoreResult<Vec<DirectAccess>> {
    Ok(on!(conn, connection => organization_members::table
        .inner_join(organizations::table)
        .filter(organization_members::member_pk.eq(member))
        .order(organizations::pk)
        .select((
            organizations::pk,
            organizations::id,
            organizations::name,
            organization_members::role,
        ))
        .load(connection))?)
}

/// Gives a member this place in a team, which has all its causes and its role from now on.
pub fn put_place(
    transaction: &mut Transaction<'_>,
    member: MemberPk,
    place: &Place,
) -> StoreResult<()> {
    let causes = (
        team_members::by_hand.eq(place.by_hand),
        team_members::by_scim.eq(place.by_scim),
        team_members::display.eq(&place.display),
    );
    let new = on!(&mut **transaction, connection => diesel::insert_into(team_members::table)
        .values((
            team_members::team_pk.eq(place.team_pk),
            team_members::member_pk.eq(member),
            causes,
        ))
        .on_conflict_do_nothing()
        .execute(connection))?;
    if new == 0 {
        on!(&mut **transaction, connection => diesel::update(team_members::table)
            .filter(team_members::team_pk.eq(place.team_pk))
            .filter(team_members::member_pk.eq(member))
            .set(causes)
            .execute(connection))?;
    } else {
        let now = transaction.now();
        count_members(transaction, &[place.team_pk], 1, now)?;
    }
    set_role(transaction, place.team_pk, member, place.own_role)
}

/// Moves the names that connections have for a member to another one, where that has none.
pub fn move_identities(conn: &mut Conn, from: MemberPk, to: MemberPk) -> StoreResult<()> {
    let known: Vec<SsoConnectionPk> = on!(conn, connection => sso_identities::table
        .filter(sso_identities::member_pk.eq(to))
        .select(sso_identities::connection_pk)
        .load(connection))?;
    on!(conn, connection => diesel::update(sso_identities::table)
        .filter(sso_identities::member_pk.eq(from))
        .filter(diesel::dsl::not(sso_identities::connection_pk.eq_any(known)))
        .set(sso_identities::member_pk.eq(to))
        .execute(connection))?;
    Ok(())
}

/// Adds the days on which a member was active to those of another one.
pub fn move_activity(
    conn: &mut Conn,
    enterprise: AccountPk,
    from: MemberPk,
    to: MemberPk,
) -> StoreResult<()> {
    let days: Vec<i64> = on!(conn, connection => member_activity::table
        .filter(member_activity::member_pk.eq(from))
        .select(member_activity::day)
        .load(connection))?;
    for day in days {
        on!(conn, connection => diesel::insert_into(member_activity::table)
            .values((
                member_activity::member_pk.eq(to),
                member_activity::day.eq(day),
                member_activity::enterprise_pk.eq(enterprise),
            ))
            .on_conflict_do_nothing()
            .execute(connection))?;
    }
    Ok(())
}
