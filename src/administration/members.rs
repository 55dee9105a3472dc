//! Members: adding them manually, their roles and access, and their removal (docs/domain.md §4).

use std::collections::HashMap;

use serde_json::{Value, json};

use super::error::checked_address;
use super::{AdministrationError, Class, Page, Refusal, member_letters};
use crate::enterprise::access::{Access, effective};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::invitation_roles::Extent;
use crate::enterprise::permissions::Operation;
use crate::enterprise::seats::Arrival;
use crate::enterprise::{AccountPk, MemberPk, MemberSource, Role, Timestamp, address, id, owner};
use crate::store::access::Organization;
use crate::store::member_lookups::{self, MemberLookup};
use crate::store::members::{self, MemberRow, MemberValues};
use crate::store::{
    Conn, Transaction, access, audit, candidates, claims, enterprises, git_sync, invitations, seats,
};

type Result<T> = std::result::Result<T, AdministrationError>;

/// A member, and when a person claimed it.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimedMember {
    /// The member as stored.
    pub member: MemberRow,
    /// When a person claimed the member; `None` if no person has.
    pub claimed_at: Option<Timestamp>,
}

/// Why a member cannot be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemberError {
    /// Only owners may grant or revoke the roles owner and co-owner.
    #[error(
        "Only an owner may grant or revoke the roles owner and co-owner, or remove a member who \
         has one of them."
    )]
    OwnersOnly,
}

impl Refusal for MemberError {
    fn class(&self) -> Class {
        Class::Forbidden
    }

    fn word(&self) -> &'static str {
        "owners-only"
    }

    fn needs(&self) -> Option<Operation> {
        Some(Operation::ManageOwners)
    }
}

/// Checks that a change by a caller who may not manage owners affects neither owners nor co-owners.
///
/// # Errors
/// Fails with [`MemberError::OwnersOnly`] if it does.
pub fn check_roles(manages_owners: bool, roles: &[Role]) -> Result<()> {
    if !manages_owners && roles.iter().any(|role| owner::governs(*role)) {
        return Err(MemberError::OwnersOnly.into());
    }
    Ok(())
}

/// Adds a member manually. The member takes a free seat, or that of its pending invitation.
///
/// # Errors
/// Fails if the address is invalid or a member's, or no seat is free.
pub fn add(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    email: &str,
    full_name: Option<(String, String)>,
    role: Role,
) -> Result<ClaimedMember> {
    let email = checked_address("email", email)?;
    let email = email.as_str();
    let keys = [address::key(email)];
    if !candidates::of_keys(transaction, enterprise, &keys, None)?.is_empty() {
        return Err(AdministrationError::AlreadyMember(email.to_owned()));
    }
    let account = seats::expire_and_count(transaction, enterprise)?;
    let (accepted, account) = invitations::accept_into(transaction, account, &keys)?;
    let arrival = if accepted.is_empty() { Arrival::New } else { Arrival::Invited };
    seats::admit(transaction, &account, arrival)??;
    let member = insert(transaction, enterprise, email, full_name, role)?;
    invitations::grant_promised(transaction, &accepted, member.pk, |_| Extent::Whole)?;
    let change = Change::made("member.added", target(&member), shown(&member));
    audit::record(transaction, enterprise, &change)?;
    Ok(ClaimedMember { member, claimed_at: None })
}

/// Inserts a manual member together with its SCIM User, which an identity provider can find later.
pub(super) fn insert(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    email: &str,
    full_name: Option<(String, String)>,
    role: Role,
) -> Result<MemberRow> {
    let now = transaction.now();
    let (given, family) = full_name.unwrap_or_else(|| address::placeholder_name(email));
    let document = json!({
        "name": {
            "formatted": format!("{given} {family}"),
            "familyName": family,
            "givenName": given,
        },
        "emails": [{"value": email, "type": "work", "primary": true}],
    });
    let values = MemberValues {
        email: Some(email.to_owned()),
        source: MemberSource::Manual,
        active: true,
        user_name: email.to_owned(),
        external_id: None,
        display_name: Some(format!("{given} {family}")),
        note: None,
        document: document.to_string(),
    };
    let emails = [email.to_owned()];
    Ok(members::insert(transaction, enterprise, &id::member(), role, &values, &emails, now)?)
}

