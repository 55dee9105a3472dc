//! Invitations (DOMAIN.md §4): each pending one holds a seat, for 30 days.

pub mod acceptance;
mod error;
mod inviting;
mod letter;
pub mod reminders;
mod targets;

use serde_json::json;

use super::{AdministrationError, Page, organizations};
use crate::enterprise::audit::Change;
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{AccountPk, InvitationPk};
use crate::store::enterprises::EnterpriseRow;
use crate::store::invitation_delivery::Wanted;
use crate::store::invitations::{self, InvitationRow};
use crate::store::{
    Conn, Transaction, audit, enterprises, invitation_delivery, invitation_reminders,
    invitation_targets, invitation_tokens, seats,
};

pub use error::InvitationError;
pub use inviting::{Invited, MOST_ADDRESSES, Target, create, create_many};
pub use targets::Targets;

type Result<T> = std::result::Result<T, AdministrationError>;

/// How long an invitation is open.
const DAYS: i64 = 30;
/// After so many days without an answer it is reminded of, once.
const DAYS_TO_REMINDER: i64 = 7;

/// An invitation with what it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The invitation.
    pub invitation: InvitationRow,
    /// What it leads to.
    pub targets: Targets,
}

/// The account's invitations, in order of creation: all, or those that are wanted.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    wanted: Option<Wanted>,
    after: i64,
    limit: i64,
) -> Result<Page<Listed>> {
    let rows = invitations::find(conn, enterprise, wanted, after, limit + 1)?;
    listed(conn, rows, limit)
}

/// The invitation with this id.
///
/// # Errors
/// Where there is no such invitation.
pub fn get(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<Listed> {
    let found = invitations::by_id(conn, enterprise, id)?;
    let invitation = found.ok_or_else(|| unknown(id))?;
    let targets = targets::of(conn, invitation.pk)?;
    Ok(Listed { invitation, targets })
}

/// The invitations that lead to an organization directly, in order of creation: all, or those that
/// are wanted.
///
/// # Errors
/// Where there is no such organization.
pub fn list_of_organization(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: &str,
    wanted: Option<Wanted>,
    after: i64,
    limit: i64,
) -> Result<Page<Listed>> {
    let organization = organizations::require(conn, enterprise, organization)?;
    let rows =
        invitation_targets::to_organization(conn, organization.pk, wanted, after, limit + 1)?;
    let mut page = listed(conn, rows, limit)?;
    // An organization's admin sees the organization's part of an invitation.
    for item in &mut page.items {
        item.targets.organizations.retain(|target| target.organization_pk == organization.pk);
        item.targets.teams.clear();
    }
    Ok(page)
}

fn listed(conn: &mut Conn, rows: Vec<InvitationRow>, limit: i64) -> Result<Page<Listed>> {
    let page = Page::of(rows, limit, |row| row.pk.0);
    let pks: Vec<InvitationPk> = page.items.iter().map(|row| row.pk).collect();
    let mut targets = targets::of_invitations(conn, &pks)?;
    let items = page
        .items
        .into_iter()
        .map(|invitation| {
            let targets = targets.remove(&invitation.pk).unwrap_or_default();
            Listed { invitation, targets }
        })
        .collect();
    Ok(Page { items, next: page.next })
}

/// The pending invitation with this id.
fn require_pending(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
) -> Result<InvitationRow> {
    // What is past its time has expired, whether somebody noticed or not.
    seats::settle(transaction, enterprise)?;
    let found = invitations::by_id(transaction, enterprise, id)?;
    let invitation = found.ok_or_else(|| unknown(id))?;
    if invitation.state != InvitationState::Pending {
        return Err(AdministrationError::NotPending(invitation.state));
    }
    Ok(invitation)
}

fn unknown(id: &str) -> AdministrationError {
    AdministrationError::NotFound { kind: "The invitation", id: id.to_owned() }
}

/// Revokes a pending invitation; its seat is free at once.
///
/// # Errors
/// Where there is no such invitation, or it is not pending.
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

/// Takes a pending invitation to an organization back. One that leads elsewhere, too, stays for
/// that; another is revoked.
///
/// # Errors
/// Where there is no such organization or no such invitation to it, or it is not pending.
pub fn revoke_in_organization(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    organization: &str,
    id: &str,
) -> Result<()> {
    let (invitation, targets) = require_into(transaction, enterprise, organization, id)?;
    let mut left = targets.clone();
    left.organizations.retain(|target| target.id != organization);
    if left.is_empty() {
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

/// The pending invitation with this id, if it leads to this organization directly.
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

/// Sends a pending invitation anew: with a new link, the links before it closed, for another 30
/// days.
///
/// # Errors
/// Where there is no such invitation, it is not pending, or invite control does not allow it any
/// more.
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

/// Lets a pending invitation begin anew: with a new link, the links before it closed, for another
/// 30 days.
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

/// The same for an invitation that leads to an organization.
///
/// # Errors
/// As for [`resend`]; where it does not lead there.
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
