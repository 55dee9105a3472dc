//! Who counts for Git Sync on the Essentials plan, in the account and in each organization that
//! allows Git Sync (docs/domain.md §1).
//!
//! Other plans cost nothing here: what the account's row says is looked at first.

use std::collections::HashSet;

use diesel::prelude::*;

use super::access;
use super::connection::{Conn, on};
use super::enterprises::EnterpriseRow;
use super::error::StoreResult;
use super::invitations::is_pending;
use super::organizations::{self, OrganizationRow};
use super::storage::{self, AccountRules};
use super::tables::{invitation_organizations, invitations};
use crate::enterprise::git_sync::{ESSENTIALS_LIMIT, GitSyncFull, is_full};
use crate::enterprise::plan::Plan;
use crate::enterprise::seats::Arrival;
use crate::enterprise::storage::{StorageKind, effective};
use crate::enterprise::{AccountPk, MemberPk, OrganizationPk};

/// Checks whether Git Sync serves one more active user of the account. If the account's own storage
/// rules do not allow Git Sync, only its organizations count ([`admit_into`]).
pub(super) fn admit(
    conn: &mut Conn,
    account: &EnterpriseRow,
    arrival: Arrival,
) -> StoreResult<Result<(), GitSyncFull>> {
    let users = account.seats().before(arrival);
    if !is_limited(account) || !is_full(users) || !account_allows(conn, account.pk)? {
        return Ok(Ok(()));
    }
    Ok(Err(GitSyncFull::Account(users)))
}

/// Checks whether Git Sync serves one more active user of this organization.
pub fn admit_into(
    conn: &mut Conn,
    account: &EnterpriseRow,
    organization: &OrganizationRow,
    arrival: Arrival,
) -> StoreResult<Result<(), GitSyncFull>> {
    let mut users = match use_in(conn, account, organization)? {
        Some(people) => people.len() as i64,
        None => return Ok(Ok(())),
    };
    if arrival == Arrival::New {
        users += invited(conn, organization.pk)?;
    }
    Ok(if is_full(users) { Err(of_one(organization, users)) } else { Ok(()) })
}

/// Checks whether Git Sync serves this member in every organization, as it has to for an owner.
pub fn admit_as_owner(
    conn: &mut Conn,
    account: &EnterpriseRow,
    member: MemberPk,
) -> StoreResult<Result<(), GitSyncFull>> {
    for organization in limited(conn, account)? {
        let Some(people) = use_in(conn, account, &organization)? else { continue };
        let users = people.len() as i64;
        if !people.contains(&member) && is_full(users) {
            return Ok(Err(of_one(&organization, users)));
        }
    }
    Ok(Ok(()))
}

/// Checks whether Git Sync serves a member who is active again in every organization that the member
/// reaches now.
pub fn admit_back(
    conn: &mut Conn,
    account: &EnterpriseRow,
    member: MemberPk,
) -> StoreResult<Result<(), GitSyncFull>> {
    for organization in limited(conn, account)? {
        let Some(people) = use_in(conn, account, &organization)? else { continue };
        let before = people.len() as i64 - 1;
        if people.contains(&member) && is_full(before) {
            return Ok(Err(of_one(&organization, before)));
        }
    }
    Ok(Ok(()))
}

/// Checks whether Git Sync can be switched on: it serves all active users there are.
pub fn may_be_switched_on(
    conn: &mut Conn,
    account: &EnterpriseRow,
) -> StoreResult<Result<(), GitSyncFull>> {
    let account = EnterpriseRow { git_sync_enabled: true, ..account.clone() };
    let users = account.seats().used();
    if !is_limited(&account) || users <= ESSENTIALS_LIMIT {
        return Ok(Ok(()));
    }
    if account_allows(conn, account.pk)? {
        return Ok(Err(GitSyncFull::Account(users)));
    }
    for organization in limited(conn, &account)? {
        let Some(people) = use_in(conn, &account, &organization)? else { continue };
        let users = people.len() as i64 + invited(conn, organization.pk)?;
        if users > ESSENTIALS_LIMIT {
            return Ok(Err(of_one(&organization, users)));
        }
    }
    Ok(Ok(()))
}

fn of_one(organization: &OrganizationRow, users: i64) -> GitSyncFull {
    GitSyncFull::Organization { name: organization.name.clone(), users }
}

fn is_limited(account: &EnterpriseRow) -> bool {
    account.plan == Plan::Essentials && account.git_sync_enabled
}

fn account_allows(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<bool> {
    let AccountRules { personal_workspaces, organizations } =
        storage::of_account(conn, enterprise)?;
    let git = StorageKind::GitSync;
    Ok(personal_workspaces.allows(git) || organizations.allows(git))
}

/// Returns the active members who reach an organization, if the number of its users is limited.
fn use_in(
    conn: &mut Conn,
    account: &EnterpriseRow,
    organization: &OrganizationRow,
) -> StoreResult<Option<HashSet<MemberPk>>> {
    // An account with few users has no organization with many.
    if !is_limited(account) || !is_full(account.seats().used()) {
        return Ok(None);
    }
    let own = storage::of_organization(conn, organization.pk)?;
    let rule = effective(storage::of_account(conn, account.pk)?.organizations, own).rule;
    if !rule.allows(StorageKind::GitSync) {
        return Ok(None);
    }
    let grants = access::of_organization(conn, account.pk, organization.pk)?;
    Ok(Some(grants.into_iter().map(|(member, _)| member).collect()))
}

/// Counts the pending invitations to an organization.
fn invited(conn: &mut Conn, organization: OrganizationPk) -> StoreResult<i64> {
    Ok(on!(conn, connection => invitation_organizations::table
        .inner_join(invitations::table)
        .filter(invitation_organizations::organization_pk.eq(organization))
        .filter(is_pending())
        .count()
        .get_result(connection))?)
}

/// Returns the account's organizations; none if the plan does not limit Git Sync.
fn limited(conn: &mut Conn, account: &EnterpriseRow) -> StoreResult<Vec<OrganizationRow>> {
    if !is_limited(account) || !is_full(account.seats().used()) {
        return Ok(Vec::new());
    }
    organizations::find(conn, account.pk, 0, i64::MAX)
}