/// Lists the account's members in the order in which they joined.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> Result<Page<ClaimedMember>> {
    let rows = member_lookups::find(conn, enterprise, &MemberLookup::All, after, limit + 1)?;
    let page = Page::of(rows, limit, |row| row.pk.0);
    let pks: Vec<MemberPk> = page.items.iter().map(|member| member.pk).collect();
    let claimed: HashMap<MemberPk, Timestamp> = claims::of_members(conn, &pks)?
        .into_iter()
        .map(|claim| (claim.member_pk, claim.claimed_at))
        .collect();
    let items = page
        .items
        .into_iter()
        .map(|member| {
            let claimed_at = claimed.get(&member.pk).copied();
            ClaimedMember { member, claimed_at }
        })
        .collect();
    Ok(Page { items, next: page.next })
}

/// Returns the member with this id, and when it was claimed.
///
/// # Errors
/// Fails if the member does not exist.
pub fn get(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<ClaimedMember> {
    let member = require(conn, enterprise, id)?;
    let claimed_at = claims::of_member(conn, member.pk)?.map(|claim| claim.claimed_at);
    Ok(ClaimedMember { member, claimed_at })
}

/// Changes a member's role in the account. To hand over, an owner first makes another member owner,
/// because the account always needs one.
///
/// # Errors
/// Fails if the member does not exist, only an owner may make this change, or the member is the
/// last owner.
pub fn set_role(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    role: Role,
    manages_owners: bool,
) -> Result<ClaimedMember> {
    let before = require(transaction, enterprise, id)?;
    if before.role == role {
        return get(transaction, enterprise, id);
    }
    check_roles(manages_owners, &[before.role, role])?;
    let account = enterprises::get(transaction, enterprise)?;
    owner::may_leave(before.role, before.active, account.active_owners)?;
    if role == Role::Owner && before.active {
        git_sync::admit_as_owner(transaction, &account, before.pk)??;
    }
    let now = transaction.now();
    let after = members::set_role(transaction, &before, role, now)?;
    let change =
        Change::changed("member.role-changed", target(&after), shown(&before), shown(&after));
    audit::record(transaction, enterprise, &change)?;
    member_letters::role_changed(transaction, &before, &after)?;
    get(transaction, enterprise, id)
}

pub(super) fn target(member: &MemberRow) -> Target {
    Target::new("member", &member.id, &member.user_name)
}

pub(super) fn shown(member: &MemberRow) -> Value {
    json!({"role": member.role, "source": member.source, "active": member.active})
}

/// Returns the member with this id.
///
/// # Errors
/// Fails if the member does not exist.
pub fn require(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<MemberRow> {
    members::by_id(conn, enterprise, id)?
        .ok_or_else(|| AdministrationError::NotFound { kind: "The member", id: id.to_owned() })
}

/// Returns the organizations that a member can access, with the role and its sources.
///
/// # Errors
/// Fails if the member does not exist.
pub fn effective_access(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
) -> Result<Vec<Access<Organization>>> {
    let member = require(conn, enterprise, id)?;
    let grants = access::of_members(conn, &[member.pk])?;
    Ok(effective(grants.into_iter().map(|(_, grant)| grant).collect()))
}

/// Removes a member from the account and all its teams, which frees the seat. The person can still
/// sign in, but cannot access anything in the account.
///
/// # Errors
/// Fails if the member does not exist, only an owner may remove it, or it is the last owner.
pub fn remove(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    manages_owners: bool,
) -> Result<()> {
    let member = require(transaction, enterprise, id)?;
    check_roles(manages_owners, &[member.role])?;
    let account = enterprises::get(transaction, enterprise)?;
    owner::may_leave(member.role, member.active, account.active_owners)?;
    member_letters::removed(transaction, &member)?;
    members::remove(transaction, &member)?;
    let change = Change::ended("member.removed", target(&member), shown(&member));
    Ok(audit::record(transaction, enterprise, &change)?)
}
