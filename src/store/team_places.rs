//! The places of members in teams, as administrators see them: who has one, and with which role.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::rosters::is_member;
use super::tables::{members, team_members, teams};
use crate::enterprise::{MemberPk, TeamPk, TeamRole};

/// A member of a team, as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = members)]
pub struct Membership {
    /// The member's row.
    #[diesel(column_name = pk)]
    pub member_pk: MemberPk,
    /// The member's id.
    #[diesel(column_name = id)]
    pub member_id: String,
    /// The member's address, if it has one of its own.
    pub email: Option<String>,
    /// The member's user name.
    pub user_name: String,
    /// The member's display name.
    pub display_name: Option<String>,
    /// Whether an administrator added the member; otherwise the identity provider did.
    #[diesel(select_expression = team_members::by_hand)]
    pub by_hand: bool,
    /// Whether a SCIM group has the member, perhaps besides an administrator.
    #[diesel(select_expression = team_members::by_scim)]
    pub by_scim: bool,
    /// The role of this place, if it has one of its own.
    #[diesel(select_expression = team_members::role)]
    pub own_role: Option<TeamRole>,
    /// The team's role.
    #[diesel(select_expression = teams::role)]
    pub team_role: TeamRole,
}

impl Membership {
    /// Returns the role that the place gives in the team's organizations.
    pub fn role(&self) -> TeamRole {
        self.own_role.unwrap_or(self.team_role)
    }
}

/// Returns the place of a member in a team, if it has one.
pub fn place(conn: &mut Conn, team: TeamPk, member: MemberPk) -> StoreResult<Option<Membership>> {
    Ok(on!(conn, connection => team_members::table
        .inner_join(members::table)
        .inner_join(teams::table)
        .filter(team_members::team_pk.eq(team))
        .filter(team_members::member_pk.eq(member))
        .select(Membership::as_select())
        .first(connection)
        .optional())?)
}

/// Gives a member's place in a team a role of its own, or the team's.
pub fn set_role(
    conn: &mut Conn,
    team: TeamPk,
    member: MemberPk,
    own: Option<TeamRole>,
) -> StoreResult<()> {
    on!(conn, connection => diesel::update(team_members::table)
        .filter(team_members::team_pk.eq(team))
        .filter(team_members::member_pk.eq(member))
        .set(team_members::role.eq(own))
        .execute(connection))?;
    Ok(())
}

/// Returns the places in a team that have a role of their own.
pub fn own_roles(conn: &mut Conn, team: TeamPk) -> StoreResult<Vec<(MemberPk, TeamRole)>> {
    Ok(on!(conn, connection => team_members::table
        .filter(team_members::team_pk.eq(team))
        .filter(team_members::role.is_not_null())
        .select((team_members::member_pk, team_members::role.assume_not_null()))
        .load(connection))?)
}

/// Gives places in a team these roles, unless they have one of their own.
pub fn carry_roles(
    conn: &mut Conn,
    team: TeamPk,
    roles: &[(MemberPk, TeamRole)],
) -> StoreResult<()> {
    for (member, role) in roles {
        on!(conn, connection => diesel::update(team_members::table)
            .filter(team_members::team_pk.eq(team))
            .filter(team_members::member_pk.eq(member))
            .filter(team_members::role.is_null())
            .set(team_members::role.eq(role))
            .execute(connection))?;
    }
    Ok(())
}

/// Returns members of the team with their addresses.
pub fn addresses(
    conn: &mut Conn,
    team: TeamPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<Membership>> {
    Ok(on!(conn, connection => team_members::table
        .inner_join(members::table.on(is_member!()))
        .inner_join(teams::table)
        .filter(team_members::team_pk.eq(team))
        .filter(team_members::member_pk.gt(after))
        .order(team_members::member_pk)
        .limit(limit)
        .select(Membership::as_select())
        .load(connection))?)
}
