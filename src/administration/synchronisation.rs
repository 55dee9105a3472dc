//! Manual synchronisation (docs/domain.md §7): merges a manual team with a SCIM group of another
//! name, and splits them again.
//!
//! The merged team is the manual one, with its id, role and links. The identity provider knows it
//! by the id and the name of its group.

use serde_json::json;

use super::AdministrationError;
use super::teams::{self as administered, LinkedTeam};
use crate::enterprise::audit::Change;
use crate::enterprise::{AccountPk, MemberPk, TeamRole, TeamSource};
use crate::store::access::Organization;
use crate::store::team_members::{self, Addition, TeamMember};
use crate::store::teams::{self, Linked, TeamRow, TeamValues};
use crate::store::{Conn, Transaction, audit, team_links};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The effect of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The team's current name.
    pub name: String,
    /// The team's name after the merge, which is the group's.
    pub new_name: String,
    /// The number of members who would join the team.
    pub joining: i64,
    /// The user names of the first of them, at most 100.
    pub joining_first: Vec<String>,
    /// The organizations that they would get access to.
    pub organizations: Vec<Organization>,
}

/// The maximum number of joining members that a preview names.
const NAMED: usize = 100;

/// Returns the effect of merging the team with the group.
///
/// # Errors
/// Fails like [`link`].
pub fn preview(conn: &mut Conn, enterprise: AccountPk, team: &str, group: &str) -> Result<Preview> {
    let (team, group) = linkable(conn, enterprise, team, group)?;
    let present: std::collections::HashSet<MemberPk> =
        team_members::all(conn, team.pk)?.into_iter().map(|member| member.member_pk).collect();
    let mut joining = team_members::all(conn, group.pk)?;
    joining.retain(|member| !present.contains(&member.member_pk));
    let links = team_links::of_teams(conn, &[team.pk, group.pk])?;
    let mut organizations: Vec<Organization> =
        links.into_iter().map(|(_, id, name)| Organization { id, name }).collect();
    organizations.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    organizations.dedup();
    Ok(Preview {
        name: team.name,
        new_name: group.name,
        joining: i64::try_from(joining.len()).unwrap_or(i64::MAX),
        joining_first: joining.into_iter().take(NAMED).map(|member| member.user_name).collect(),
        organizations,
    })
}

/// Merges a manual team with a SCIM group.
///
/// # Errors
/// Fails if the team or the group does not exist, the team is not manual, or the group was not
/// created by SCIM.
pub fn link(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    team: &str,
    group: &str,
) -> Result<LinkedTeam> {
    let (team, group) = linkable(transaction, enterprise, team, group)?;
    let now = transaction.now();
    let mut joined = 0;
    let members = team_members::all(transaction, group.pk)?;
    for by_hand in [false, true] {
        let moving =
            additions(&members, |member| if by_hand { member.by_hand } else { member.by_scim });
        joined += team_members::add(transaction, team.pk, &moving, by_hand)?.new;
    }
    let roles = team_members::own_roles(transaction, group.pk)?;
    team_members::carry_roles(transaction, team.pk, &roles)?;
    team_links::take_over(transaction, team.pk, group.pk)?;
    // The group's name and id must be free before the team can take them.
    teams::delete(transaction, group.pk)?;
    let linked = Linked { from: &team.name, group_created_at: group.known_since() };
    let values = TeamValues {
        name: group.name,
        description: team.description.clone(),
        source: TeamSource::Synchronised,
        released: false,
        external_id: group.external_id,
        document: group.document,
    };
    let newest = TeamRow { version: team.version.max(group.version), ..team.clone() };
    teams::update(transaction, &newest, &values, joined, now)?;
    teams::set_scim_id(transaction, team.pk, &group.scim_id, Some(linked))?;
    let change = Change {
        action: "team.synchronised",
        target: administered::target(&team),
        before: json!({"name": team.name, "source": team.source}),
        after: json!({"group": group.scim_id, "name": values.name, "source": values.source,
            "joined": joined}),
    };
    audit::record(transaction, enterprise, &change)?;
    administered::get(transaction, enterprise, &team.id)
}

/// The effect of a split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The team's name after the split: its own.
    pub own_name: String,
    /// The name of the group, which gets a team of its own.
    pub group: String,
    /// The number of members who would leave the team, because only the identity provider assigned
    /// them.
    pub leaving: usize,
    /// The user names of the first of them, at most 100.
    pub leaving_first: Vec<String>,
}

