//! What members lose with a team: when it is deleted, or when they leave it (docs/domain.md §3).

use super::team_preview::{AffectedMembers, unlinking};
use super::{AdministrationError, members, organizations, teams};
use crate::enterprise::AccountPk;
use crate::enterprise::access::{Grant, Via, effective};
use crate::store::access::{self, Organization};
use crate::store::members::MemberRow;
use crate::store::teams::TeamRow;
use crate::store::{Conn, team_links, team_members};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The maximum number of organizations for which losses are looked up.
pub const MOST_LOOKED_AT: usize = 20;

/// What members lose in one organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The organization's name.
    pub organization: String,
    /// The members who no longer reach it.
    pub losing: AffectedMembers,
    /// The members who still reach it, with a lower role.
    pub falling: AffectedMembers,
}

/// What members lose when a team is deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// The losses in the first organizations of the team, at most [`MOST_LOOKED_AT`].
    pub losses: Vec<Loss>,
    /// The number of the team's other organizations.
    pub more: usize,
}

/// Returns what members would lose if the team was deleted.
///
/// # Errors
/// Fails if the team does not exist.
pub fn of_deletion(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<Deletion> {
    let team = teams::require(conn, enterprise, id)?;
    let links = team_links::of_teams(conn, &[team.pk])?;
    let own = way(&team);
    let mut losses = Vec::new();
    for (_, id, organization) in links.iter().take(MOST_LOOKED_AT) {
        let row = organizations::require(conn, enterprise, id)?;
        let (losing, falling) = unlinking(conn, enterprise, row.pk, &own)?;
        losses.push(Loss { organization: organization.clone(), losing, falling });
    }
    Ok(Deletion { more: links.len() - losses.len(), losses })
}

/// What a member loses by leaving a team.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaving {
    /// The member.
    pub member: MemberRow,
    /// The organizations that the member no longer reaches.
    pub losing: Vec<Organization>,
    /// The organizations that the member still reaches, with a lower role.
    pub falling: Vec<Organization>,
    /// Whether the identity provider has the member in the team's group, too.
    pub is_provisioned: bool,
}

/// Returns what a member would lose by leaving the team.
///
/// # Errors
/// Fails if the team does not exist, or the member is not in it.
pub fn of_leaving(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
    member_id: &str,
) -> Result<Leaving> {
    let team = teams::require(conn, enterprise, id)?;
    let member = members::require(conn, enterprise, member_id)?;
    let place = team_members::place(conn, team.pk, member.pk)?;
    let place = place.ok_or_else(|| super::team_members::not_in_team(member_id))?;
    let grants = access::of_members(conn, &[member.pk])?;
    let grants: Vec<Grant<Organization>> = grants.into_iter().map(|(_, grant)| grant).collect();
    let own = way(&team);
    let rest = effective(grants.iter().filter(|grant| grant.via != own).cloned().collect());
    let (mut losing, mut falling) = (Vec::new(), Vec::new());
    for now in effective(grants) {
        match rest.iter().find(|one| one.subject == now.subject) {
            None => losing.push(now.subject),
            Some(after) if after.role < now.role => falling.push(now.subject),
            Some(_) => {}
        }
    }
    Ok(Leaving { member, losing, falling, is_provisioned: place.by_scim })
}

fn way(team: &TeamRow) -> Via {
    Via::Team { id: team.id.clone(), name: team.name.clone() }
}
