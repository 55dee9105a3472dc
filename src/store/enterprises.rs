//! Accounts: plan, seats, counters.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::search;
use super::tables::{domains, enterprises};
use crate::enterprise::plan::Plan;
use crate::enterprise::search::{Findable, Terms};
use crate::enterprise::seats::Seats;
use crate::enterprise::{AccountPk, Timestamp, id, name};

/// An account as stored in the database.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
#[diesel(table_name = enterprises)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct EnterpriseRow {
    pub pk: AccountPk,
    pub id: String,
    pub name: String,
    pub plan: Plan,
    pub plan_active: bool,
    pub invite_control_binds_scim: bool,
    pub seats_total: i64,
    pub seats_members: i64,
    pub seats_invitations: i64,
    pub active_owners: i64,
    pub member_count: i64,
    pub team_count: i64,
    pub departed: i64,
    pub git_sync_enabled: bool,
}

impl EnterpriseRow {
    /// Returns the seats as counted by the database, including expired invitations that are not
    /// swept yet.
    pub const fn seats(&self) -> Seats {
        Seats {
            total: self.seats_total,
            members: self.seats_members,
            invitations: self.seats_invitations,
        }
    }
}

/// Inserts an activated account. It needs an owner next, and then [`found`].
///
/// # Errors
/// Fails if the name is taken.
pub fn insert(
    conn: &mut Conn,
    account_name: &str,
    plan: Plan,
    seats: i64,
    now: Timestamp,
) -> StoreResult<EnterpriseRow> {
    let row: EnterpriseRow = on!(conn, connection => diesel::insert_into(enterprises::table)
        .values((
            enterprises::id.eq(id::enterprise()),
            enterprises::name.eq(account_name),
            enterprises::name_key.eq(name::key(account_name)),
            enterprises::plan.eq(plan),
            enterprises::plan_active.eq(true),
            enterprises::seats_total.eq(seats),
            enterprises::created_at.eq(now),
        ))
        .returning(EnterpriseRow::as_returning())
        .get_result(connection))?;
    let terms = Terms::of_name(&row.name);
    search::insert(conn, search::SERVER, Findable::Account, row.pk.0, &terms)?;
    Ok(row)
}

/// Requires the account to have an owner from now on.
///
/// # Errors
/// Fails if the account has no owner.
pub fn found(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<()> {
    on!(conn, connection => diesel::update(enterprises::table)
        .filter(enterprises::pk.eq(enterprise))
        .set(enterprises::founded.eq(true))
        .execute(connection))?;
    Ok(())
}

/// Returns the account in this row.
pub fn get(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<EnterpriseRow> {
    Ok(on!(conn, connection => enterprises::table
        .filter(enterprises::pk.eq(enterprise))
        .select(EnterpriseRow::as_select())
        .get_result(connection))?)
}

/// Returns the account with this name, if there is one.
pub fn by_name(conn: &mut Conn, account_name: &str) -> StoreResult<Option<EnterpriseRow>> {
    Ok(on!(conn, connection => enterprises::table
        .filter(enterprises::name_key.eq(name::key(account_name)))
        .select(EnterpriseRow::as_select())
        .get_result(connection)
        .optional())?)
}

/// Suspends or restores the plan's advanced operations (docs/domain.md §1).
pub fn set_plan_active(conn: &mut Conn, enterprise: AccountPk, active: bool) -> StoreResult<()> {
    on!(conn, connection => diesel::update(enterprises::table)
        .filter(enterprises::pk.eq(enterprise))
        .set(enterprises::plan_active.eq(active))
        .execute(connection))?;
    Ok(())
}

/// Records an operator's confirmation that single sign-on is configured, which SCIM needs
/// (docs/domain.md §7). It does not enforce single sign-on: that depends on `sso_connections`
/// alone.
pub fn set_sso_configured(
    conn: &mut Conn,
    enterprise: AccountPk,
    at: Timestamp,
) -> StoreResult<()> {
    on!(conn, connection => diesel::update(enterprises::table)
        .filter(enterprises::pk.eq(enterprise))
        .set(enterprises::sso_configured_at.eq(at))
        .execute(connection))?;
    Ok(())
}

/// Sets whether invite control also applies to provisioning.
pub fn set_invite_control_binds_scim(
    conn: &mut Conn,
    enterprise: AccountPk,
    binds: bool,
) -> StoreResult<()> {
    on!(conn, connection => diesel::update(enterprises::table)
        .filter(enterprises::pk.eq(enterprise))
        .set(enterprises::invite_control_binds_scim.eq(binds))
        .execute(connection))?;
    Ok(())
}

/// Returns `true` if the account has verified this domain.
pub fn has_domain(conn: &mut Conn, enterprise: AccountPk, domain: &str) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        domains::table
            .filter(domains::enterprise_pk.eq(enterprise))
            .filter(domains::name.eq(domain))
            .filter(domains::verified_at.is_not_null())
    ))
    .get_result(connection))?)
}

/// Returns accounts after row `after`, in order, for jobs that go through all of them.
pub fn after(conn: &mut Conn, after: i64, limit: i64) -> StoreResult<Vec<AccountPk>> {
    Ok(on!(conn, connection => enterprises::table
        .filter(enterprises::pk.gt(after))
        .order(enterprises::pk)
        .select(enterprises::pk)
        .limit(limit)
        .load(connection))?)
}
