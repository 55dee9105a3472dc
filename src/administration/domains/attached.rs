//! What hangs on a domain: its numbers and its connection, and what its removal would touch.

use super::{DomainError, MOST, Result, name_of, require, shown, target};
use crate::administration::Page;
use crate::enterprise::AccountPk;
use crate::enterprise::audit::Change;
use crate::enterprise::domain_check::VerificationMethod;
use crate::store::domains::{self, DomainRow};
use crate::store::sso_connections::{self, Connection};
use crate::store::{Conn, Transaction, audit, users};

/// A domain with what hangs on it.
#[derive(Clone, Debug, PartialEq)]
pub struct AttachedDomain {
    /// The domain as stored.
    pub row: DomainRow,
    /// The number of unclaimed accounts; `None` while the domain is pending, because they are then no
    /// business of the account.
    pub unclaimed: Option<i64>,
    /// The single sign-on connection of the domain, if there is one.
    pub connection: Option<Connection>,
}

/// Lists the account's domains in order of creation, with what hangs on each.
pub fn list_attached(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> Result<Page<AttachedDomain>> {
    let page = super::list(conn, enterprise, after, limit)?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        items.push(attached(conn, enterprise, row)?);
    }
    Ok(Page { items, next: page.next })
}

/// Returns the domain with this id, with what hangs on it.
///
/// # Errors
/// Fails if the domain does not exist.
pub fn get_attached(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<AttachedDomain> {
    let row = require(conn, enterprise, id)?;
    attached(conn, enterprise, row)
}

fn attached(conn: &mut Conn, enterprise: AccountPk, row: DomainRow) -> Result<AttachedDomain> {
    if row.verified_at.is_none() {
        return Ok(AttachedDomain { row, unclaimed: None, connection: None });
    }
    let name = std::slice::from_ref(&row.name);
    Ok(AttachedDomain {
        unclaimed: Some(users::count_unclaimed(conn, enterprise, name)?),
        connection: sso_connections::of_domain(conn, &row.name)?,
        row,
    })
}

/// What the removal of a domain would touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The domains that were verified by it. They stay verified.
    pub below: Vec<DomainRow>,
    /// Why it cannot be removed now, if it cannot.
    pub refusal: Option<DomainError>,
}

/// Returns what the removal of a domain would touch.
///
/// # Errors
/// Fails if the domain does not exist.
pub fn removal(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<Removal> {
    let domain = require(conn, enterprise, id)?;
    let mut below = domains::find(conn, enterprise, 0, MOST)?;
    let ending = format!(".{}", domain.name);
    below.retain(|row| {
        row.method == Some(VerificationMethod::RootRecord) && row.name.ends_with(&ending)
    });
    Ok(Removal { below, refusal: kept_by(conn, enterprise, &domain)? })
}

/// Returns why a domain cannot be removed, if it cannot.
fn kept_by(
    conn: &mut Conn,
    enterprise: AccountPk,
    domain: &DomainRow,
) -> Result<Option<DomainError>> {
    if domain.verified_at.is_none() {
        return Ok(None);
    }
    if domains::of_enterprise(conn, enterprise)?.len() == 1 {
        let by = domains::dependants(conn, enterprise)?;
        if by.sso || by.scim {
            return Ok(Some(DomainError::Needed { name: name_of(domain).to_string(), by }));
        }
    }
    let connection = sso_connections::of_domain(conn, &domain.name)?;
    Ok(connection.map(|_| DomainError::HasConnection(name_of(domain).to_string())))
}

/// Removes a domain. Subdomains that were verified through it stay verified, because a verification
/// states what was true when it was made.
///
/// # Errors
/// Fails if the domain does not exist, has a single sign-on connection, or is the last verified one
/// while a feature needs one.
pub fn remove(transaction: &mut Transaction<'_>, enterprise: AccountPk, id: &str) -> Result<()> {
    let domain = require(transaction, enterprise, id)?;
    if let Some(refusal) = kept_by(transaction, enterprise, &domain)? {
        return Err(refusal.into());
    }
    domains::delete(transaction, domain.pk)?;
    let change = Change::ended("domain.removed", target(&domain), shown(&domain));
    Ok(audit::record(transaction, enterprise, &change)?)
}
