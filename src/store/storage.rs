//! Storage control: where content may be stored, for the account and for organizations with a rule
//! of their own.

use std::collections::HashMap;

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::{StoreError, StoreResult};
use super::tables::{organization_storage_control, organizations, storage_control};
use crate::enterprise::storage::StorageRule;
use crate::enterprise::{AccountPk, OrganizationPk};

/// The account's storage rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountRules {
    /// The rule for members' personal workspaces.
    pub personal_workspaces: StorageRule,
    /// The rule for organizations that have none of their own.
    pub organizations: StorageRule,
}

fn rule(words: &str) -> StoreResult<StorageRule> {
    StorageRule::from_words(words)
        .ok_or_else(|| StoreError::Damaged(format!("storage control: \"{words}\"")))
}

/// Returns the account's rules. Without any, everything is allowed.
///
/// # Errors
/// Returns [`StoreError::Damaged`] if a stored rule is invalid.
pub fn of_account(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<AccountRules> {
    let found: Option<(String, String)> = on!(conn, connection => storage_control::table
        .filter(storage_control::enterprise_pk.eq(enterprise))
        .select((storage_control::personal_workspaces, storage_control::organizations))
        .first(connection)
        .optional())?;
    let Some((personal_workspaces, organizations)) = found else {
        return Ok(AccountRules::default());
    };
    Ok(AccountRules {
        personal_workspaces: rule(&personal_workspaces)?,
        organizations: rule(&organizations)?,
    })
}

/// Returns whether the account's rules were ever set.
pub fn is_set(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        storage_control::table.filter(storage_control::enterprise_pk.eq(enterprise))
    ))
    .get_result(connection))?)
}

/// Sets the account's rules.
pub fn set_of_account(
    conn: &mut Conn,
    enterprise: AccountPk,
    rules: &AccountRules,
) -> StoreResult<()> {
    let (personal, organizations) =
        (rules.personal_workspaces.to_words(), rules.organizations.to_words());
    on!(conn, connection => diesel::insert_into(storage_control::table)
        .values((
            storage_control::enterprise_pk.eq(enterprise),
            storage_control::personal_workspaces.eq(&personal),
            storage_control::organizations.eq(&organizations),
        ))
        .on_conflict(storage_control::enterprise_pk)
        .do_update()
        .set((
            storage_control::personal_workspaces.eq(&personal),
            storage_control::organizations.eq(&organizations),
        ))
        .execute(connection))?;
    Ok(())
}

/// Returns an organization's own rule, if it has one.
///
/// # Errors
/// Returns [`StoreError::Damaged`] if the stored rule is invalid.
pub fn of_organization(
    conn: &mut Conn,
    organization: OrganizationPk,
) -> StoreResult<Option<StorageRule>> {
    let found: Option<String> = on!(conn, connection => organization_storage_control::table
        .filter(organization_storage_control::organization_pk.eq(organization))
        .select(organization_storage_control::allowed)
        .first(connection)
        .optional())?;
    found.as_deref().map(rule).transpose()
}

/// An organization with a rule of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRule {
    /// The organization's row.
    pub pk: OrganizationPk,
    /// The organization's id.
    pub id: String,
    /// The organization's name.
    pub name: String,
    /// The organization's own rule.
    pub rule: StorageRule,
}

/// Returns the account's organizations with a rule of their own, after row `after`, in order of
/// creation.
///
/// # Errors
/// Returns [`StoreError::Damaged`] if a stored rule is invalid.
pub fn organizations_with_own(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<OwnRule>> {
    let rows: Vec<(OrganizationPk, String, String, String)> = on!(conn, connection =>
        organizations::table
            .inner_join(organization_storage_control::table.on(
                organization_storage_control::organization_pk.eq(organizations::pk),
            ))
            .filter(organizations::enterprise_pk.eq(enterprise))
            .filter(organizations::pk.gt(after))
            .order(organizations::pk)
            .limit(limit)
            .select((
                organizations::pk,
                organizations::id,
                organizations::name,
                organization_storage_control::allowed,
            ))
            .load(connection))?;
    let own = |(pk, id, name, allowed): (OrganizationPk, String, String, String)| {
        Ok(OwnRule { pk, id, name, rule: rule(&allowed)? })
    };
    rows.into_iter().map(own).collect()
}

/// Returns the own rules of those of these organizations that have one.
///
/// # Errors
/// Returns [`StoreError::Damaged`] if a stored rule is invalid.
pub fn of_organizations(
    conn: &mut Conn,
    organizations: &[OrganizationPk],
) -> StoreResult<HashMap<OrganizationPk, StorageRule>> {
    let found: Vec<(OrganizationPk, String)> = on!(conn, connection =>
        organization_storage_control::table
            .filter(organization_storage_control::organization_pk.eq_any(organizations))
            .select((
                organization_storage_control::organization_pk,
                organization_storage_control::allowed,
            ))
            .load(connection))?;
    found.into_iter().map(|(pk, words)| Ok((pk, rule(&words)?))).collect()
}

/// Sets an organization's own rule. `None` makes the account's rule apply again.
pub fn set_of_organization(
    conn: &mut Conn,
    organization: OrganizationPk,
    own: Option<&StorageRule>,
) -> StoreResult<()> {
    let Some(own) = own else {
        on!(conn, connection => diesel::delete(organization_storage_control::table)
            .filter(organization_storage_control::organization_pk.eq(organization))
            .execute(connection))?;
        return Ok(());
    };
    let words = own.to_words();
    on!(conn, connection => diesel::insert_into(organization_storage_control::table)
        .values((
            organization_storage_control::organization_pk.eq(organization),
            organization_storage_control::allowed.eq(&words),
        ))
        .on_conflict(organization_storage_control::organization_pk)
        .do_update()
        .set(organization_storage_control::allowed.eq(&words))
        .execute(connection))?;
    Ok(())
}