/// Returns the effect of splitting a merged team.
///
/// # Errors
/// Fails like [`unlink`].
pub fn preview_unlink(conn: &mut Conn, enterprise: AccountPk, team: &str) -> Result<Split> {
    let (team, own_name) = linked(conn, enterprise, team)?;
    let mut leaving = team_members::all(conn, team.pk)?;
    leaving.retain(|member| member.by_scim && !member.by_hand);
    Ok(Split {
        own_name,
        group: team.name,
        leaving: leaving.len(),
        leaving_first: leaving.into_iter().take(NAMED).map(|member| member.user_name).collect(),
    })
}

/// Returns a merged team, and its own name.
fn linked(conn: &mut Conn, enterprise: AccountPk, team: &str) -> Result<(TeamRow, String)> {
    let team = administered::require(conn, enterprise, team)?;
    let Some(own_name) = team.linked_from.clone() else {
        return Err(AdministrationError::NotLinked(team.name));
    };
    if teams::by_name(conn, enterprise, &own_name)?.is_some() {
        return Err(AdministrationError::NameTaken { kind: "A team named", name: own_name });
    }
    Ok((team, own_name))
}

/// Splits a merged team: the team becomes manual again under its own name, and a new group gets the
/// members that the identity provider assigned. Links to organizations stay with the team.
///
/// # Errors
/// Fails if the team does not exist or was not merged manually, or if its own name is taken by now.
pub fn unlink(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    team: &str,
) -> Result<LinkedTeam> {
    let (team, own_name) = linked(transaction, enterprise, team)?;
    let now = transaction.now();
    let members = team_members::all(transaction, team.pk)?;
    let leaving = additions(&members, |member| member.by_scim);
    let roles = team_members::own_roles(transaction, team.pk)?;
    let withdrawn = team_members::withdraw_scim(transaction, team.pk)?;
    teams::set_scim_id(transaction, team.pk, &team.id, None)?;
    let manual = TeamValues {
        name: own_name,
        description: team.description.clone(),
        source: TeamSource::Manual,
        released: false,
        external_id: None,
        document: "{}".to_owned(),
    };
    teams::update(transaction, &team, &manual, -withdrawn.ended, now)?;
    let provisioned = TeamValues {
        name: team.name.clone(),
        description: String::new(),
        source: TeamSource::Scim,
        released: false,
        external_id: team.external_id.clone(),
        document: team.document.clone(),
    };
    let known = (team.version + 1, team.known_since());
    let id = &team.scim_id;
    let role = TeamRole::Member;
    let group = teams::insert_as(transaction, enterprise, id, &provisioned, role, known, now)?;
    let added = team_members::add(transaction, group.pk, &leaving, false)?;
    team_members::carry_roles(transaction, group.pk, &roles)?;
    teams::count_members(transaction, &[group.pk], added.new, now)?;
    let change = Change {
        action: "team.unsynchronised",
        target: administered::target(&team),
        before: json!({"group": team.scim_id, "name": team.name, "source": team.source}),
        after: json!({"name": manual.name, "source": manual.source, "left": withdrawn.ended}),
    };
    audit::record(transaction, enterprise, &change)?;
    administered::get(transaction, enterprise, &team.id)
}

fn linkable(
    conn: &mut Conn,
    enterprise: AccountPk,
    team: &str,
    group: &str,
) -> Result<(TeamRow, TeamRow)> {
    let team = administered::require(conn, enterprise, team)?;
    let group = teams::by_scim_id(conn, enterprise, group)?.ok_or_else(|| {
        AdministrationError::NotFound { kind: "The SCIM group", id: group.to_owned() }
    })?;
    if team.source != TeamSource::Manual {
        return Err(AdministrationError::NotManual(team.name));
    }
    if group.source != TeamSource::Scim {
        return Err(AdministrationError::NotProvisioned(group.name));
    }
    Ok((team, group))
}

fn additions(members: &[TeamMember], chosen: impl Fn(&TeamMember) -> bool) -> Vec<Addition> {
    members
        .iter()
        .filter(|member| chosen(member))
        .map(|member| Addition { member_pk: member.member_pk, display: member.display.clone() })
        .collect()
}
