//! The members of teams as SCIM Groups show them, read in the order of their rows: a page at a time
//! or, for small teams, all at once.

use std::ops::ControlFlow;

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{members, team_members, teams};
use crate::enterprise::{MemberPk, TeamPk};

#[diesel::declare_sql_function]
extern "SQL" {
    /// The name of a member in a team: the one that the identity provider gave, or else its
    /// `displayName`, or else its `userName`.
    #[sql_name = "COALESCE"]
    fn called(display: Nullable<Text>, display_name: Nullable<Text>, user_name: Text) -> Text;
}

/// A member of a team, as the SCIM Group shows it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct RosterEntry {
    /// The member's row.
    pub member_pk: MemberPk,
    /// The member's SCIM id.
    pub id: String,
    /// The name under which the Group shows the member.
    pub display: String,
}

/// The columns of [`RosterEntry`].
macro_rules! shown {
    () => {
        (
            team_members::member_pk,
            members::id,
            called(team_members::display, members::display_name, members::user_name),
        )
    };
}

/// Joins a membership with its member. `+ 0` keeps PostgreSQL from walking all members in their
/// order, which is also that of the memberships, until it has met enough of the team: the planner
/// expects each page to be a tenth of a team, and every team to have the same size.
macro_rules! is_member {
    () => {
        members::pk.eq(team_members::member_pk + 0_i64)
    };
}
pub(super) use is_member;

/// Visits up to `limit` members of the team after row `after`, in the order of their rows, until
/// the visitor breaks off.
///
/// # Errors
/// Returns the visitor's error, or the store's.
pub fn visit<E>(
    conn: &mut Conn,
    team: TeamPk,
    after: i64,
    limit: i64,
    mut visit: impl FnMut(RosterEntry) -> Result<ControlFlow<()>, E>,
) -> Result<(), E>
where
    E: From<super::StoreError>,
{
    let failed = |error: diesel::result::Error| E::from(error.into());
    on!(conn, connection => {
        let rows = team_members::table
            .inner_join(members::table.on(is_member!()))
            .filter(team_members::team_pk.eq(team))
            .filter(team_members::member_pk.gt(after))
            .order(team_members::member_pk)
            .limit(limit)
            .select(shown!())
            .load_iter::<RosterEntry, DefaultLoadingMode>(connection)
            .map_err(failed)?;
        for row in rows {
            if visit(row.map_err(failed)?)?.is_break() {
                break;
            }
        }
    });
    Ok(())
}

/// Returns the first members of a team, up to `limit`, in the order of their rows, each with the
/// version of the team at which it was read.
pub fn with_version(
    conn: &mut Conn,
    team: TeamPk,
    limit: i64,
) -> StoreResult<Vec<(i64, RosterEntry)>> {
    Ok(on!(conn, connection => team_members::table
        .inner_join(members::table.on(is_member!()))
        .inner_join(teams::table)
        .filter(team_members::team_pk.eq(team))
        .order(team_members::member_pk)
        .limit(limit)
        .select((teams::version, shown!()))
        .load(connection))?)
}

/// Returns all members of these teams with the rows of the teams, in the order of both.
pub fn of_teams(conn: &mut Conn, pks: &[TeamPk]) -> StoreResult<Vec<(TeamPk, RosterEntry)>> {
    if pks.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(conn, connection => team_members::table
        .inner_join(members::table.on(is_member!()))
        .filter(team_members::team_pk.eq_any(pks))
        .order((team_members::team_pk, team_members::member_pk))
        .select((team_members::team_pk, shown!()))
        .load(connection))?)
}

/// Returns all members of a team, in the order of their rows.
pub fn all(conn: &mut Conn, team: TeamPk) -> StoreResult<Vec<RosterEntry>> {
    let mut all = Vec::new();
    visit(conn, team, 0, i64::MAX, |member| {
        all.push(member);
        Ok::<_, super::StoreError>(ControlFlow::Continue(()))
    })?;
    Ok(all)
}

/// Returns the version of a team, or `None` if it no longer exists.
pub fn version(conn: &mut Conn, team: TeamPk) -> StoreResult<Option<i64>> {
    Ok(on!(conn, connection => teams::table
        .filter(teams::pk.eq(team))
        .select(teams::version)
        .first(connection)
        .optional())?)
}
