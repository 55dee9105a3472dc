//! Changes of the roles that pending invitations promise.

use super::{Listed, Result, Targets, require_into, require_pending, targets};
use crate::administration::AdministrationError;
use crate::enterprise::audit::Change;
use crate::enterprise::{AccountPk, PlaceRole, TeamRole};
use crate::store::invitation_targets::{InvitedOrganization, InvitedTeam};
use crate::store::{Transaction, audit, invitations};

/// Which target of an invitation a new role is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleIn {
    /// The only one.
    OnlyTarget,
    /// The organization with this id.
    Organization(String),
    /// The team with this id.
    Team(String),
}

/// Changes the role that a pending invitation promises in an organization, or for its place in a
/// team. The link stays valid.
///
/// # Errors
/// Fails if the invitation does not exist, is not pending or does not lead there, if it leads to
/// several and none is named, or if an organization is to have a team's role.
pub fn set_role(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    target: &RoleIn,
    role: PlaceRole,
) -> Result<Listed> {
    let invitation = require_pending(transaction, enterprise, id)?;
    let before = targets::of(transaction, invitation.pk)?;
    match chosen(&before, target)? {
        Chosen::Organization(into) => {
            let role = TeamRole::of_organization(role).ok_or_else(no_team_role)?;
            let organization = into.organization_pk;
            invitations::invite_to_organization(transaction, invitation.pk, organization, role)?;
        }
        Chosen::Team(team) => {
            let own = team.team_role.own(role);
            invitations::invite_to_team(transaction, invitation.pk, team.team_pk, own)?;
        }
    }
    let targets = targets::of(transaction, invitation.pk)?;
    let target = invitation.target();
    let change = Change::changed("invitation.changed", target, before.shown(), targets.shown());
    audit::record(transaction, enterprise, &change)?;
    Ok(Listed { invitation, targets })
}

fn no_team_role() -> AdministrationError {
    AdministrationError::InvalidValue {
        field: "role",
        reason: "in an organization it is admin or member".to_owned(),
    }
}

/// Like [`set_role`], for an invitation to an organization.
///
/// # Errors
/// Fails like [`set_role`], or if the invitation is not to that organization.
pub fn set_role_in_organization(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    organization: &str,
    id: &str,
    role: PlaceRole,
) -> Result<Listed> {
    require_into(transaction, enterprise, organization, id)?;
    let target = RoleIn::Organization(organization.to_owned());
    let mut listed = set_role(transaction, enterprise, id, &target, role)?;
    listed.targets.only(organization);
    Ok(listed)
}

/// The target that a new role is for.
#[derive(Clone, Copy, Debug)]
enum Chosen<'a> {
    Organization(&'a InvitedOrganization),
    Team(&'a InvitedTeam),
}

/// Returns the target that is meant.
///
/// # Errors
/// Fails if the invitation does not lead there, or leads to several and none is named.
fn chosen<'a>(targets: &'a Targets, meant: &RoleIn) -> Result<Chosen<'a>> {
    let missing = |kind, id: &String| AdministrationError::NotFound { kind, id: id.clone() };
    match meant {
        RoleIn::Organization(id) => {
            let found = targets.organizations.iter().find(|target| target.id == *id);
            found.map(Chosen::Organization).ok_or_else(|| missing("In it the organization", id))
        }
        RoleIn::Team(id) => {
            let found = targets.teams.iter().find(|team| team.id == *id);
            found.map(Chosen::Team).ok_or_else(|| missing("In it the team", id))
        }
        RoleIn::OnlyTarget => match (&targets.organizations[..], &targets.teams[..]) {
            ([only], []) => Ok(Chosen::Organization(only)),
            ([], [only]) => Ok(Chosen::Team(only)),
            _ => Err(AdministrationError::InvalidValue {
                field: "organization_id, team_id",
                reason:
                    "the invitation does not lead to exactly one organization or team; name the \
                         one whose role is meant"
                        .to_owned(),
            }),
        },
    }
}
