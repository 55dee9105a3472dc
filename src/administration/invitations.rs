//! Invitations (DOMAIN.md §4): each pending one holds a seat, for 30 days.

use super::error::checked_address;
use super::{AdministrationError, Page, organizations, teams};
use crate::enterprise::{TeamRole, name};
use crate::store::invitations::{self, InvitationRow};
use crate::store::{Conn, Transaction, candidates, seats};

type Result<T> = std::result::Result<T, AdministrationError>;

/// How long an invitation is open.
const DAYS: i64 = 30;

/// What somebody is invited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An organization, with this role there.
    Organization(String, TeamRole),
    /// A team.
    Team(String),
}

/// Invites an address. A person who is already invited keeps the seat and is invited to this, too.
///
/// # Errors
/// Where the address is none or a member's, there is no such target, or no seat is free.
pub fn create(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    email: &str,
    target: &Target,
) -> Result<InvitationRow> {
    let email = checked_address("email", email)?;
    let keys = [name::key(email)];
    if !candidates::of_keys(transaction, enterprise, &keys, None)?.is_empty() {
        return Err(AdministrationError::AlreadyMember(email.to_owned()));
    }
    let account = seats::settle(transaction, enterprise)?;
    let pending = invitations::pending_for(transaction, enterprise, &keys)?;
    let invitation = match pending.into_iter().next() {
        Some(invitation) => invitation,
        None => {
            account.seats().one_more()?;
            let now = transaction.now();
            invitations::insert(transaction, enterprise, email, now, now.plus_days(DAYS))?
        }
    };
    match target {
        Target::Organization(id, role) => {
            let organization = organizations::require(transaction, enterprise, id)?;
            invitations::invite_to_organization(
                transaction,
                invitation.pk,
                organization.pk,
                role.as_str(),
            )?;
        }
        Target::Team(id) => {
            let team = teams::require(transaction, enterprise, id)?;
            invitations::invite_to_team(transaction, invitation.pk, team.pk)?;
        }
    }
    Ok(invitation)
}

/// The account's invitations, in order of creation.
///
/// # Errors
/// The database's.
pub fn list(
    conn: &mut Conn,
    enterprise: i64,
    after: i64,
    limit: i64,
) -> Result<Page<InvitationRow>> {
    let rows = invitations::find(conn, enterprise, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk))
}

/// Revokes a pending invitation; its seat is free at once.
///
/// # Errors
/// Where there is no such invitation, or it is not pending.
pub fn revoke(transaction: &mut Transaction<'_>, enterprise: i64, id: &str) -> Result<()> {
    seats::settle(transaction, enterprise)?;
    let found = invitations::by_id(transaction, enterprise, id)?;
    let invitation = found.ok_or_else(|| AdministrationError::NotFound {
        kind: "The invitation",
        id: id.to_owned(),
    })?;
    if invitation.state != "pending" {
        return Err(AdministrationError::NotPending(invitation.state));
    }
    invitations::end(transaction, invitation.pk, "revoked")?;
    Ok(())
}
