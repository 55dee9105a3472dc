//! Acceptance of invitations: through the link in the mail, which proves the address, or through a
//! sign-in that proves the address as well.

use serde_json::json;

use super::{InvitationError, Result, Targets, targets};
use crate::administration::error::checked_name;
use crate::administration::persons::claims;
use crate::administration::{AdministrationError, members, organizations};
use crate::enterprise::access::Access;
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::invitation_roles::Extent;
use crate::enterprise::person::{Basis, Proof};
use crate::enterprise::seats::Arrival;
use crate::enterprise::{AccountPk, Role, Timestamp, address, token};
use crate::store::access::Organization;
use crate::store::enterprises::EnterpriseRow;
use crate::store::invitations::{self, InvitationRow};
use crate::store::members::MemberRow;
use crate::store::{
    Conn, Transaction, audit, candidates, enterprises, git_sync, invitation_targets,
    invitation_tokens, seats, users,
};

/// The invitation behind a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The account's primary key.
    pub enterprise: AccountPk,
    /// The account's name.
    pub account: String,
    /// The invitation, with its current state.
    pub invitation: InvitationRow,
    /// The organizations and teams that it invites to.
    pub targets: Targets,
}

/// The membership that results from an accepted invitation.
#[derive(Clone, Debug, PartialEq)]
pub struct Joined {
    /// The account's public id, `ent_…`.
    pub account_id: String,
    /// The account's name.
    pub account: String,
    /// The new member's public id.
    pub member_id: String,
    /// The address that was invited.
    pub email: String,
    /// The organizations that the new member can access now.
    pub access: Vec<Access<Organization>>,
}

/// Returns the invitation behind the link with this token. Only reads, because mail scanners follow
/// the links in mails.
///
/// # Errors
/// Fails with [`InvitationError::UnknownLink`] if the link is not valid.
pub fn look(conn: &mut Conn, secret: &str, now: Timestamp) -> Result<Offer> {
    let (enterprise, mut invitation) = find(conn, secret)?;
    invitation.state = invitation.state_at(now);
    let account = enterprises::get(conn, enterprise)?.name;
    let targets = targets::of(conn, invitation.pk)?;
    Ok(Offer { enterprise, account, invitation, targets })
}

fn find(conn: &mut Conn, secret: &str) -> Result<(AccountPk, InvitationRow)> {
    let hash = token::hash(secret);
    let (enterprise, id) =
        invitation_tokens::find(conn, &hash)?.ok_or(InvitationError::UnknownLink)?;
    let found = invitations::by_id(conn, enterprise, &id)?;
    Ok((enterprise, found.ok_or(InvitationError::UnknownLink)?))
}

/// Accepts the invitation of the link with this token. The invited person, new or known by the
/// address, becomes a member and takes the invitation's seat.
///
/// # Errors
/// Fails if the link is not valid, the invitation is not pending any more, the address is a
/// member's already, the plan has ended, or invite control does not allow the invitation any more.
pub fn accept(
    transaction: &mut Transaction<'_>,
    secret: &str,
    full_name: Option<(&str, &str)>,
) -> Result<Joined> {
    let (enterprise, _) = find(transaction, secret)?;
    let account = seats::expire_and_count(transaction, enterprise)?;
    let (_, invitation) = find(transaction, secret)?;
    let email = invitation.email.clone();
    let (joined, member) = take(transaction, account, invitation, full_name)?;
    let now = transaction.now();
    let person = users::prove(transaction, &email, Proof::Link, now)?;
    claims::claim(transaction, &member, &person, Basis::Invitation)?;
    Ok(joined)
}

/// Makes the invited person a member if the invitation can still be accepted. Overdue invitations
/// have to be expired before.
///
/// # Errors
/// Fails as [`accept`] does.
pub(super) fn take(
    transaction: &mut Transaction<'_>,
    account: EnterpriseRow,
    invitation: InvitationRow,
    full_name: Option<(&str, &str)>,
) -> Result<(Joined, MemberRow)> {
    let full_name = checked(full_name)?;
    require_pending(&invitation, transaction.now())?;
    require_plan(&account)?;
    let keys = [address::key(&invitation.email)];
    if !candidates::of_keys(transaction, account.pk, &keys, None)?.is_empty() {
        return Err(AdministrationError::AlreadyMember(invitation.email));
    }
    join(transaction, account, invitation, &keys, full_name)
}

/// Checks that an invitation is pending.
///
/// # Errors
/// Fails with [`AdministrationError::NotPending`] if it is not.
fn require_pending(invitation: &InvitationRow, now: Timestamp) -> Result<()> {
    match invitation.state_at(now) {
        InvitationState::Pending => Ok(()),
        state => Err(AdministrationError::NotPending(state)),
    }
}

