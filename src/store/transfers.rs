//! Transfers of organizations: who was asked to take one, and what became of it.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::tables::{enterprises, organization_transfers, organizations};
use crate::enterprise::transfer::TransferState;
use crate::enterprise::{AccountPk, OrganizationPk, Timestamp, TransferPk, address, id};

/// A transfer, with what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct TransferRow {
    /// The row.
    pub pk: TransferPk,
    /// `otr_…`.
    pub id: String,
    /// The account that hands over.
    pub enterprise_pk: AccountPk,
    /// Its name.
    pub enterprise_name: String,
    /// The organization's row.
    pub organization_pk: OrganizationPk,
    /// Its id.
    pub organization_id: String,
    /// Its name.
    pub organization_name: String,
    /// The new owner's address.
    pub email: String,
    /// How far it is.
    pub state: TransferState,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

impl TransferRow {
    /// How far it is at this time.
    pub fn state(&self, now: Timestamp) -> TransferState {
        let overdue = self.state == TransferState::Pending && self.expires_at <= now;
        if overdue { TransferState::Expired } else { self.state }
    }
}

/// The rows with what they are about, filtered.
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

/// Asks somebody to take an organization over; gives the transfer's id.
///
/// # Errors
/// The database's, among them that one is pending already.
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

/// The transfer with this id, of whichever account: whom it concerns is the caller's to check.
pub fn by_id(conn: &mut Conn, id: &str) -> StoreResult<Option<TransferRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => select!(connection, |query| query
        .filter(organization_transfers::id.eq(id)))
        .first(connection)
        .optional())?)
}

/// The pending transfer of an organization, if there is one.
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

/// Pending transfers to the addresses with these keys, after row `after`.
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

/// Ends a pending transfer; says whether it was pending.
pub fn end(conn: &mut Conn, pk: TransferPk, state: TransferState) -> StoreResult<bool> {
    let ended = on!(conn, connection => diesel::update(organization_transfers::table)
        .filter(organization_transfers::pk.eq(pk))
        .filter(organization_transfers::state.eq(TransferState::Pending))
        .set(organization_transfers::state.eq(state))
        .execute(connection))?;
    Ok(ended > 0)
}

/// Pending transfers whose time is over, of whichever account. Costs what is due.
pub fn overdue(conn: &mut Conn, now: Timestamp, limit: i64) -> StoreResult<Vec<TransferRow>> {
    Ok(on!(conn, connection => select!(connection, |query| query
        .filter(organization_transfers::state.eq(TransferState::Pending))
        .filter(organization_transfers::expires_at.le(now))
        .order(organization_transfers::expires_at)
        .limit(limit))
        .load(connection))?)
}
