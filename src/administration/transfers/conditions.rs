//! The conditions of a transfer, evaluated with the current state of the database.

use super::{Result, TransferError};
use crate::administration::collaborators;
use crate::enterprise::transfer::{
    HandingOver, Receiving, Unmet, unmet_by_giving, unmet_by_receiving,
};
use crate::enterprise::{
    AccountPk, MemberPk, OrganizationPk, OrganizationRole, TeamRole, Timestamp, address,
};
use crate::store::organizations::{self, OrganizationRow};
use crate::store::{
    Conn, Transaction, candidates, claims, invitation_targets, invitations, plans, responsible,
    seats, sso_connections, users,
};

/// The maximum number of accounts checked for one person.
const MOST_ACCOUNTS: i64 = 20;

/// A member with access to the organization, who moves along with it.
pub(super) struct Companion {
    /// The member's primary key in the transferring account.
    pub(super) member: MemberPk,
    /// The address; without one, the member cannot be known in the receiving account.
    pub(super) email: Option<String>,
    /// The member's role in the organization.
    pub(super) role: TeamRole,
}

/// Returns everybody with access to the organization, except owners of the account.
pub(super) fn coming(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: OrganizationPk,
) -> Result<Vec<Companion>> {
    let everybody = collaborators::everybody(conn, enterprise, organization)?;
    let role = |role| match role {
        OrganizationRole::Owner => None,
        OrganizationRole::Admin => Some(TeamRole::Admin),
        OrganizationRole::Member => Some(TeamRole::Member),
    };
    let coming = everybody.into_iter().filter_map(|(member, access)| {
        role(access.role).map(|role| Companion { member, email: access.subject.email, role })
    });
    Ok(coming.collect())
}

/// Checks that the account can transfer, and that some account of the recipient can receive.
pub(super) fn check_anywhere(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    organization: &OrganizationRow,
    email: &str,
) -> Result<()> {
    let now = transaction.now();
    refuse(unmet_anywhere(transaction, enterprise, organization, email, now)?)
}

/// Returns the conditions that are not met. Of several accounts of the recipient, those that the one
/// with the fewest does not meet.
pub(super) fn unmet_anywhere(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: &OrganizationRow,
    email: &str,
    now: Timestamp,
) -> Result<Vec<Unmet>> {
    let giving = giving(conn, enterprise, organization, email, now)?;
    let coming = coming(conn, enterprise, organization.pk)?;
    let accounts = match users::by_key(conn, &address::key(email))? {
        Some(person) => responsible::owned_by(conn, person.pk, MOST_ACCOUNTS)?,
        None => Vec::new(),
    };
    let mut nearest: Option<Vec<Unmet>> = None;
    for account in accounts.into_iter().filter(|account| *account != enterprise) {
        let receiving = receiving(conn, account, organization, &coming, now)?;
        let unmet = unmet_by_receiving(giving.plan, &receiving);
        if nearest.as_ref().is_none_or(|nearest| unmet.len() < nearest.len()) {
            nearest = Some(unmet);
        }
    }
    let mut unmet = unmet_by_giving(&giving);
    unmet.extend(nearest.unwrap_or_else(|| vec![Unmet::NoAccount]));
    Ok(unmet)
}

/// Checks that the account can transfer, and that this account can receive.
pub(super) fn check(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    organization: &OrganizationRow,
    email: &str,
    account: AccountPk,
    coming: &[Companion],
) -> Result<()> {
    let now = transaction.now();
    let giving = giving(transaction, enterprise, organization, email, now)?;
    let receiving = receiving(transaction, account, organization, coming, now)?;
    let mut unmet = unmet_by_giving(&giving);
    unmet.extend(unmet_by_receiving(giving.plan, &receiving));
    refuse(unmet)
}

fn refuse(unmet: Vec<Unmet>) -> Result<()> {
    if unmet.is_empty() { Ok(()) } else { Err(TransferError::Conditions(unmet).into()) }
}

fn giving(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: &OrganizationRow,
    email: &str,
    now: Timestamp,
) -> Result<HandingOver> {
    let account = plans::get(conn, enterprise)?;
    let mut invited = invitation_targets::naming_organization(conn, organization.pk)?;
    invited.retain(|invitation| invitation.expires_at > now);
    let known = claims::known_by(conn, enterprise, &address::key(email))?;
    let reaches = match known {
        None => false,
        Some(known) => collaborators::everybody(conn, enterprise, organization.pk)?
            .iter()
            .any(|(member, _)| *member == known.pk),
    };
    Ok(HandingOver {
        plan: account.plan,
        plan_active: account.is_active(now),
        sso: sso_connections::any_in_force(conn, enterprise, now)?,
        invitations: i64::try_from(invited.len()).unwrap_or(i64::MAX),
        organizations: organizations::count(conn, enterprise)?,
        reaches,
    })
}

fn receiving(
    conn: &mut Conn,
    account: AccountPk,
    organization: &OrganizationRow,
    coming: &[Companion],
    now: Timestamp,
) -> Result<Receiving> {
    let row = plans::get(conn, account)?;
    let seats = seats::now(conn, account, now)?;
    let mut needed = 0;
    for email in coming.iter().filter_map(|coming| coming.email.as_deref()) {
        let keys = [address::key(email)];
        let mut there = !candidates::of_keys(conn, account, &keys, None)?.is_empty();
        // A pending invitation already holds a seat.
        there |= invitations::pending_for(conn, account, &keys)?
            .iter()
            .any(|invitation| invitation.expires_at > now);
        needed += i64::from(!there);
    }
    Ok(Receiving {
        plan: row.plan,
        plan_active: row.is_active(now),
        free_seats: seats.total - seats.used(),
        needed_seats: needed,
        name_taken: organizations::name_taken(conn, account, &organization.name)?,
    })
}
