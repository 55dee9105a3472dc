//! The members of teams as SCIM Groups show them: read in the order of their rows, a page at a time
//! or, of small teams, all at once.

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
    /// What a member is called in a team: by the identity provider, by its `displayName`, by its
    /// `userName`.
    #[sql_name = "COALESCE"]
    fn called(display: Nullable<Text>, display_name: Nullable<Text>, user_name: Text) -> Text;
}

/// A member of a team, as its Group shows it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct RosterEntry {
    /// The member's row.
    pub member_pk: MemberPk,
    /// The member's SCIM id.
    pub id: String,
    /// What it is called.
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

/// Which member a membership is of. `+ 0` keeps PostgreSQL from going through all members in their
/// order, which is also that of the memberships, until it has met enough of the team: it takes a
/// page for a tenth of a team, and a team for as large as any other.
macro_rules! is_member {
    () => {
        members::pk.eq(team_members::member_pk + 0_i64)
    };
}
pub(super) use is_member;

/// Visits at most `limit` members of the team after row `after`, in order of their rows, until the
/// visitor breaks off.
///
/// # Errors
/// The visitor's; or the database's.
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

/// The first members of a team, at most `limit`, in order of their rows, each with the version of
/// the team that it was read in.
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

/// All members of these teams, with the rows of the teams, in order of both.
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

/// All members of a team, in order of their rows.
pub fn all(conn: &mut Conn, team: TeamPk) -> StoreResult<Vec<RosterEntry>> {
    let mut all = Vec::new();
    visit(conn, team, 0, i64::MAX, |member| {
        all.push(member);
        Ok::<_, super::StoreError>(ControlFlow::Continue(()))
    })?;
    Ok(all)
}

/// The version of a team; none if it is not there any more.
pub fn version(conn: &mut Conn, team: TeamPk) -> StoreResult<Option<i64>> {
    Ok(on!(conn, connection => teams::table
        .filter(teams::pk.eq(team))
        .select(teams::version)
        .first(connection)
        .optional())?)
}
