//! Domains (docs/domain.md §5): adding, verifying and removing them, and the rules for their
//! addresses.

mod attached;
mod entry;
mod error;
mod unclaimed;
mod verification;
mod watch;

use serde_json::{Value, json};

pub use attached::{AttachedDomain, Removal, get_attached, list_attached, removal, remove};
pub use entry::{Entry, entry_rule};
pub use error::{DomainError, NoRoot};
pub use unclaimed::{
    DomainUsers, InvitedUnclaimed, count_users, invite_unclaimed, unclaimed, unclaimed_after,
};
pub use verification::{Question, Verdict, conclude, question, verify_by_root};
pub use watch::{due as looks_due, look};

use super::{AdministrationError, Page};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::domain_check::{VerificationMethod, VerifyUsing};
use crate::enterprise::domain_entry::DomainRule;
use crate::enterprise::domain_name::DomainName;
use crate::enterprise::{AccountPk, token};
use crate::store::domains::{self, DomainRow, NewDomain};
use crate::store::{Conn, StoreError, Transaction, audit};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The maximum number of domains of an account, verified or not.
const MOST: i64 = 1000;

/// Adds a domain. Without a choice, a subdomain of a domain that the account has verified is
/// verified at once, and any other waits for its TXT record; with
/// [`VerifyUsing::UniqueRecord`] a subdomain waits for a record of its own, too. Several accounts may wait for the same domain: the one that
/// publishes its record gets it.
///
/// # Errors
/// Fails with [`DomainError`] if the name cannot be registered, the account already has the domain
/// or too many of them, another account has verified it, or no verified domain is above one that is
/// to be verified by its root.
pub fn add(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    text: &str,
    using: Option<VerifyUsing>,
) -> Result<DomainRow> {
    let name = DomainName::parse(text).map_err(DomainError::Invalid)?;
    if domains::by_name(transaction, enterprise, name.as_str())?.is_some() {
        return Err(DomainError::AlreadyAdded(name.to_string()).into());
    }
    if domains::count(transaction, enterprise)? >= MOST {
        return Err(DomainError::TooMany.into());
    }
    let is_below = using != Some(VerifyUsing::UniqueRecord)
        && domains::any_verified(transaction, enterprise, &name.above())?;
    if using == Some(VerifyUsing::RootRecord) && !is_below {
        return Err(no_root(transaction, enterprise, &name)?.into());
    }
    let method = is_below.then_some(VerificationMethod::RootRecord);
    insert(transaction, enterprise, &name, using, method)
}

/// Returns why no domain above this one verifies it.
fn no_root(conn: &mut Conn, enterprise: AccountPk, name: &DomainName) -> Result<DomainError> {
    let above = domains::among(conn, enterprise, &name.above())?;
    // The nearest one is what the administrator most likely means.
    let nearest = above.into_iter().max_by_key(|row| row.name.len());
    let reason = match nearest {
        Some(row) if row.verified_at.is_none() => NoRoot::Pending(name_of(&row).to_string()),
        Some(row) => NoRoot::Lost(name_of(&row).to_string()),
        None => NoRoot::NoneAbove(domains::of_enterprise(conn, enterprise)?),
    };
    Ok(DomainError::NoRoot { name: name.to_string(), reason })
}

/// Adds a domain as verified, on behalf of the operator.
///
/// # Errors
/// Fails like [`add`]; the number of domains is not limited.
pub fn add_verified(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    text: &str,
) -> Result<DomainRow> {
    let name = DomainName::parse(text).map_err(DomainError::Invalid)?;
    insert(transaction, enterprise, &name, None, Some(VerificationMethod::Operator))
}

fn insert(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    name: &DomainName,
    using: Option<VerifyUsing>,
    method: Option<VerificationMethod>,
) -> Result<DomainRow> {
    // Only for a domain that is verified at once: adding an unverified one must not reveal that
    // another account has it.
    if method.is_some() && domains::is_taken(transaction, name.as_str())? {
        return Err(DomainError::Taken(name.to_string()).into());
    }
    let (challenge, now) = (token::generate(token::DOMAIN)?, transaction.now());
    let new = NewDomain {
        name: name.as_str(),
        challenge: &challenge,
        verify_using: using,
        verified: method,
    };
    let domain = domains::insert(transaction, enterprise, new, now)
        .map_err(|error| taken_or(error, name))?;
    let change = Change::made("domain.added", target(&domain), shown(&domain));
    audit::record(transaction, enterprise, &change)?;
    Ok(domain)
}

/// Maps a violated unique index to [`DomainError::Taken`]: another account may verify the domain in
/// a concurrent transaction, and the database lets only one of them commit.
fn taken_or(error: StoreError, name: &DomainName) -> AdministrationError {
    match error.violated() {
        Some(_) => DomainError::Taken(name.to_string()).into(),
        None => error.into(),
    }
}

/// Lists the account's domains in order of creation.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> Result<Page<DomainRow>> {
    let rows = domains::find(conn, enterprise, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk.0))
}

/// Returns the domain with this id.
///
/// # Errors
/// Fails if the domain does not exist.
pub fn require(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<DomainRow> {
    domains::by_id(conn, enterprise, id)?
        .ok_or_else(|| AdministrationError::NotFound { kind: "The domain", id: id.to_owned() })
}

/// Returns the domain with this id if it is verified.
///
/// # Errors
/// Fails if the domain does not exist or is not verified.
pub fn require_verified(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<DomainRow> {
    let domain = require(conn, enterprise, id)?;
    match domain.verified_at {
        Some(_) => Ok(domain),
        None => Err(DomainError::NotVerified(name_of(&domain).to_string()).into()),
    }
}

/// Changes capture and lock; `None` keeps a value.
///
/// # Errors
/// Fails if the domain does not exist or is not verified: an account has no say over addresses of a
/// domain that it has not shown to own.
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

/// Returns the name of a stored domain.
pub fn name_of(domain: &DomainRow) -> DomainName {
    DomainName::stored(domain.name.clone())
}

fn target(domain: &DomainRow) -> Target {
    Target::new("domain", domain.id.clone(), domain.name.clone())
}

fn shown(domain: &DomainRow) -> Value {
    json!({
        "name": domain.name,
        "verify_using": domain.verify_using,
        "verified_by": domain.method,
        "capture": domain.capture,
        "locked": domain.locked,
    })
}
