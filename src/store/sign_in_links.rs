//! Links for signing in by mail.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::sign_in_links;
use crate::enterprise::{Timestamp, address};

/// Inserts a link by its hash, with the path that the person wants to return to.
pub fn insert(
    conn: &mut Conn,
    hash: &[u8; 32],
    email: &str,
    return_to: Option<&str>,
    (now, expires_at): (Timestamp, Timestamp),
) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(sign_in_links::table)
        .values((
            sign_in_links::hash.eq(&hash[..]),
            sign_in_links::email.eq(email),
            sign_in_links::email_key.eq(address::key(email)),
            sign_in_links::created_at.eq(now),
            sign_in_links::expires_at.eq(expires_at),
            sign_in_links::return_to.eq(return_to),
        ))
        .execute(connection))?;
    Ok(())
}

/// Counts the links that were requested for an address since this time.
pub fn count(conn: &mut Conn, email_key: &str, since: Timestamp) -> StoreResult<i64> {
    Ok(on!(conn, connection => sign_in_links::table
        .filter(sign_in_links::email_key.eq(email_key))
        .filter(sign_in_links::created_at.gt(since))
        .count()
        .get_result(connection))?)
}

/// Returns the address of the link with this hash, if it is valid.
pub fn address(conn: &mut Conn, hash: &[u8; 32], now: Timestamp) -> StoreResult<Option<String>> {
    Ok(on!(conn, connection => sign_in_links::table
        .filter(sign_in_links::hash.eq(&hash[..]))
        .filter(sign_in_links::used.eq(false))
        .filter(sign_in_links::expires_at.gt(now))
        .select(sign_in_links::email)
        .first(connection)
        .optional())?)
}

/// Returns the path that the person of this link wanted to return to, used or not.
pub fn return_to(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<Option<String>> {
    let found: Option<Option<String>> = on!(conn, connection => sign_in_links::table
        .filter(sign_in_links::hash.eq(&hash[..]))
        .select(sign_in_links::return_to)
        .first(connection)
        .optional())?;
    Ok(found.flatten())
}

/// Returns the address of this link and the path that its person wanted to return to, used or not.
pub fn asked_for(
    conn: &mut Conn,
    hash: &[u8; 32],
) -> StoreResult<Option<(String, Option<String>)>> {
    Ok(on!(conn, connection => sign_in_links::table
        .filter(sign_in_links::hash.eq(&hash[..]))
        .select((sign_in_links::email, sign_in_links::return_to))
        .first(connection)
        .optional())?)
}

/// Marks a link as used. Returns `true` if it was unused.
pub fn spend(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<bool> {
    let spent = on!(conn, connection => diesel::update(sign_in_links::table)
        .filter(sign_in_links::hash.eq(&hash[..]))
        .filter(sign_in_links::used.eq(false))
        .set(sign_in_links::used.eq(true))
        .execute(connection))?;
    Ok(spent > 0)
}

/// Deletes links that expired before this time.
pub fn forget(conn: &mut Conn, before: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(sign_in_links::table)
        .filter(sign_in_links::expires_at.le(before))
        .execute(connection))?;
    Ok(())
}
