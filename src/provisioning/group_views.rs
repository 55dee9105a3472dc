//! Group resources: teams with the requested members and organizations.

use std::collections::HashMap;

use super::document::View;
use super::mapping::{GroupParts, Members, group};
use super::memberships::MEMBERS;
use super::resource_types::GROUP_EXTENSION;
use super::roster::Roster;
use super::{Directory, ProvisioningError};
use crate::enterprise::TeamPk;
use crate::scim::Resource;
use crate::scim::projection::Projection;
use crate::store::rosters::{self, RosterEntry};
use crate::store::teams::TeamRow;
use crate::store::{Conn, StoreError, team_links};

type Result<T> = std::result::Result<T, ProvisioningError>;

/// The members of a single group are read at once, as fast as a user, up to this number; above it
/// they are read while the response is sent.
const FEW_OF_ONE: i64 = 100;
/// The limit for all groups of a page together.
const FEW_OF_MANY: i64 = 1000;

/// Returns the teams as Group resources to be shown, with the attributes that the projection
/// includes, not yet projected. Members are read at once if they are few, and otherwise while the
/// response is sent.
///
/// # Errors
/// Returns [`StoreError::Conflict`] if the members are of another version than the row. This cannot
/// happen inside a transaction.
pub fn shown(
    conn: &mut Conn,
    directory: &Directory,
    rows: &[TeamRow],
    projection: &Projection,
) -> Result<Vec<View>> {
    let rosters: Vec<Option<Roster>> =
        rows.iter().map(|row| Roster::new(directory, row, projection)).collect();
    let few = if rosters.iter().any(Option::is_some) {
        few_members(conn, rows)?
    } else {
        Some(HashMap::new())
    };
    let mut links = links(conn, rows, projection)?;
    rows.iter()
        .zip(rosters)
        .map(|(row, roster)| {
            let (members, roster) = match &few {
                Some(few) => {
                    let members = few.get(&row.pk).map_or(&[][..], Vec::as_slice);
                    (roster.is_some().then_some(Members::These(members)), None)
                }
                None => (roster.is_some().then_some(Members::Later), roster),
            };
            let parts = GroupParts { members, organizations: links.remove(&row.pk) };
            Ok(View { resource: group(directory, row, parts)?, roster })
        })
        .collect()
}

/// Returns the members by team, or `None` if all teams together have too many.
fn few_members(
    conn: &mut Conn,
    rows: &[TeamRow],
) -> Result<Option<HashMap<TeamPk, Vec<RosterEntry>>>> {
    let expected: i64 = rows.iter().map(|row| row.member_count).sum();
    let mut by_team: HashMap<TeamPk, Vec<RosterEntry>> = HashMap::new();
    if let [row] = rows {
        if expected > FEW_OF_ONE {
            return Ok(None);
        }
        let found = rosters::with_version(conn, row.pk, FEW_OF_ONE + 1)?;
        let version = match found.first() {
            Some((version, _)) => Some(*version),
            None if expected == 0 => Some(row.version),
            None => rosters::version(conn, row.pk)?,
        };
        if version != Some(row.version) {
            return Err(StoreError::Conflict.into());
        }
        by_team.insert(row.pk, found.into_iter().map(|(_, member)| member).collect());
        return Ok(Some(by_team));
    }
    if expected > FEW_OF_MANY {
        return Ok(None);
    }
    let pks: Vec<TeamPk> = rows.iter().map(|row| row.pk).collect();
    for (team, member) in rosters::of_teams(conn, &pks)? {
        by_team.entry(team).or_default().push(member);
    }
    Ok(Some(by_team))
}

/// Returns the teams as Group resources to evaluate a filter on, with the attributes that the
/// projection includes.
pub fn views(
    conn: &mut Conn,
    directory: &Directory,
    rows: &[TeamRow],
    projection: &Projection,
) -> Result<Vec<Resource>> {
    let mut links = links(conn, rows, projection)?;
    let with_members = projection.includes(None, MEMBERS);
    rows.iter()
        .map(|row| {
            let members = if with_members { rosters::all(conn, row.pk)? } else { Vec::new() };
            let members = with_members.then_some(Members::These(&members));
            let parts = GroupParts { members, organizations: links.remove(&row.pk) };
            Ok(group(directory, row, parts)?)
        })
        .collect()
}

/// Returns the linked organizations by team, if the projection includes them.
fn links(
    conn: &mut Conn,
    rows: &[TeamRow],
    projection: &Projection,
) -> Result<HashMap<TeamPk, Vec<(String, String)>>> {
    let mut links: HashMap<TeamPk, Vec<(String, String)>> = HashMap::new();
    if projection.includes(Some(GROUP_EXTENSION), "organizations") {
        let pks: Vec<TeamPk> = rows.iter().map(|row| row.pk).collect();
        for (team, id, organization) in team_links::of_teams(conn, &pks)? {
            links.entry(team).or_default().push((id, organization));
        }
    }
    Ok(links)
}
