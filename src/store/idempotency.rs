//! Stored answers to creating requests, so that a repeated request creates nothing twice.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::tables::idempotency_keys;
use crate::enterprise::{AccountPk, MemberPk, Timestamp};

/// An idempotency key, which is unique per member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The account's row.
    pub enterprise: AccountPk,
    /// The member that sent the request.
    pub member: MemberPk,
    /// The key as sent by the client.
    pub key: String,
}

/// The answer that was given.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Answered {
    /// The hash of the request.
    pub request: Vec<u8>,
    /// The status code of the answer.
    pub status: i32,
    /// The body of the answer; `None` if it contained a secret.
    pub body: Option<String>,
}

/// Returns the answer that was given to this key, if any.
pub fn find(conn: &mut Conn, key: &Key) -> StoreResult<Option<Answered>> {
    if !storable(&key.key) {
        return Ok(None);
    }
    Ok(on!(conn, connection => idempotency_keys::table
        .filter(idempotency_keys::enterprise_pk.eq(key.enterprise))
        .filter(idempotency_keys::member_pk.eq(key.member))
        .filter(idempotency_keys::idempotency_key.eq(&key.key))
        .select((idempotency_keys::request, idempotency_keys::status, idempotency_keys::body))
        .first(connection)
        .optional())?)
}

/// Stores an answer.
pub fn insert(conn: &mut Conn, key: &Key, answered: &Answered, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::enterprise_pk.eq(key.enterprise),
            idempotency_keys::member_pk.eq(key.member),
            idempotency_keys::idempotency_key.eq(&key.key),
            idempotency_keys::request.eq(&answered.request),
            idempotency_keys::status.eq(answered.status),
            idempotency_keys::body.eq(&answered.body),
            idempotency_keys::created_at.eq(now),
        ))
        .execute(connection))?;
    Ok(())
}

/// Deletes the answers of all accounts that were given before this time.
pub fn forget_all(conn: &mut Conn, before: Timestamp) -> StoreResult<usize> {
    Ok(on!(conn, connection => diesel::delete(idempotency_keys::table)
        .filter(idempotency_keys::created_at.lt(before))
        .execute(connection))?)
}

/// Deletes the answer to this key if it was given before this time.
pub fn forget(conn: &mut Conn, key: &Key, before: Timestamp) -> StoreResult<usize> {
    Ok(on!(conn, connection => diesel::delete(idempotency_keys::table)
        .filter(idempotency_keys::enterprise_pk.eq(key.enterprise))
        .filter(idempotency_keys::member_pk.eq(key.member))
        .filter(idempotency_keys::idempotency_key.eq(&key.key))
        .filter(idempotency_keys::created_at.lt(before))
        .execute(connection))?)
}
