//! Transfers of organizations to other accounts.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::tables::{enterprises, organization_transfers, organizations};
use crate::enterprise::transfer::TransferState;
use crate::enterprise::{AccountPk, OrganizationPk, Timestamp, TransferPk, address, id};

/// A transfer with the names of what it refers to.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct TransferRow {
    /// The transfer's row.
    pub pk: TransferPk,
    /// The public id (`otr_…`).
    pub id: String,
    /// The account that gives the organization away.
    pub enterprise_pk: AccountPk,
    /// The account's name.
    pub enterprise_name: String,
    /// The organization's row.
    pub organization_pk: OrganizationPk,
    /// The organization's id.
    pub organization_id: String,
    /// The organization's name.
    pub organization_name: String,
    /// The new owner's address.
    pub email: String,
    /// The stored state.
    pub state: TransferState,
    /// When the transfer was requested.
    pub created_at: Timestamp,
    /// When the transfer expires.
    pub expires_at: Timestamp,
}

impl TransferRow {
    /// Returns the state at this time.
    pub fn state(&self, now: Timestamp) -> TransferState {
        let overdue = self.state == TransferState::Pending && self.expires_at <= now;
        if overdue { TransferState::Expired } else { self.state }
    }
}

/// Selects transfers with what they refer to, filtered.
macro_rules! select {
    ($connection:ident, |$query:ident| $filtered:expr) => {{
        let $query = organization_transfers::table.inner_join(organizations::table).inner_join(
            enterprises::table.on(enterprises::pk.eq(organization_transfers::enterprise_pk)),
        );
        $filtered.select((
            organization_transfers::pk,
            organization_transfers::id,
            organization_transfers::enterprise_pk,
            enterprises::name,
            organizations::pk,
            organizations::id,
            organizations::name,
            organization_transfers::email,
            organization_transfers::state,
            organization_transfers::created_at,
            organization_transfers::expires_at,
        ))
    }};
}

/// Inserts a transfer request and returns its id.
///
/// # Errors
/// Fails if a transfer of the organization is already pending.
pub fn insert(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: OrganizationPk,
    email: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> StoreResult<String> {
    Ok(on!(conn, connection => diesel::insert_into(organization_transfers::table)
        .values((
            organization_transfers::id.eq(id::transfer()),
            organization_transfers::organization_pk.eq(organization),
            organization_transfers::enterprise_pk.eq(enterprise),
            organization_transfers::email.eq(email),
            organization_transfers::email_key.eq(address::key(email)),
            organization_transfers::state.eq(TransferState::Pending),
            organization_transfers::created_at.eq(now),
            organization_transfers::expires_at.eq(expires_at),
        ))
        .returning(organization_transfers::id)
        .get_result(connection))?)
}

/// Returns the transfer with this id in any account. The caller has to check who may see it.
pub fn by_id(conn: &mut Conn, id: &str) -> StoreResult<Option<TransferRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => select!(connection, |query| query
        .filter(organization_transfers::id.eq(id)))
        .first(connection)
        .optional())?)
}

/// Returns the pending transfer of an organization, if there is one.
pub fn pending_of(
    conn: &mut Conn,
    organization: OrganizationPk,
) -> StoreResult<Option<TransferRow>> {
    Ok(on!(conn, connection => select!(connection, |query| query
        .filter(organization_transfers::organization_pk.eq(organization))
        .filter(organization_transfers::state.eq(TransferState::Pending)))
        .first(connection)
        .optional())?)
}

/// Returns pending transfers to the addresses with these keys, after row `after`.
pub fn pending_to(
    conn: &mut Conn,
    keys: &[String],
    now: Timestamp,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<TransferRow>> {
    Ok(on!(conn, connection => select!(connection, |query| query
        .filter(organization_transfers::email_key.eq_any(keys))
        .filter(organization_transfers::state.eq(TransferState::Pending))
        .filter(organization_transfers::expires_at.gt(now))
        .filter(organization_transfers::pk.gt(after))
        .order(organization_transfers::pk)
        .limit(limit))
        .load(connection))?)
}

/// Ends a pending transfer. Returns `true` if it was pending.
pub fn end(conn: &mut Conn, pk: TransferPk, state: TransferState) -> StoreResult<bool> {
    let ended = on!(conn, connection => diesel::update(organization_transfers::table)
        .filter(organization_transfers::pk.eq(pk))
        .filter(organization_transfers::state.eq(TransferState::Pending))
        .set(organization_transfers::state.eq(state))
        .execute(connection))?;
    Ok(ended > 0)
}

/// Returns expired pending transfers of all accounts. The cost depends only on what is due.
pub fn overdue(conn: &mut Conn, now: Timestamp, limit: i64) -> StoreResult<Vec<TransferRow>> {
    Ok(on!(conn, connection => select!(connection, |query| query
        .filter(organization_transfers::state.eq(TransferState::Pending))
        .filter(organization_transfers::expires_at.le(now))
        .order(organization_transfers::expires_at)
        .limit(limit))
        .load(connection))?)
}
