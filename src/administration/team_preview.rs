//! The preview of linking a team to an organization, or unlinking it (docs/domain.md §3).

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::{AdministrationError, collaborators, organizations, teams};
use crate::enterprise::access::{Grant, Via, effective};
use crate::enterprise::{AccountPk, MemberPk, OrganizationPk, OrganizationRole, TeamPk, TeamRole};
use crate::store::access::Collaborator;
use crate::store::{Conn, team_links, team_members};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The maximum number of members that a preview names.
const NAMED: usize = 100;

/// The members whose access to the organization a change concerns.
#[derive(Clone, Debug, Default, JsonSchema, PartialEq, Eq, Serialize)]
pub struct AffectedMembers {
    /// The number of all these members.
    pub count: i64,
    /// The user names of the first 100 of them.
    pub first: Vec<String>,
}

impl AffectedMembers {
    fn of(names: Vec<String>) -> Self {
        Self {
            count: i64::try_from(names.len()).unwrap_or(i64::MAX),
            first: names.into_iter().take(NAMED).collect(),
        }
    }
}

/// What linking a team to an organization, or unlinking it, would change.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
#[schemars(rename = "LinkPreview")]
pub struct Preview {
    /// Whether the team is linked now: if true the preview is of unlinking, if false of linking.
    pub linked: bool,
    /// The role that the team gives its members in the organization, unless a place has its own.
    pub role: TeamRole,
    /// The members who do not reach the organization and would; empty for unlinking.
    pub gaining: AffectedMembers,
    /// The members who reach the organization and would get a higher role; empty for unlinking.
    pub rising: AffectedMembers,
    /// The members who would no longer reach the organization; empty for linking.
    pub losing: AffectedMembers,
    /// The members who would still reach it, with a lower role; empty for linking.
    pub falling: AffectedMembers,
}

/// Returns the effect of linking the team to the organization or, if it is linked, of unlinking it.
///
/// # Errors
/// Fails if the team or the organization does not exist.
pub fn preview(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
    organization: &str,
) -> Result<Preview> {
    let team = teams::require(conn, enterprise, id)?;
    let organization = organizations::require(conn, enterprise, organization)?;
    let role = team.role;
    let linked = team_links::is_linked(conn, team.pk, organization.pk)?;
    let mut preview = Preview {
        linked,
        role,
        gaining: AffectedMembers::default(),
        rising: AffectedMembers::default(),
        losing: AffectedMembers::default(),
        falling: AffectedMembers::default(),
    };
    let own = Via::Team { id: team.id.clone(), name: team.name.clone() };
    if linked {
        (preview.losing, preview.falling) = unlinking(conn, enterprise, organization.pk, &own)?;
    } else {
        (preview.gaining, preview.rising) =
            linking(conn, enterprise, organization.pk, team.pk, role)?;
    }
    Ok(preview)
}

/// What linking a team to several organizations would change.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct LinksPreview {
    /// The role that the team gives its members in the organizations, unless a place has its own.
    pub role: TeamRole,
    /// The members who would reach one of the organizations or more, or with a higher role.
    pub concerned: AffectedMembers,
    /// What would change in each of the organizations, in the order in which they were given.
    pub previews: Vec<OrganizationPreview>,
}

/// What linking a team to one of several organizations would change.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct OrganizationPreview {
    /// The id of the organization, for the paths below `/organizations`.
    pub organization_id: String,
    /// The name of the organization.
    pub organization_name: String,
    /// Whether the team is linked to it already, so that nothing would change.
    pub linked: bool,
    /// The members who do not reach the organization and would.
    pub gaining: AffectedMembers,
    /// The members who reach the organization and would get a higher role.
    pub rising: AffectedMembers,
}

/// Returns the effect of linking the team to these organizations.
///
/// # Errors
/// Fails if there are no organizations or too many, or the team or one of them does not exist.
pub fn preview_several(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
    chosen: &[String],
) -> Result<LinksPreview> {
    teams::check_number(chosen)?;
    let team = teams::require(conn, enterprise, id)?;
    let members = team_members::active(conn, team.pk)?;
    let (mut previews, mut concerned) = (Vec::new(), HashSet::new());
    for id in chosen {
        let organization = organizations::require(conn, enterprise, id)?;
        let linked = team_links::is_linked(conn, team.pk, organization.pk)?;
        let (gaining, rising) = match linked {
            true => (Vec::new(), Vec::new()),
            false => reaching(conn, enterprise, organization.pk, &members, team.role)?,
        };
        concerned.extend(gaining.iter().chain(&rising).cloned());
        previews.push(OrganizationPreview {
            organization_id: organization.id,
            organization_name: organization.name,
            linked,
            gaining: AffectedMembers::of(gaining),
            rising: AffectedMembers::of(rising),
        });
    }
    // In the order of the team, as each organization has them.
    let names = members.into_iter().map(|(_, name, _)| name);
    let concerned = names.filter(|name| concerned.contains(name)).collect();
    Ok(LinksPreview { role: team.role, concerned: AffectedMembers::of(concerned), previews })
}

fn linking(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: OrganizationPk,
    team: TeamPk,
    role: TeamRole,
) -> Result<(AffectedMembers, AffectedMembers)> {
    let members = team_members::active(conn, team)?;
    let (gaining, rising) = reaching(conn, enterprise, organization, &members, role)?;
    Ok((AffectedMembers::of(gaining), AffectedMembers::of(rising)))
}

/// Returns the user names of those of a team's members who would gain access to an organization, and
/// of those who would rise there.
fn reaching(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: OrganizationPk,
    members: &[(MemberPk, String, Option<TeamRole>)],
    role: TeamRole,
) -> Result<(Vec<String>, Vec<String>)> {
    let there: HashMap<MemberPk, OrganizationRole> =
        collaborators::everybody(conn, enterprise, organization)?
            .into_iter()
            .map(|(pk, access)| (pk, access.role))
            .collect();
    let (mut gaining, mut rising) = (Vec::new(), Vec::new());
    for (pk, user_name, own) in members {
        match there.get(pk) {
            None => gaining.push(user_name.clone()),
            Some(now) if *now < role.in_place(*own).into() => rising.push(user_name.clone()),
            Some(_) => {}
        }
    }
    Ok((gaining, rising))
}

fn unlinking(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: OrganizationPk,
    own: &Via,
) -> Result<(AffectedMembers, AffectedMembers)> {
    let mut grants = crate::store::access::of_organization(conn, enterprise, organization)?;
    grants.sort_by_key(|(pk, _)| *pk);
    let (mut losing, mut falling) = (Vec::new(), Vec::new());
    for member in grants.chunk_by(|one, other| one.0 == other.0) {
        let all: Vec<Grant<Collaborator>> = member.iter().map(|(_, grant)| grant.clone()).collect();
        let (through, rest): (Vec<_>, Vec<_>) =
            all.iter().cloned().partition(|grant| grant.via == *own);
        let Some(first) = through.first() else { continue };
        let user_name = first.subject.user_name.clone();
        let role = |grants| effective(grants).first().map(|access| access.role);
        match (role(all), role(rest)) {
            (_, None) => losing.push(user_name),
            (now, after) if after < now => falling.push(user_name),
            _ => {}
        }
    }
    Ok((AffectedMembers::of(losing), AffectedMembers::of(falling)))
}
