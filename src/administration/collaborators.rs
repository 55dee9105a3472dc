//! Access to organizations: who has it, and direct access of members (docs/domain.md §2, §4).

use serde_json::json;

use super::error::checked_address;
use super::{AdministrationError, Class, Refusal, members, organizations};
use crate::enterprise::access::{Access, Grant, effective};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::seats::Arrival;
use crate::enterprise::{AccountPk, MemberPk, OrganizationPk, TeamRole, address};
use crate::store::access::Collaborator;
use crate::store::members::MemberRow;
use crate::store::organizations::{self as stored, OrganizationRow};
use crate::store::{Conn, Transaction, access, audit, enterprises, git_sync, reach};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Why a member's direct access cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CollaboratorError {
    /// The member already has direct access.
    #[error("\"{0}\" is in this organization already. Change the role of that access instead.")]
    AlreadyIn(String),
    /// Deactivated members have no access.
    #[error("\"{0}\" is deactivated and reaches nothing. Reactivate the member first.")]
    Inactive(String),
    /// The member has access only through teams.
    #[error(
        "This member has no direct access to the organization; it comes through {}. Take the member \
         out of the team, or unlink the team.", .0.join(", ")
    )]
    OnlyThroughTeams(Vec<String>),
    /// The member owns the account, and with it every organization.
    #[error(
        "This member owns the account and with it every organization. Give it another role in the \
         account to end that."
    )]
    Owns,
}

impl Refusal for CollaboratorError {
    fn class(&self) -> Class {
        Class::Conflict
    }

    fn word(&self) -> &'static str {
        match self {
            Self::AlreadyIn(_) => "already-collaborator",
            Self::Inactive(_) => "inactive-member",
            Self::OnlyThroughTeams(_) => "only-through-teams",
            Self::Owns => "owns-account",
        }
    }
}

/// Returns each member with access once, with its primary key, ordered by primary key.
pub(super) fn everybody(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: OrganizationPk,
) -> Result<Vec<(MemberPk, Access<Collaborator>)>> {
    combined(access::of_organization(conn, enterprise, organization)?)
}

/// Returns those of these members who have access, each once, ordered by primary key.
pub(super) fn among(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: OrganizationPk,
    pks: &[MemberPk],
) -> Result<Vec<(MemberPk, Access<Collaborator>)>> {
    combined(reach::grants(conn, enterprise, organization, pks)?)
}

fn combined(
    mut grants: Vec<(MemberPk, Grant<Collaborator>)>,
) -> Result<Vec<(MemberPk, Access<Collaborator>)>> {
    grants.sort_by_key(|(pk, _)| *pk);
    let people = grants.chunk_by(|one, other| one.0 == other.0).filter_map(|own| {
        let (pk, _) = own.first()?;
        let grants = own.iter().map(|(_, grant)| grant.clone()).collect();
        effective(grants).into_iter().next().map(|access| (*pk, access))
    });
    Ok(people.collect())
}

/// Returns a member's access to one organization, if it has any.
fn access_of(
    conn: &mut Conn,
    member: &MemberRow,
    organization: &OrganizationRow,
) -> Result<Option<Access<Collaborator>>> {
    let grants = access::of_members(conn, &[member.pk])?;
    let all = effective(grants.into_iter().map(|(_, grant)| grant).collect());
    let subject = Collaborator {
        member_id: member.id.clone(),
        email: member.email.clone(),
        user_name: member.user_name.clone(),
        display_name: member.display_name.clone(),
    };
    Ok(all.into_iter().find(|access| access.subject.id == organization.id).map(|access| Access {
        subject,
        role: access.role,
        via: access.via,
    }))
}

/// Returns a member's access to an organization.
///
/// # Errors
/// Fails if the organization or the member does not exist, or the member does not reach it.
pub fn get(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
    member_id: &str,
) -> Result<Access<Collaborator>> {
    let organization = organizations::require(conn, enterprise, id)?;
    let member = members::require(conn, enterprise, member_id)?;
    access_of(conn, &member, &organization)?.ok_or_else(|| unreached(&member))
}

