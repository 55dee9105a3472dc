//! Invitations to a team or an organization that is deleted; an invitation without any other target
//! is revoked.

use serde_json::{Value, json};

use super::AdministrationError;
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{AccountPk, OrganizationPk, TeamPk};
use crate::store::invitations::InvitationRow;
use crate::store::{Transaction, audit, invitation_targets as stored, invitations, seats};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Returns pending invitations to this organization. Invitations that are overdue expire first.
pub(super) fn naming_organization(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    organization: OrganizationPk,
) -> Result<Vec<InvitationRow>> {
    seats::expire_and_count(transaction, enterprise)?;
    Ok(stored::naming_organization(transaction, organization)?)
}

/// Returns pending invitations to this team. Invitations that are overdue expire first.
pub(super) fn naming_team(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    team: TeamPk,
) -> Result<Vec<InvitationRow>> {
    seats::expire_and_count(transaction, enterprise)?;
    Ok(stored::naming_team(transaction, team)?)
}

/// Revokes those of the invitations that have no target left, which frees their seats.
pub(super) fn revoke_without_target(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    named: &[InvitationRow],
) -> Result<()> {
    for invitation in named {
        let aims = invitation.account_role.is_some()
            || !invitations::organizations(transaction, invitation.pk)?.is_empty()
            || !invitations::teams(transaction, invitation.pk)?.is_empty();
        if aims {
            continue;
        }
        invitations::end(transaction, invitation.pk, InvitationState::Revoked)?;
        let target = Target::new("invitation", &invitation.id, &invitation.email);
        let before: Value = json!({"email": invitation.email, "state": "pending"});
        let change = Change::ended("invitation.revoked", target, before);
        audit::record(transaction, enterprise, &change)?;
    }
    Ok(())
}
