//! Domains (DOMAIN.md §5): adding, verifying, removing, what becomes of their addresses.

mod entry;
mod error;
mod unclaimed;
mod verification;
mod watch;

use serde_json::{Value, json};

pub use entry::{Entry, entry_rule};
pub use error::DomainError;
pub use unclaimed::{unclaimed, unclaimed_after};
pub use verification::{Question, Verdict, conclude, question, verify_by_root};
pub use watch::{due as looks_due, look};

use super::{AdministrationError, Page};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::domain_check::VerificationMethod;
use crate::enterprise::domain_entry::DomainRule;
use crate::enterprise::domain_name::DomainName;
use crate::enterprise::{AccountPk, token};
use crate::store::domains::{self, DomainRow};
use crate::store::{Conn, StoreError, Transaction, audit, sso_connections};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Domains of an account at most, verified or not.
const MOST: i64 = 1000;

/// Adds a domain. Below a domain that the account has verified it is verified at once; otherwise it
/// waits for its TXT record. Other accounts may wait for the same: whoever shows the record has it.
///
/// # Errors
/// [`DomainError`]: no domain of one's own, added already, verified elsewhere, too many.
pub fn add(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    text: &str,
) -> Result<DomainRow> {
    let name = DomainName::parse(text).map_err(DomainError::Invalid)?;
    if domains::by_name(transaction, enterprise, name.as_str())?.is_some() {
        return Err(DomainError::AlreadyAdded(name.to_string()).into());
    }
    if domains::count(transaction, enterprise)? >= MOST {
        return Err(DomainError::TooMany.into());
    }
    let is_below = domains::any_verified(transaction, enterprise, &name.above())?;
    let method = is_below.then_some(VerificationMethod::RootRecord);
    insert(transaction, enterprise, &name, method)
}

/// Adds a domain on the operator's word.
///
/// # Errors
/// As for [`add`].
pub fn add_verified(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    text: &str,
) -> Result<DomainRow> {
    let name = DomainName::parse(text).map_err(DomainError::Invalid)?;
    insert(transaction, enterprise, &name, Some(VerificationMethod::Operator))
}

fn insert(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    name: &DomainName,
    method: Option<VerificationMethod>,
) -> Result<DomainRow> {
    // A domain that only waits does not tell whether another account has it.
    if method.is_some() && domains::is_taken(transaction, name.as_str())? {
        return Err(DomainError::Taken(name.to_string()).into());
    }
    let (challenge, now) = (token::generate(token::DOMAIN)?, transaction.now());
    let domain = domains::insert(transaction, enterprise, name.as_str(), &challenge, method, now)
        .map_err(|error| taken_or(error, name))?;
    let change = Change::made("domain.added", target(&domain), shown(&domain));
    audit::record(transaction, enterprise, &change)?;
    Ok(domain)
}

/// Another account may verify a domain at the same moment; the database lets one have it.
fn taken_or(error: StoreError, name: &DomainName) -> AdministrationError {
    match error.violated() {
        Some(_) => DomainError::Taken(name.to_string()).into(),
        None => error.into(),
    }
}

/// The account's domains, in order of creation.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> Result<Page<DomainRow>> {
    let rows = domains::find(conn, enterprise, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk.0))
}

/// The domain with this id.
///
/// # Errors
/// Where there is none.
pub fn require(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<DomainRow> {
    domains::by_id(conn, enterprise, id)?
        .ok_or_else(|| AdministrationError::NotFound { kind: "The domain", id: id.to_owned() })
}

/// The domain with this id, which is verified.
///
/// # Errors
/// Where there is none, or it waits.
pub fn require_verified(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<DomainRow> {
    let domain = require(conn, enterprise, id)?;
    match domain.verified_at {
        Some(_) => Ok(domain),
        None => Err(DomainError::NotVerified(name_of(&domain).to_string()).into()),
    }
}

/// Switches capture and lock; what is not given stays.
///
/// # Errors
/// Where there is no such domain, or it is not verified: nobody decides over addresses of a domain
/// that is not shown to be theirs.
pub fn change(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    capture: Option<bool>,
    locked: Option<bool>,
) -> Result<DomainRow> {
    let before = require_verified(transaction, enterprise, id)?;
    let rule = DomainRule {
        capture: capture.unwrap_or(before.capture),
        locked: locked.unwrap_or(before.locked),
    };
    let after = domains::set_rule(transaction, before.pk, rule)?;
    let change = Change::changed("domain.changed", target(&after), shown(&before), shown(&after));
    audit::record(transaction, enterprise, &change)?;
    Ok(after)
}

/// Removes a domain. Subdomains that were verified by it stay verified: a verification says what was
/// so when it was asked for.
///
/// # Errors
/// Where there is no such domain, it has a single sign-on connection, or it is the last verified one
/// and something needs one.
pub fn remove(transaction: &mut Transaction<'_>, enterprise: AccountPk, id: &str) -> Result<()> {
    let domain = require(transaction, enterprise, id)?;
    let verified = domains::of_enterprise(transaction, enterprise)?;
    if domain.verified_at.is_some() && verified.len() == 1 {
        let by = domains::dependants(transaction, enterprise)?;
        if by.sso || by.scim {
            return Err(DomainError::Needed { name: name_of(&domain).to_string(), by }.into());
        }
    }
    if domain.verified_at.is_some()
        && sso_connections::of_domain(transaction, &domain.name)?.is_some()
    {
        return Err(DomainError::HasConnection(name_of(&domain).to_string()).into());
    }
    domains::delete(transaction, domain.pk)?;
    let change = Change::ended("domain.removed", target(&domain), shown(&domain));
    Ok(audit::record(transaction, enterprise, &change)?)
}

/// The name of a stored domain.
pub fn name_of(domain: &DomainRow) -> DomainName {
    DomainName::stored(domain.name.clone())
}

fn target(domain: &DomainRow) -> Target {
    Target::new("domain", domain.id.clone(), domain.name.clone())
}

fn shown(domain: &DomainRow) -> Value {
    json!({
        "name": domain.name,
        "verified_by": domain.method,
        "capture": domain.capture,
        "locked": domain.locked,
    })
}