/// Declines the invitation of the link with this token: its seat is free at once, and its links do
/// not work any more.
///
/// # Errors
/// Fails if the link is not valid or the invitation is not pending any more.
pub fn decline(transaction: &mut Transaction<'_>, secret: &str) -> Result<()> {
    let (enterprise, _) = find(transaction, secret)?;
    seats::expire_and_count(transaction, enterprise)?;
    let (_, invitation) = find(transaction, secret)?;
    end_declined(transaction, &invitation)
}

/// Ends a pending invitation as declined.
///
/// # Errors
/// Fails if the invitation is not pending any more.
pub(super) fn end_declined(
    transaction: &mut Transaction<'_>,
    invitation: &InvitationRow,
) -> Result<()> {
    let now = transaction.now();
    require_pending(invitation, now)?;
    invitations::decline(transaction, invitation.pk, now)?;
    let change = Change::changed(
        "invitation.declined",
        invitation.target(),
        json!({"state": "pending"}),
        json!({"state": "declined"}),
    );
    Ok(audit::record(transaction, invitation.enterprise_pk, &change)?)
}

/// Accepts the account's pending invitation to exactly the address with this key, without its link:
/// for a sign-in through the account's own single sign-on, which proves the address (docs/domain.md
/// §4). Returns `None` if there is no such invitation or a member already has the address.
///
/// # Errors
/// Fails if the plan has ended, or invite control does not allow the invitation any more. The
/// invitation then stays pending.
pub fn accept_for(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    address_key: &str,
    full_name: Option<(&str, &str)>,
) -> Result<Option<MemberRow>> {
    let full_name = checked(full_name)?;
    let account = seats::expire_and_count(transaction, enterprise)?;
    let keys = [address_key.to_owned()];
    let pending = invitations::pending_for(transaction, enterprise, &keys)?;
    let Some(invitation) = pending.into_iter().next() else { return Ok(None) };
    if !candidates::of_keys(transaction, enterprise, &keys, None)?.is_empty() {
        return Ok(None);
    }
    require_plan(&account)?;
    let (_, member) = join(transaction, account, invitation, &keys, full_name)?;
    Ok(Some(member))
}

fn checked(full_name: Option<(&str, &str)>) -> Result<Option<(String, String)>> {
    let Some((given, family)) = full_name else { return Ok(None) };
    Ok(Some((
        checked_name("given_name", given)?.to_owned(),
        checked_name("family_name", family)?.to_owned(),
    )))
}

fn require_plan(account: &EnterpriseRow) -> Result<()> {
    if account.plan_active { Ok(()) } else { Err(InvitationError::PlanEnded.into()) }
}

/// Makes the invited person a member, in the invitation's seat.
fn join(
    transaction: &mut Transaction<'_>,
    account: EnterpriseRow,
    invitation: InvitationRow,
    keys: &[String],
    full_name: Option<(String, String)>,
) -> Result<(Joined, MemberRow)> {
    let enterprise = account.pk;
    withhold(transaction, enterprise, &invitation)?;
    let (accepted, account) = invitations::accept_into(transaction, account, keys)?;
    seats::admit(transaction, &account, Arrival::Invited)??;
    for target in targets::of(transaction, invitation.pk)?.organizations {
        let into = organizations::require(transaction, enterprise, &target.id)?;
        git_sync::admit_into(transaction, &account, &into, Arrival::Invited)??;
    }
    let email = invitation.email.as_str();
    let role = invitation.account_role.unwrap_or(Role::Member);
    let member = members::insert(transaction, enterprise, email, full_name, role)?;
    invitations::grant_promised(transaction, &accepted, member.pk, |_| Extent::Whole)?;
    let access = members::effective_access(transaction, enterprise, &member.id)?;
    let change = Change::made(
        "member.joined",
        Target::new("member", &member.id, &member.user_name),
        json!({"role": role, "invitation": invitation.id}),
    );
    audit::record(transaction, enterprise, &change)?;
    let joined = Joined {
        account_id: account.id,
        account: account.name,
        member_id: member.id.clone(),
        email: invitation.email,
        access,
    };
    Ok((joined, member))
}

/// Removes from an invitation the targets that invite control does not allow any more.
fn withhold(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    invitation: &InvitationRow,
) -> Result<()> {
    let parted = targets::allowed(transaction, enterprise, invitation)?;
    for target in &parted.all.organizations {
        if !parted.allowed.organizations.contains(target) {
            let organization = target.organization_pk;
            invitation_targets::remove_organization(transaction, invitation.pk, organization)?;
        }
    }
    for team in &parted.all.teams {
        if !parted.allowed.teams.contains(team) {
            invitation_targets::remove_team(transaction, invitation.pk, team.team_pk)?;
        }
    }
    let change = Change::changed(
        "invitation.changed",
        invitation.target(),
        parted.all.shown(),
        parted.allowed.shown(),
    );
    Ok(audit::record(transaction, enterprise, &change)?)
}