/// Gives a member of the account direct access to an organization.
///
/// # Errors
/// Fails if the organization or the member does not exist, the member is deactivated, or it already
/// has direct access.
pub fn add(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    email: &str,
    role: TeamRole,
) -> Result<Access<Collaborator>> {
    let email = checked_address("email", email)?;
    let email = email.as_str();
    let organization = organizations::require(transaction, enterprise, id)?;
    let member =
        crate::store::claims::known_by(transaction, enterprise, &address::key(email))?.ok_or_else(
            || AdministrationError::NotFound { kind: "The member", id: email.to_owned() },
        )?;
    if !member.active {
        return Err(CollaboratorError::Inactive(email.to_owned()).into());
    }
    if stored::direct_role(transaction, organization.pk, member.pk)?.is_some() {
        return Err(CollaboratorError::AlreadyIn(email.to_owned()).into());
    }
    if access_of(transaction, &member, &organization)?.is_none() {
        let account = enterprises::get(transaction, enterprise)?;
        git_sync::admit_into(transaction, &account, &organization, Arrival::New)??;
    }
    put(transaction, enterprise, &organization, &member, role)
}

/// Changes the role of a member's direct access.
///
/// # Errors
/// Fails if the organization or the member does not exist, or the member has no direct access.
pub fn set_role(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    member_id: &str,
    role: TeamRole,
) -> Result<Access<Collaborator>> {
    let organization = organizations::require(transaction, enterprise, id)?;
    let member = members::require(transaction, enterprise, member_id)?;
    direct(transaction, &organization, &member)?;
    put(transaction, enterprise, &organization, &member, role)
}

fn put(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    organization: &OrganizationRow,
    member: &MemberRow,
    role: TeamRole,
) -> Result<Access<Collaborator>> {
    let before = stored::direct_role(transaction, organization.pk, member.pk)?;
    stored::put_member(transaction, organization.pk, member.pk, role)?;
    let action = match before {
        None => "organization.member-added",
        Some(_) => "organization.member-changed",
    };
    let after = json!({"organization": organization.id, "role": role});
    let before =
        before.map_or(json!(null), |role| json!({"organization": organization.id, "role": role}));
    // `Change::changed` would drop the organization because it is the same before and after, and
    // the entry would not say where the role changed.
    let change = Change { action, target: target(member), before, after };
    audit::record(transaction, enterprise, &change)?;
    access_of(transaction, member, organization)?.ok_or_else(|| {
        // Only a deactivated member has no access despite a direct role.
        CollaboratorError::Inactive(member.user_name.clone()).into()
    })
}

/// Removes a member's direct access and returns the access that remains through teams. The member
/// keeps its seat (docs/domain.md §4).
///
/// # Errors
/// Fails if the organization or the member does not exist, or the member has no direct access.
pub fn remove(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    member_id: &str,
) -> Result<Option<Access<Collaborator>>> {
    let organization = organizations::require(transaction, enterprise, id)?;
    let member = members::require(transaction, enterprise, member_id)?;
    let role = direct(transaction, &organization, &member)?;
    stored::remove_member(transaction, organization.pk, member.pk)?;
    let before = json!({"organization": organization.id, "role": role});
    let change = Change::ended("organization.member-removed", target(&member), before);
    audit::record(transaction, enterprise, &change)?;
    access_of(transaction, &member, &organization)
}

/// Returns the role of the member's direct access.
fn direct(conn: &mut Conn, organization: &OrganizationRow, member: &MemberRow) -> Result<TeamRole> {
    if let Some(role) = stored::direct_role(conn, organization.pk, member.pk)? {
        return Ok(role);
    }
    let Some(access) = access_of(conn, member, organization)? else {
        return Err(unreached(member));
    };
    if member.role == crate::enterprise::Role::Owner {
        return Err(CollaboratorError::Owns.into());
    }
    let teams = access.via.iter().map(|way| way.as_str().to_owned()).collect();
    Err(CollaboratorError::OnlyThroughTeams(teams).into())
}

fn unreached(member: &MemberRow) -> AdministrationError {
    AdministrationError::NotFound { kind: "In this organization the member", id: member.id.clone() }
}

fn target(member: &MemberRow) -> Target {
    Target::new("member", &member.id, &member.user_name)
}
