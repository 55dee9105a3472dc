//! Links with which a person proves another address.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::user_address_links;
use crate::enterprise::{PersonPk, Timestamp};

/// Inserts a link by its hash.
pub fn insert(
    conn: &mut Conn,
    hash: &[u8; 32],
    person: PersonPk,
    email: &str,
    now: Timestamp,
    end: Timestamp,
) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(user_address_links::table)
        .values((
            user_address_links::hash.eq(&hash[..]),
            user_address_links::user_pk.eq(person),
            user_address_links::email.eq(email),
            user_address_links::created_at.eq(now),
            user_address_links::expires_at.eq(end),
        ))
        .execute(connection))?;
    Ok(())
}

/// Counts the links that a person has requested since this time.
pub fn count(conn: &mut Conn, person: PersonPk, since: Timestamp) -> StoreResult<i64> {
    Ok(on!(conn, connection => user_address_links::table
        .filter(user_address_links::user_pk.eq(person))
        .filter(user_address_links::created_at.gt(since))
        .count()
        .get_result(connection))?)
}

/// Uses up a valid link of this person and returns its address.
pub fn take(
    conn: &mut Conn,
    hash: &[u8; 32],
    person: PersonPk,
    now: Timestamp,
) -> StoreResult<Option<String>> {
    Ok(on!(conn, connection => diesel::update(user_address_links::table)
        .filter(user_address_links::hash.eq(&hash[..]))
        .filter(user_address_links::user_pk.eq(person))
        .filter(user_address_links::expires_at.gt(now))
        // Expire the link instead of deleting it: it still counts as requested.
        .set(user_address_links::expires_at.eq(now))
        .returning(user_address_links::email)
        .get_result(connection)
        .optional())?)
}

/// Deletes links that were requested before this time.
pub fn forget(conn: &mut Conn, before: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(user_address_links::table)
        .filter(user_address_links::created_at.le(before))
        .filter(user_address_links::expires_at.le(before))
        .execute(connection))?;
    Ok(())
}
