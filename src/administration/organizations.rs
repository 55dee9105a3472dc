//! Organizations (DOMAIN.md §2) and who reaches them.

use super::error::checked_name;
use super::{AdministrationError, Page};
use crate::enterprise::OrganizationRole;
use crate::enterprise::access::{Access, effective};
use crate::store::access::Collaborator;
use crate::store::organizations::{self, OrganizationRow};
use crate::store::{Conn, Transaction, access};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Makes an organization.
///
/// # Errors
/// Where the name is none or taken.
pub fn create(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    name: &str,
) -> Result<OrganizationRow> {
    let name = checked_name("name", name)?;
    if organizations::name_taken(transaction, enterprise, name)? {
        return Err(AdministrationError::NameTaken {
            kind: "An organization named",
            name: name.to_owned(),
        });
    }
    let now = transaction.now();
    Ok(organizations::insert(transaction, enterprise, name, now)?)
}

/// The account's organizations, in order of creation.
///
/// # Errors
/// The database's.
pub fn list(
    conn: &mut Conn,
    enterprise: i64,
    after: i64,
    limit: i64,
) -> Result<Page<OrganizationRow>> {
    let rows = organizations::find(conn, enterprise, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk))
}

/// The organization with this id.
///
/// # Errors
/// Where there is none.
pub fn require(conn: &mut Conn, enterprise: i64, id: &str) -> Result<OrganizationRow> {
    organizations::by_id(conn, enterprise, id)?.ok_or_else(|| AdministrationError::NotFound {
        kind: "The organization",
        id: id.to_owned(),
    })
}

/// Whether a member is admin of the organization with this id, by whichever way.
///
/// # Errors
/// The database's.
pub fn is_admin(conn: &mut Conn, enterprise: i64, member: i64, id: &str) -> Result<bool> {
    if organizations::by_id(conn, enterprise, id)?.is_none() {
        return Ok(false);
    }
    let grants = access::of_members(conn, &[member])?;
    let reached = effective(grants.into_iter().map(|(_, grant)| grant).collect());
    Ok(reached
        .iter()
        .any(|access| access.subject.id == id && access.role >= OrganizationRole::Admin))
}

/// Everybody with access to an organization, in the order in which they joined the account.
///
/// # Errors
/// Where there is no such organization.
pub fn collaborators(
    conn: &mut Conn,
    enterprise: i64,
    id: &str,
    after: i64,
    limit: i64,
) -> Result<Page<Access<Collaborator>>> {
    let organization = require(conn, enterprise, id)?;
    let mut grants = access::of_organization(conn, enterprise, organization.pk)?;
    grants.sort_by_key(|(pk, _)| *pk);
    grants.retain(|(pk, _)| *pk > after);
    let mut people: Vec<(i64, Vec<_>)> = Vec::new();
    for (pk, grant) in grants {
        match people.last_mut() {
            Some((last, grants)) if *last == pk => grants.push(grant),
            _ => people.push((pk, vec![grant])),
        }
    }
    let page = Page::of(people, limit, |(pk, _)| *pk);
    let items = page.items.into_iter().flat_map(|(_, grants)| effective(grants)).collect();
    Ok(Page { items, next: page.next })
}
