//! Links that prove a further address of a person.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::user_address_links;
use crate::enterprise::{PersonPk, Timestamp};

/// Keeps a link, as a hash.
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

/// How many links a person has asked for since this time.
pub fn count(conn: &mut Conn, person: PersonPk, since: Timestamp) -> StoreResult<i64> {
    Ok(on!(conn, connection => user_address_links::table
        .filter(user_address_links::user_pk.eq(person))
        .filter(user_address_links::created_at.gt(since))
        .count()
        .get_result(connection))?)
}

/// Uses a good link of this person up; gives the address.
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
        // It still counts as asked for.
        .set(user_address_links::expires_at.eq(now))
        .returning(user_address_links::email)
        .get_result(connection)
        .optional())?)
}

/// Forgets links that were asked for before this time.
pub fn forget(conn: &mut Conn, before: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(user_address_links::table)
        .filter(user_address_links::created_at.le(before))
        .filter(user_address_links::expires_at.le(before))
        .execute(connection))?;
    Ok(())
}
