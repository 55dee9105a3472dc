//! Verifying a domain. DNS is asked between a read and a transaction, so that no other change of the
//! account waits for it.

use super::{DomainError, Result, name_of, require, shown, taken_or, target, watch};
use crate::enterprise::AccountPk;
use crate::enterprise::audit::Change;
use crate::enterprise::domain_check::{self, CheckResult, VerificationMethod};
use crate::outside::dns::TxtLookup;
use crate::store::domains::{self, DomainRow};
use crate::store::{Conn, Transaction, audit};

/// What has to be done to verify a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Nothing: it is verified.
    Verified(DomainRow),
    /// It is below a verified domain; no look-up is needed.
    BelowRoot,
    /// The TXT records of this name have to be looked up.
    LookUp(String),
}

/// What verifying the domain takes.
///
/// # Errors
/// Where there is no such domain.
pub fn question(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<Question> {
    let domain = require(conn, enterprise, id)?;
    let name = name_of(&domain);
    if is_lost(&domain) {
        return Ok(Question::LookUp(name.challenge()));
    }
    if domain.verified_at.is_some() {
        return Ok(Question::Verified(domain));
    }
    let is_below = domains::any_verified(conn, enterprise, &name.above())?;
    Ok(if is_below { Question::BelowRoot } else { Question::LookUp(name.challenge()) })
}

/// Verifies a domain that was added before the one above it was verified.
///
/// # Errors
/// Where there is no such domain, another account has it, or nothing above it is verified any more.
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

/// What came of verifying. A refusal is kept with its time, and so is no error of the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is verified.
    Verified(DomainRow),
    /// It is not, and why.
    Refused(DomainError),
}

/// Decides by what the look-up found.
///
/// # Errors
/// Where there is no such domain any more, or another account has verified it.
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

/// Whether it was verified by its record, and that was not there when it was looked up again: then
/// asking to verify it looks at once and not on the next day.
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
    // Said only to whoever has shown that the domain is theirs.
    if domains::is_taken(transaction, name.as_str())? {
        return Err(DomainError::Taken(name.to_string()).into());
    }
    let after = domains::verify(transaction, before.pk, method, now)
        .map_err(|error| taken_or(error, &name))?;
    let change = Change::changed("domain.verified", target(&after), shown(before), shown(&after));
    audit::record(transaction, enterprise, &change)?;
    Ok(after)
}
