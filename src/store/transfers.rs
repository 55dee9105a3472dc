//! Transfers of organizations: who was asked to take one, and what became of it.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::{StoreError, StoreResult};
use super::tables::{enterprises, organization_transfers, organizations};
use crate::enterprise::transfer::TransferState;
use crate::enterprise::{Timestamp, address, id};

/// A transfer, with what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct TransferRow {
    /// The row.
    pub pk: i64,
    /// `otr_…`.
    pub id: String,
    /// The account that hands over.
    pub enterprise_pk: i64,
    /// Its name.
    pub enterprise_name: String,
    /// The organization's row.
    pub organization_pk: i64,
    /// Its id.
    pub organization_id: String,
    /// Its name.
    pub organization_name: String,
    /// The new owner's address.
    pub email: String,
    /// How far it is.
    pub state: String,
    /// When it was asked for.
    pub created_at: i64,
    /// When it ends by itself.
    pub expires_at: i64,
}

impl TransferRow {
    /// How far it is at this time.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] for an unknown word.
    pub fn state(&self, now: Timestamp) -> StoreResult<TransferState> {
        let state: TransferState = self.state.parse().map_err(|error| {
            StoreError::Damaged(format!("organization_transfers.state: {error}"))
        })?;
        let overdue = state == TransferState::Pending && self.expires_at <= now.0;
        Ok(if overdue { TransferState::Expired } else { state })
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
    enterprise: i64,
    organization: i64,
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
            organization_transfers::state.eq(TransferState::Pending.as_str()),
            organization_transfers::created_at.eq(now.0),
            organization_transfers::expires_at.eq(expires_at.0),
        ))
        .returning(organization_transfers::id)
        .get_result(connection))?)
}

/// The transfer with this id, of whichever account: whom it concerns is the caller's to check.
///
/// # Errors
/// The database's.
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
///
/// # Errors
/// The database's.
pub fn pending_of(conn: &mut Conn, organization: i64) -> StoreResult<Option<TransferRow>> {
    Ok(on!(conn, connection => select!(connection, |query| query
        .filter(organization_transfers::organization_pk.eq(organization))
        .filter(organization_transfers::state.eq("pending")))
        .first(connection)
        .optional())?)
}

/// Pending transfers to the addresses with these keys, after row `after`.
///
/// # Errors
/// The database's.
pub fn pending_to(
    conn: &mut Conn,
    keys: &[String],
    now: Timestamp,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<TransferRow>> {
    Ok(on!(conn, connection => select!(connection, |query| query
        .filter(organization_transfers::email_key.eq_any(keys))
        .filter(organization_transfers::state.eq("pending"))
        .filter(organization_transfers::expires_at.gt(now.0))
        .filter(organization_transfers::pk.gt(after))
        .order(organization_transfers::pk)
        .limit(limit))
        .load(connection))?)
}

/// Ends a pending transfer; says whether it was pending.
///
/// # Errors
/// The database's.
pub fn end(conn: &mut Conn, pk: i64, state: TransferState) -> StoreResult<bool> {
    let ended = on!(conn, connection => diesel::update(organization_transfers::table)
        .filter(organization_transfers::pk.eq(pk))
        .filter(organization_transfers::state.eq("pending"))
        .set(organization_transfers::state.eq(state.as_str()))
        .execute(connection))?;
    Ok(ended > 0)
}

/// Pending transfers whose time is over, of whichever account. Costs what is due.
///
/// # Errors
/// The database's.
pub fn overdue(conn: &mut Conn, now: Timestamp, limit: i64) -> StoreResult<Vec<TransferRow>> {
    Ok(on!(conn, connection => select!(connection, |query| query
        .filter(organization_transfers::state.eq("pending"))
        .filter(organization_transfers::expires_at.le(now.0))
        .order(organization_transfers::expires_at)
        .limit(limit))
        .load(connection))?)
}
