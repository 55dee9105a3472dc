//! Members put in by hand, their roles and access, and the end of their licences (DOMAIN.md §4).

use std::collections::HashMap;

use serde_json::{Value, json};

use super::error::checked_address;
use super::{AdministrationError, Class, Page, Refusal};
use crate::enterprise::access::{Access, effective};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::invitation_roles::Extent;
use crate::enterprise::{AccountPk, MemberPk, MemberSource, Role, Timestamp, address, id, owner};
use crate::store::access::Organization;
use crate::store::members::{self, MemberLookup, MemberRow, MemberValues};
use crate::store::{
    Conn, Transaction, access, audit, candidates, claims, enterprises, invitations, seats,
};

type Result<T> = std::result::Result<T, AdministrationError>;

/// A member, and since when a person has claimed it.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimedMember {
    /// The member.
    pub member: MemberRow,
    /// Since when it is a person's; `None` where no person has claimed it.
    pub claimed_at: Option<Timestamp>,
}

/// Why somebody may not change a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemberError {
    /// Owners and co-owners are the owner's to make and unmake.
    #[error(
        "Only an owner may make somebody owner or co-owner, change that role, or remove who has it."
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
}

/// Refuses what makes or unmakes one of the roles that only an owner gives, to everybody else.
///
/// # Errors
/// [`MemberError::OwnersOnly`].
pub fn check_roles(manages_owners: bool, roles: &[Role]) -> Result<()> {
    if !manages_owners && roles.iter().any(|role| owner::governs(*role)) {
        return Err(MemberError::OwnersOnly.into());
    }
    Ok(())
}

/// Adds a member by hand; it takes a seat, or the one its pending invitation holds.
///
/// # Errors
/// Where the address is none or a member's, or no seat is free.
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
    let mut account = seats::settle(transaction, enterprise)?;
    let accepted = invitations::accept(transaction, enterprise, &keys)?;
    account.seats_invitations -= accepted.len() as i64;
    account.seats().one_more()?;
    let member = insert(transaction, enterprise, email, full_name, role)?;
    invitations::grant_promised(transaction, &accepted, member.pk, |_| Extent::Whole)?;
    let change = Change::made("member.added", target(&member), shown(&member));
    audit::record(transaction, enterprise, &change)?;
    Ok(ClaimedMember { member, claimed_at: None })
}

/// Writes a manual member, as the SCIM User that an identity provider will find.
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

/// The account's members, in the order in which they joined.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> Result<Page<ClaimedMember>> {
    let rows = members::find(conn, enterprise, &MemberLookup::All, after, limit + 1)?;
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

/// The member with this id.
///
/// # Errors
/// Where there is none.
pub fn get(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<ClaimedMember> {
    let member = require(conn, enterprise, id)?;
    let claimed_at = claims::of_member(conn, member.pk)?.map(|claim| claim.claimed_at);
    Ok(ClaimedMember { member, claimed_at })
}

/// Gives a member another role in the account. An owner who hands over makes another member owner
/// first: the account always has one.
///
/// # Errors
/// Where there is no such member, the change is for owners only, or it is the last owner.
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
    let now = transaction.now();
    let after = members::set_role(transaction, &before, role, now)?;
    let change =
        Change::changed("member.role-changed", target(&after), shown(&before), shown(&after));
    audit::record(transaction, enterprise, &change)?;
    get(transaction, enterprise, id)
}

fn target(member: &MemberRow) -> Target {
    Target::new("member", &member.id, &member.user_name)
}

fn shown(member: &MemberRow) -> Value {
    json!({"role": member.role, "source": member.source, "active": member.active})
}

/// The member with this id.
///
/// # Errors
/// Where there is none.
pub fn require(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<MemberRow> {
    members::by_id(conn, enterprise, id)?
        .ok_or_else(|| AdministrationError::NotFound { kind: "The member", id: id.to_owned() })
}

/// The organizations that a member reaches, and by which ways.
///
/// # Errors
/// Where there is no such member.
pub fn effective_access(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
) -> Result<Vec<Access<Organization>>> {
    let member = require(conn, enterprise, id)?;
    let grants = access::of_members(conn, &[member.pk])?;
    Ok(effective(grants.into_iter().map(|(_, grant)| grant).collect()))
}

/// Removes a member on the Licenses page: out of the account and all its teams, the seat free. The
/// person stays known and can still sign in, but reaches nothing of the account.
///
/// # Errors
/// Where there is no such member, it is for owners only, or it is the last owner.
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
    members::remove(transaction, &member)?;
    let change = Change::ended("member.removed", target(&member), shown(&member));
    Ok(audit::record(transaction, enterprise, &change)?)
}
