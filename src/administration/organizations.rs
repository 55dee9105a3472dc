//! Organizations of an account (docs/domain.md §2).

use serde_json::{Value, json};

use super::error::checked_name;
use super::organization_list::{self, Numbers};
use super::{AdministrationError, Class, Refusal, invitation_targets};
use crate::enterprise::access::effective;
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::{AccountPk, MemberPk, OrganizationRole, Timestamp};
use crate::store::organizations::{self, OrganizationRow};
use crate::store::{Conn, Transaction, access, audit, invitation_targets as pending_targets};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Why an organization cannot be deleted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrganizationError {
    /// It is the account's only one. Every account keeps one to invite people to.
    #[error(
        "\"{0}\" is the account's last organization, and an account keeps one. Create another one \
         first, or rename this one."
    )]
    Last(String),
}

impl Refusal for OrganizationError {
    fn class(&self) -> Class {
        Class::Conflict
    }

    fn word(&self) -> &'static str {
        "last-organization"
    }
}

/// Creates an organization.
///
/// # Errors
/// Fails if the name is invalid or taken.
pub fn create(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    name: &str,
) -> Result<OrganizationRow> {
    let name = checked_name("name", name)?;
    refuse_taken(transaction, enterprise, name)?;
    let now = transaction.now();
    let row = organizations::insert(transaction, enterprise, name, now)?;
    let change = Change::made("organization.created", target(&row), shown(&row));
    audit::record(transaction, enterprise, &change)?;
    Ok(row)
}

fn refuse_taken(conn: &mut Conn, enterprise: AccountPk, name: &str) -> Result<()> {
    if organizations::name_taken(conn, enterprise, name)? {
        return Err(AdministrationError::NameTaken {
            kind: "An organization named",
            name: name.to_owned(),
        });
    }
    Ok(())
}

/// Renames an organization. A change of letter case only is allowed.
///
/// # Errors
/// Fails if the organization does not exist, or the name is invalid or taken.
pub fn rename(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    name: &str,
) -> Result<OrganizationRow> {
    let name = checked_name("name", name)?;
    let before = require(transaction, enterprise, id)?;
    if crate::enterprise::name::key(name) != crate::enterprise::name::key(&before.name) {
        refuse_taken(transaction, enterprise, name)?;
    }
    let after = organizations::rename(transaction, &before, name)?;
    let change =
        Change::changed("organization.renamed", target(&after), shown(&before), shown(&after));
    audit::record(transaction, enterprise, &change)?;
    Ok(after)
}

/// Deletes an organization with its team links and direct access; members keep their seats
/// (docs/domain.md §4). Pending invitations lose this target, and those without another one are
/// revoked, because they would hold a seat for nothing.
///
/// # Errors
/// Fails if the organization does not exist or is the account's last one.
pub fn delete(transaction: &mut Transaction<'_>, enterprise: AccountPk, id: &str) -> Result<()> {
    let row = require(transaction, enterprise, id)?;
    if is_last(transaction, enterprise)? {
        return Err(OrganizationError::Last(row.name).into());
    }
    let invited = invitation_targets::naming_organization(transaction, enterprise, row.pk)?;
    organizations::delete(transaction, row.pk)?;
    invitation_targets::revoke_without_target(transaction, enterprise, &invited)?;
    let change = Change::ended("organization.deleted", target(&row), shown(&row));
    Ok(audit::record(transaction, enterprise, &change)?)
}

/// What the deletion of an organization would end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The people who reach it, and the teams that are linked to it.
    pub numbers: Numbers,
    /// The number of pending invitations to it.
    pub invitations: usize,
    /// The addresses of the first [`NAMED`] of them.
    pub invited: Vec<String>,
    /// Whether it is the account's last one, which cannot be deleted.
    pub is_last: bool,
}

/// The number of invitations that are named.
pub const NAMED: usize = 5;

/// Returns what the deletion of an organization would end.
///
/// # Errors
/// Fails if the organization does not exist.
pub fn ending(conn: &mut Conn, enterprise: AccountPk, id: &str, now: Timestamp) -> Result<Ending> {
    let row = require(conn, enterprise, id)?;
    let mut pending = pending_targets::naming_organization(conn, row.pk)?;
    pending.retain(|invitation| invitation.expires_at > now);
    Ok(Ending {
        numbers: organization_list::numbers(conn, enterprise, row.pk)?,
        invitations: pending.len(),
        invited: pending.into_iter().take(NAMED).map(|invitation| invitation.email).collect(),
        is_last: is_last(conn, enterprise)?,
    })
}

fn is_last(conn: &mut Conn, enterprise: AccountPk) -> Result<bool> {
    Ok(organizations::count(conn, enterprise)? <= 1)
}

/// Returns the organization as a target of an audit entry.
pub(super) fn target(row: &OrganizationRow) -> Target {
    Target::new("organization", &row.id, &row.name)
}

fn shown(row: &OrganizationRow) -> Value {
    json!({"name": row.name})
}

/// Returns the organization with this id.
///
/// # Errors
/// Fails if the organization does not exist.
pub fn require(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<OrganizationRow> {
    organizations::by_id(conn, enterprise, id)?.ok_or_else(|| AdministrationError::NotFound {
        kind: "The organization",
        id: id.to_owned(),
    })
}

/// Returns `true` if a member is an admin of the organization with this id, directly or through a
/// team.
pub fn is_admin(
    conn: &mut Conn,
    enterprise: AccountPk,
    member: MemberPk,
    id: &str,
) -> Result<bool> {
    if organizations::by_id(conn, enterprise, id)?.is_none() {
        return Ok(false);
    }
    let grants = access::of_members(conn, &[member])?;
    let reached = effective(grants.into_iter().map(|(_, grant)| grant).collect());
    Ok(reached
        .iter()
        .any(|access| access.subject.id == id && access.role >= OrganizationRole::Admin))
}
