//! The daily check of verified domains (docs/domain.md §6): it looks for the record that proved the
//! ownership, because a domain can change hands without notice to this server.
//!
//! Only a definite DNS answer counts as a loss, not a failed lookup. A loss is reported at once and
//! takes effect after a week: until then a mistake is more likely than a new owner of the domain.

use serde_json::json;

use super::verification::judge;
use super::{DomainError, Result, name_of, target};
use crate::enterprise::audit::Change;
use crate::enterprise::domain_check::{
    CheckResult, Parent, VerificationMethod, inherited_loss, rests_from,
};
use crate::enterprise::letter::Letter;
use crate::enterprise::{AccountPk, Timestamp};
use crate::outside::dns::TxtLookup;
use crate::store::domains::{self, DomainRow};
use crate::store::lost_domains::{self as stored, Due};
use crate::store::{Conn, StoreResult, Transaction, audit, enterprises, owners, plans};

/// The maximum number of an account's domains that are read to update subdomains.
const MOST: i64 = 1000;

/// Returns domains that were not checked for a day, and whether DNS has to be queried for each:
/// only if a feature depends on the domain and the account's plan includes it.
pub fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> StoreResult<Vec<(Due, bool)>> {
    stored::due(conn, now.plus_days(-1), limit)?
        .into_iter()
        .map(|due| {
            let plan = plans::get(conn, due.enterprise_pk)?;
            let asks = plan.is_active(now)
                && plan.plan.includes_advanced()
                && stored::is_needed(conn, due.enterprise_pk, &due.id)?;
            Ok((due, asks))
        })
        .collect()
}

/// Records a check. `lookup` is the DNS answer, or `None` if DNS was not queried. Does nothing if
/// the domain was removed in the meantime.
pub fn look(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    lookup: Option<&TxtLookup>,
) -> Result<()> {
    let Some(domain) = domains::by_id(transaction, enterprise, id)? else { return Ok(()) };
    let now = transaction.now();
    stored::looked(transaction, domain.pk, now)?;
    if let Some(lookup) = lookup {
        conclude(transaction, enterprise, &domain, lookup)?;
    }
    Ok(())
}

/// Applies the DNS answer to a domain that was verified by its record. Returns why the record
/// counts as not found, if it does.
pub(super) fn conclude(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    domain: &DomainRow,
    lookup: &TxtLookup,
) -> Result<Option<DomainError>> {
    let now = transaction.now();
    let (result, refusal) = judge(domain, lookup);
    domains::note_check(transaction, domain.pk, result, now)?;
    match (&refusal, domain.lost_since) {
        (None, Some(_)) if result == CheckResult::Verified => {
            note(transaction, enterprise, domain, None)?;
            tell(transaction, enterprise, |account| found(account, domain))?;
        }
        (Some(refusal), None) if result.is_loss() => {
            note(transaction, enterprise, domain, Some(now))?;
            tell(transaction, enterprise, |account| lost(account, domain, refusal, now))?;
        }
        (_, Some(since)) => {
            let begins = rests_from(since);
            if domain.rest_warned_at.is_none() && begins.plus_days(-1) <= now {
                stored::warned(transaction, domain.pk, now)?;
                tell(transaction, enterprise, |account| soon(account, domain, begins))?;
            }
        }
        _ => {}
    }
    Ok(refusal)
}

fn note(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    before: &DomainRow,
    since: Option<Timestamp>,
) -> Result<()> {
    let after = stored::set_lost(transaction, before.pk, since)?;
    let action = if since.is_some() { "domain.lost" } else { "domain.found" };
    let shown = |row: &DomainRow| json!({"lost_since": row.lost_since.map(|at| at.to_rfc3339())});
    let change = Change::changed(action, target(&after), shown(before), shown(&after));
    audit::record(transaction, enterprise, &change)?;
    follow(transaction, enterprise)
}

/// Marks domains that were verified through a parent as lost or found together with it.
fn follow(transaction: &mut Transaction<'_>, enterprise: AccountPk) -> Result<()> {
    let all = domains::find(transaction, enterprise, 0, MOST)?;
    let is_below = |row: &DomainRow| row.method == Some(VerificationMethod::RootRecord);
    let parents: Vec<Parent<'_>> = all
        .iter()
        .filter(|row| row.verified_at.is_some() && !is_below(row))
        .map(|row| Parent { name: &row.name, lost_since: row.lost_since })
        .collect();
    for row in all.iter().filter(|row| is_below(row)) {
        let since = inherited_loss(&row.name, &parents);
        if since != row.lost_since {
            stored::set_lost(transaction, row.pk, since)?;
        }
    }
    Ok(())
}

fn tell(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    letter: impl FnOnce(&str) -> Letter,
) -> Result<()> {
    let account = enterprises::get(transaction, enterprise)?.name;
    Ok(owners::tell_administrators(transaction, enterprise, &letter(&account))?)
}

/// The page of the account's domains.
const PAGE: &str = "/app/enterprise/domains/list";

fn lost(account: &str, domain: &DomainRow, refusal: &DomainError, now: Timestamp) -> Letter {
    let (name, rests) = (name_of(domain), rests_from(now).to_rfc3339());
    Letter::new(format!("{account}: the record of {name} is missing in DNS"))
        .paragraph(format!(
            "{account} has verified {name} by a TXT record, which is not there any more."
        ))
        .paragraph(refusal.to_string())
        .paragraph(format!(
            "Nothing changes until {rests}. If the record is not back by then, capture, lock and \
             single sign-on of {name}, and of domains below it that were verified by it, are \
             suspended: users sign in by a link in a mail. They take effect again as soon as the \
             record is back."
        ))
        .page("Domains", PAGE)
}

fn soon(account: &str, domain: &DomainRow, begins: Timestamp) -> Letter {
    let (name, begins) = (name_of(domain), begins.to_rfc3339());
    Letter::new(format!("{account}: single sign-on of {name} is about to be suspended"))
        .paragraph(format!(
            "The TXT record that verified {name} is still missing in DNS. From {begins} capture, lock \
             and single sign-on of {name}, and of domains below it that were verified by it, are \
             suspended: users sign in by a link in a mail."
        ))
        .paragraph(format!(
            "Publish a TXT record at {} with the value {}, then verify the domain again.",
            name.challenge(),
            domain.challenge
        ))
        .page("Verify Domain", PAGE)
}

fn found(account: &str, domain: &DomainRow) -> Letter {
    let name = name_of(domain);
    Letter::new(format!("{account}: the record of {name} is back in DNS"))
        .paragraph(format!(
            "The TXT record that verified {name} is there again. Capture, lock and single sign-on of \
             {name} are in force as you have set them."
        ))
        .page("Domains", PAGE)
}
