//! Verification of domains. The DNS lookup happens between a read and a transaction, so that it
//! does not block other changes of the account.

use super::{DomainError, Result, name_of, require, shown, taken_or, target, watch};
use crate::enterprise::AccountPk;
use crate::enterprise::audit::Change;
use crate::enterprise::domain_check::{self, CheckResult, VerificationMethod, VerifyUsing};
use crate::outside::dns::TxtLookup;
use crate::store::domains::{self, DomainRow};
use crate::store::{Conn, Transaction, audit};

/// The next step of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// None: the domain is already verified.
    Verified(DomainRow),
    /// The domain is below a verified one; no DNS lookup is needed.
    BelowRoot,
    /// The TXT records of this name have to be looked up.
    LookUp(String),
}

/// Returns the next step to verify a domain.
///
/// # Errors
/// Fails if the domain does not exist.
pub fn question(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<Question> {
    let domain = require(conn, enterprise, id)?;
    let name = name_of(&domain);
    if is_lost(&domain) {
        return Ok(Question::LookUp(name.challenge()));
    }
    if domain.verified_at.is_some() {
        return Ok(Question::Verified(domain));
    }
    let is_below = domain.verify_using != Some(VerifyUsing::UniqueRecord)
        && domains::any_verified(conn, enterprise, &name.above())?;
    Ok(if is_below { Question::BelowRoot } else { Question::LookUp(name.challenge()) })
}

/// Verifies a domain through its parent, for domains that were added before the parent was
/// verified.
///
/// # Errors
/// Fails if the domain does not exist, another account has verified it, or no parent is verified
/// any more.
pub fn verify_by_root(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
) -> Result<DomainRow> {
    match question(transaction, enterprise, id)? {
        Question::Verified(domain) => Ok(domain),
        Question::BelowRoot => {
            let domain = require(transaction, enterprise, id)?;
            verify(transaction, enterprise, &domain, VerificationMethod::RootRecord)
        }
        Question::LookUp(_) => {
            let name = name_of(&require(transaction, enterprise, id)?);
            Err(DomainError::NotVerified(name.to_string()).into())
        }
    }
}

/// The result of a verification. A refusal is not an error, because it is stored with its time and
/// an error would roll that back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The domain is verified.
    Verified(DomainRow),
    /// The domain is not verified, for this reason.
    Refused(DomainError),
}

/// Applies the result of the DNS lookup.
///
/// # Errors
/// Fails if the domain does not exist any more, or another account has verified it.
pub fn conclude(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    lookup: &TxtLookup,
) -> Result<Verdict> {
    let domain = require(transaction, enterprise, id)?;
    if is_lost(&domain) {
        let refusal = watch::conclude(transaction, enterprise, &domain, lookup)?;
        return Ok(match refusal {
            Some(refusal) => Verdict::Refused(refusal),
            None => Verdict::Verified(require(transaction, enterprise, id)?),
        });
    }
    if domain.verified_at.is_some() {
        return Ok(Verdict::Verified(domain));
    }
    let now = transaction.now();
    let (result, refusal) = judge(&domain, lookup);
    domains::note_check(transaction, domain.pk, result, now)?;
    match refusal {
        Some(refusal) => Ok(Verdict::Refused(refusal)),
        None => verify(transaction, enterprise, &domain, VerificationMethod::UniqueRecord)
            .map(Verdict::Verified),
    }
}

/// Returns `true` if the domain was verified by its own record and that record was missing at the
/// last daily check. Then a request to verify it checks DNS now instead of on the next day.
fn is_lost(domain: &DomainRow) -> bool {
    domain.lost_since.is_some() && domain.method == Some(VerificationMethod::UniqueRecord)
}

pub(super) fn judge(domain: &DomainRow, lookup: &TxtLookup) -> (CheckResult, Option<DomainError>) {
    let (name, value) = (name_of(domain).challenge(), domain.challenge.clone());
    match lookup {
        TxtLookup::Found(texts) if domain_check::holds(texts, &value) => {
            (CheckResult::Verified, None)
        }
        TxtLookup::Found(texts) => {
            let found = domain_check::shown(texts);
            (CheckResult::WrongRecord, Some(DomainError::WrongRecord { name, value, found }))
        }
        TxtLookup::NoSuchDomain => {
            (CheckResult::NoSuchName, Some(DomainError::NoSuchName { name, value }))
        }
        TxtLookup::NoRecord => (CheckResult::NoRecord, Some(DomainError::NoRecord { name, value })),
        TxtLookup::ServerFailure(failure) => {
            let failure = failure.clone();
            (CheckResult::ServerFailure, Some(DomainError::ServerFailure { name, failure }))
        }
        TxtLookup::Timeout => (CheckResult::Timeout, Some(DomainError::Timeout(name))),
    }
}

fn verify(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    before: &DomainRow,
    method: VerificationMethod,
) -> Result<DomainRow> {
    let (name, now) = (name_of(before), transaction.now());
    // Reported only here, after the account has proved that it owns the domain.
    if domains::is_taken(transaction, name.as_str())? {
        return Err(DomainError::Taken(name.to_string()).into());
    }
    let after = domains::verify(transaction, before.pk, method, now)
        .map_err(|error| taken_or(error, &name))?;
    let change = Change::changed("domain.verified", target(&after), shown(before), shown(&after));
    audit::record(transaction, enterprise, &change)?;
    Ok(after)
}
