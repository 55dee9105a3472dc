//! Activation codes, stored as hashes.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::search;
use super::tables::activation_codes;
use crate::enterprise::activation_code::CodeState;
use crate::enterprise::search::{Findable, Terms};
use crate::enterprise::{AccountPk, ActivationCodePk, Timestamp, id, name};

/// An activation code as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = activation_codes)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct CodeRow {
    pub pk: ActivationCodePk,
    pub id: String,
    pub hash: Vec<u8>,
    pub customer: String,
    pub enterprise_pk: Option<AccountPk>,
    pub seats: i64,
    pub days: i64,
    pub state: CodeState,
    pub issued_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// The values of a new code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCode<'a> {
    /// The customer that the code is issued to.
    pub customer: &'a str,
    /// The account that the code is for, if it exists already.
    pub enterprise: Option<AccountPk>,
    /// The number of seats.
    pub seats: i64,
    /// The length of the term in days from the activation.
    pub days: i64,
}

/// Inserts a code by its hash. It supersedes an earlier one of the same customer.
pub fn insert(
    conn: &mut Conn,
    hash: &[u8; 32],
    new: &NewCode<'_>,
    now: Timestamp,
) -> StoreResult<CodeRow> {
    let key = name::key(new.customer);
    on!(conn, connection => diesel::update(activation_codes::table)
        .filter(activation_codes::state.eq(CodeState::Issued))
        .filter(
            activation_codes::customer_key
                .eq(&key)
                .or(activation_codes::enterprise_pk.eq(new.enterprise).assume_not_null()),
        )
        .set(activation_codes::state.eq(CodeState::Superseded))
        .execute(connection))?;
    let row: CodeRow = on!(conn, connection => diesel::insert_into(activation_codes::table)
        .values((
            activation_codes::id.eq(id::activation_code()),
            activation_codes::hash.eq(&hash[..]),
            activation_codes::customer.eq(new.customer),
            activation_codes::customer_key.eq(&key),
            activation_codes::enterprise_pk.eq(new.enterprise),
            activation_codes::seats.eq(new.seats),
            activation_codes::days.eq(new.days),
            activation_codes::state.eq(CodeState::Issued),
            activation_codes::issued_at.eq(now),
        ))
        .returning(CodeRow::as_returning())
        .get_result(connection))?;
    let terms = Terms::of_name(&row.customer);
    search::insert(conn, search::SERVER, Findable::Code, row.pk.0, &terms)?;
    Ok(row)
}

/// Returns the code with this hash if it was not used, superseded or revoked.
pub fn valid(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<Option<CodeRow>> {
    Ok(on!(conn, connection => activation_codes::table
        .filter(activation_codes::hash.eq(&hash[..]))
        .filter(activation_codes::state.eq(CodeState::Issued))
        .select(CodeRow::as_select())
        .first(connection)
        .optional())?)
}

/// Marks the code as used. Returns `true` if it was still unused: of two concurrent uses, one gets
/// `false`.
pub fn use_up(
    conn: &mut Conn,
    code: ActivationCodePk,
    account: AccountPk,
    now: Timestamp,
) -> StoreResult<bool> {
    let used = on!(conn, connection => diesel::update(activation_codes::table)
        .filter(activation_codes::pk.eq(code))
        .filter(activation_codes::state.eq(CodeState::Issued))
        .set((
            activation_codes::state.eq(CodeState::Used),
            activation_codes::used_at.eq(now),
            activation_codes::used_by.eq(account),
        ))
        .execute(connection))?;
    Ok(used == 1)
}

/// Revokes an unused code and returns it.
pub fn revoke(conn: &mut Conn, id: &str) -> StoreResult<Option<CodeRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => diesel::update(activation_codes::table)
        .filter(activation_codes::id.eq(id))
        .filter(activation_codes::state.eq(CodeState::Issued))
        .set(activation_codes::state.eq(CodeState::Revoked))
        .returning(CodeRow::as_returning())
        .get_result(connection)
        .optional())?)
}

/// Returns these codes, in order of issue.
pub fn by_pks(conn: &mut Conn, pks: &[ActivationCodePk]) -> StoreResult<Vec<CodeRow>> {
    Ok(on!(conn, connection => activation_codes::table
        .filter(activation_codes::pk.eq_any(pks))
        .order(activation_codes::pk)
        .select(CodeRow::as_select())
        .load(connection))?)
}

/// Returns all codes after row `after`, in order of issue.
pub fn all(conn: &mut Conn, after: i64, limit: i64) -> StoreResult<Vec<CodeRow>> {
    Ok(on!(conn, connection => activation_codes::table
        .filter(activation_codes::pk.gt(after))
        .order(activation_codes::pk)
        .limit(limit)
        .select(CodeRow::as_select())
        .load(connection))?)
}
