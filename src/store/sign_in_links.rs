//! Links to sign in by mail.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::sign_in_links;
use crate::enterprise::{Timestamp, address};

/// Keeps a link, as a hash.
pub fn insert(
    conn: &mut Conn,
    hash: &[u8; 32],
    email: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(sign_in_links::table)
        .values((
            sign_in_links::hash.eq(&hash[..]),
            sign_in_links::email.eq(email),
            sign_in_links::email_key.eq(address::key(email)),
            sign_in_links::created_at.eq(now),
            sign_in_links::expires_at.eq(expires_at),
        ))
        .execute(connection))?;
    Ok(())
}

/// How many links an address has asked for since this time.
pub fn count(conn: &mut Conn, email_key: &str, since: Timestamp) -> StoreResult<i64> {
    Ok(on!(conn, connection => sign_in_links::table
        .filter(sign_in_links::email_key.eq(email_key))
        .filter(sign_in_links::created_at.gt(since))
        .count()
        .get_result(connection))?)
}

/// The address that a link is for, as long as it is good.
pub fn address(conn: &mut Conn, hash: &[u8; 32], now: Timestamp) -> StoreResult<Option<String>> {
    Ok(on!(conn, connection => sign_in_links::table
        .filter(sign_in_links::hash.eq(&hash[..]))
        .filter(sign_in_links::used.eq(false))
        .filter(sign_in_links::expires_at.gt(now))
        .select(sign_in_links::email)
        .first(connection)
        .optional())?)
}

/// Uses a link up; says whether nobody had before.
pub fn spend(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<bool> {
    let spent = on!(conn, connection => diesel::update(sign_in_links::table)
        .filter(sign_in_links::hash.eq(&hash[..]))
        .filter(sign_in_links::used.eq(false))
        .set(sign_in_links::used.eq(true))
        .execute(connection))?;
    Ok(spent > 0)
}

/// Forgets links that ended before this time.
pub fn forget(conn: &mut Conn, before: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(sign_in_links::table)
        .filter(sign_in_links::expires_at.le(before))
        .execute(connection))?;
    Ok(())
}
