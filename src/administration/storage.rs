//! Storage control (docs/domain.md §8): rules of the account, and of organizations that override
//! them.

use serde_json::{Value, json};

use super::{AdministrationError, Page, organizations};
use crate::enterprise::AccountPk;
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::storage::{EffectiveRule, StorageKind, StorageRule, effective};
use crate::store::storage::{self, AccountRules, OwnRule};
use crate::store::{Conn, Transaction, audit, enterprises, plans};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Returns the rule that allows these kinds of storage.
fn checked(field: &'static str, kinds: &[StorageKind]) -> Result<StorageRule> {
    StorageRule::allowing(kinds)
        .map_err(|error| AdministrationError::InvalidValue { field, reason: error.to_string() })
}

/// Returns the account's rules.
pub fn of_account(conn: &mut Conn, enterprise: AccountPk) -> Result<AccountRules> {
    Ok(storage::of_account(conn, enterprise)?)
}

/// Sets the account's rules: for members' personal workspaces, and for organizations without a rule
/// of their own.
///
/// # Errors
/// Fails if a rule would allow nothing.
pub fn set_of_account(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    personal_workspaces: &[StorageKind],
    organizations: &[StorageKind],
) -> Result<AccountRules> {
    let after = AccountRules {
        personal_workspaces: checked("personal_workspaces", personal_workspaces)?,
        organizations: checked("organizations", organizations)?,
    };
    let before = storage::of_account(transaction, enterprise)?;
    storage::set_of_account(transaction, enterprise, &after)?;
    let account = enterprises::get(transaction, enterprise)?;
    let target = Target::new("account", account.id, account.name);
    let change = Change::changed("storage-control.changed", target, shown(&before), shown(&after));
    audit::record(transaction, enterprise, &change)?;
    Ok(after)
}

fn shown(rules: &AccountRules) -> Value {
    json!({
        "personal_workspaces": rules.personal_workspaces.allowed(),
        "organizations": rules.organizations.allowed(),
    })
}

/// Lists the account's organizations with a rule of their own, in order of creation.
pub fn list_own(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> Result<Page<OwnRule>> {
    let rows = storage::organizations_with_own(conn, enterprise, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk.0))
}

/// Returns the rule that applies to an organization: everything is allowed while the plan does not
/// include storage control.
///
/// # Errors
/// Fails if the organization does not exist.
pub fn of_organization(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<EffectiveRule> {
    let organization = organizations::require(conn, enterprise, id)?;
    if !plans::get(conn, enterprise)?.plan.includes_advanced() {
        return Ok(effective(StorageRule::default(), None));
    }
    let own = storage::of_organization(conn, organization.pk)?;
    Ok(effective(storage::of_account(conn, enterprise)?.organizations, own))
}

/// Sets an organization's own rule; `None` removes it, so that the account's rule applies.
///
/// # Errors
/// Fails if the organization does not exist, or the rule would allow nothing.
pub fn set_of_organization(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    kinds: Option<&[StorageKind]>,
) -> Result<EffectiveRule> {
    let own = kinds.map(|kinds| checked("allowed", kinds)).transpose()?;
    let organization = organizations::require(transaction, enterprise, id)?;
    let before = of_organization(transaction, enterprise, id)?;
    storage::set_of_organization(transaction, organization.pk, own.as_ref())?;
    let after = of_organization(transaction, enterprise, id)?;
    let rule = |effective: &EffectiveRule| json!({"allowed": effective.rule.allowed(), "is_overridden": effective.is_overridden});
    let target = organizations::target(&organization);
    let (before, after_shown) = (rule(&before), rule(&after));
    let change = Change::changed("storage-control.changed", target, before, after_shown);
    audit::record(transaction, enterprise, &change)?;
    Ok(after)
}
