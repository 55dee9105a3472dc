//! Invitations (docs/domain.md §4). A pending one holds a seat, for 30 days.

pub mod acceptance;
mod error;
mod inviting;
mod letter;
mod lists;
pub mod own;
pub mod reminders;
mod roles;
mod targets;

use serde_json::json;

use super::{AdministrationError, invitation_targets as pending_targets, organizations};
use crate::enterprise::AccountPk;
use crate::enterprise::audit::Change;
use crate::enterprise::invitation::InvitationState;
use crate::store::enterprises::EnterpriseRow;
use crate::store::invitations::{self, InvitationRow};
use crate::store::{
    Conn, Transaction, audit, enterprises, invitation_delivery, invitation_reminders,
    invitation_targets, invitation_tokens, seats,
};

pub use error::InvitationError;
pub use inviting::{Invited, MOST_ADDRESSES, Target, create, create_many};
pub use lists::{Filter, Undelivered, list, list_of_organization, undelivered};
pub use roles::{RoleIn, set_role, set_role_in_organization};
pub use targets::Targets;

type Result<T> = std::result::Result<T, AdministrationError>;

/// The days until an invitation expires.
const DAYS: i64 = 30;
/// The days after which an unanswered invitation is reminded of, once.
const DAYS_TO_REMINDER: i64 = 7;

/// An invitation with its targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The invitation as stored.
    pub invitation: InvitationRow,
    /// The organizations and teams that it invites to.
    pub targets: Targets,
}

/// Returns the invitation with this id.
///
/// # Errors
/// Fails if the invitation does not exist.
pub fn get(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<Listed> {
    let found = invitations::by_id(conn, enterprise, id)?;
    let invitation = found.ok_or_else(|| unknown(id))?;
    let targets = targets::of(conn, invitation.pk)?;
    Ok(Listed { invitation, targets })
}

/// Returns the invitation with this id if it is pending.
fn require_pending(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
) -> Result<InvitationRow> {
    // Expires overdue invitations first, because nothing else may have done so yet.
    seats::expire_and_count(transaction, enterprise)?;
    let found = invitations::by_id(transaction, enterprise, id)?;
    let invitation = found.ok_or_else(|| unknown(id))?;
    if invitation.state != InvitationState::Pending {
        return Err(AdministrationError::NotPending(invitation.state_at(transaction.now())));
    }
    Ok(invitation)
}

fn unknown(id: &str) -> AdministrationError {
    AdministrationError::NotFound { kind: "The invitation", id: id.to_owned() }
}

/// Revokes a pending invitation, which frees its seat at once.
///
/// # Errors
/// Fails if the invitation does not exist or is not pending.
pub fn revoke(transaction: &mut Transaction<'_>, enterprise: AccountPk, id: &str) -> Result<()> {
    let invitation = require_pending(transaction, enterprise, id)?;
    end(transaction, enterprise, &invitation)
}

fn end(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    invitation: &InvitationRow,
) -> Result<()> {
    invitations::end(transaction, invitation.pk, InvitationState::Revoked)?;
    let change = Change::changed(
        "invitation.revoked",
        invitation.target(),
        json!({"state": "pending"}),
        json!({"state": "revoked"}),
    );
    Ok(audit::record(transaction, enterprise, &change)?)
}

/// Withdraws a pending invitation to an organization. An invitation with other targets keeps those;
/// one without is revoked.
///
/// # Errors
/// Fails if the organization does not exist, the invitation is not to that organization, or it is
/// not pending.
pub fn revoke_in_organization(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    organization: &str,
    id: &str,
) -> Result<()> {
    let (invitation, targets) = require_into(transaction, enterprise, organization, id)?;
    let mut left = targets.clone();
    left.organizations.retain(|target| target.id != organization);
    if left.is_empty() && invitation.account_role.is_none() {
        return end(transaction, enterprise, &invitation);
    }
    for target in targets.organizations.iter().filter(|target| target.id == organization) {
        invitation_targets::remove_organization(
            transaction,
            invitation.pk,
            target.organization_pk,
        )?;
    }
    let change =
        Change::changed("invitation.changed", invitation.target(), targets.shown(), left.shown());
    Ok(audit::record(transaction, enterprise, &change)?)
}

/// Withdraws all pending invitations to an organization, at most [`MOST_ADDRESSES`] at once, and
/// returns their number.
///
/// # Errors
/// Fails if the organization does not exist.
pub fn revoke_all_in_organization(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    organization: &str,
) -> Result<usize> {
    let row = organizations::require(transaction, enterprise, organization)?;
    let mut named = pending_targets::naming_organization(transaction, enterprise, row.pk)?;
    named.truncate(MOST_ADDRESSES);
    for invitation in &named {
        revoke_in_organization(transaction, enterprise, organization, &invitation.id)?;
    }
    Ok(named.len())
}

/// Returns the pending invitation with this id if it is directly to this organization.
fn require_into(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    organization: &str,
    id: &str,
) -> Result<(InvitationRow, Targets)> {
    organizations::require(transaction, enterprise, organization)?;
    let found = invitations::by_id(transaction, enterprise, id)?.ok_or_else(|| unknown(id))?;
    let targets = targets::of(transaction, found.pk)?;
    if !targets.organizations.iter().any(|target| target.id == organization) {
        return Err(unknown(id));
    }
    Ok((require_pending(transaction, enterprise, id)?, targets))
}

/// Sends a pending invitation again, with a new link that works for another 30 days. Earlier links
/// become invalid.
///
/// # Errors
/// Fails if the invitation does not exist or is not pending, or if invite control does not allow it
/// any more.
pub fn resend(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    public_url: &str,
    id: &str,
) -> Result<InvitationRow> {
    let invitation = require_pending(transaction, enterprise, id)?;
    targets::allowed(transaction, enterprise, &invitation)?;
    let account = enterprises::get(transaction, enterprise)?;
    renew(transaction, &account, public_url, &invitation)
}

/// Restarts a pending invitation: revokes its links, withdraws its unsent mail, and sends a new
/// link that works for another 30 days.
fn renew(
    transaction: &mut Transaction<'_>,
    account: &EnterpriseRow,
    public_url: &str,
    invitation: &InvitationRow,
) -> Result<InvitationRow> {
    let now = transaction.now();
    invitation_tokens::forget(transaction, invitation.pk)?;
    invitation_delivery::withdraw(transaction, invitation.pk)?;
    let (end, reminder) = (now.plus_days(DAYS), now.plus_days(DAYS_TO_REMINDER));
    let renewed = invitation_reminders::renew(transaction, invitation.pk, end, reminder)?;
    let occasion = letter::LetterKind::Invitation;
    let renewed = letter::send(transaction, account, public_url, &renewed, occasion)?;
    let change = Change::changed(
        "invitation.resent",
        renewed.target(),
        json!({"expires_at": invitation.expires_at}),
        json!({"expires_at": renewed.expires_at, "new_link": true}),
    );
    audit::record(transaction, account.pk, &change)?;
    Ok(renewed)
}

/// Like [`resend`], for an invitation to an organization.
///
/// # Errors
/// Fails like [`resend`], or if the invitation is not to that organization.
pub fn resend_in_organization(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    public_url: &str,
    organization: &str,
    id: &str,
) -> Result<InvitationRow> {
    require_into(transaction, enterprise, organization, id)?;
    resend(transaction, enterprise, public_url, id)
}
