//! Sign-ups that wait for their address to be confirmed.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::sign_ups;
use crate::enterprise::{SignUpPk, Timestamp, address};

/// A sign-up.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sign_ups)]
#[allow(missing_docs)] // the columns are documented where they are made
pub struct SignUpRow {
    pub pk: SignUpPk,
    pub email: String,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub hash: Vec<u8>,
    pub expires_at: Timestamp,
}

/// What is said of a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSignUp<'a> {
    /// The address.
    pub email: &'a str,
    /// Given and family name, if they are known.
    pub name: Option<&'a (String, String)>,
    /// Of the token in the link.
    pub hash: [u8; 32],
    /// When the link ends.
    pub expires_at: Timestamp,
}

/// Keeps a sign-up.
pub fn insert(conn: &mut Conn, new: &NewSignUp<'_>, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(sign_ups::table)
        .values((
            sign_ups::email.eq(new.email),
            sign_ups::email_key.eq(address::key(new.email)),
            sign_ups::given_name.eq(new.name.map(|(given, _)| given)),
            sign_ups::family_name.eq(new.name.map(|(_, family)| family)),
            sign_ups::hash.eq(&new.hash[..]),
            sign_ups::created_at.eq(now),
            sign_ups::expires_at.eq(new.expires_at),
        ))
        .execute(connection))?;
    Ok(())
}

/// How many were asked for with this address since then.
pub fn count_since(conn: &mut Conn, email: &str, since: Timestamp) -> StoreResult<i64> {
    Ok(on!(conn, connection => sign_ups::table
        .filter(sign_ups::email_key.eq(address::key(email)))
        .filter(sign_ups::created_at.gt(since))
        .count()
        .get_result(connection))?)
}

/// The sign-up that this token confirms.
pub fn by_hash(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<Option<SignUpRow>> {
    Ok(on!(conn, connection => sign_ups::table
        .filter(sign_ups::hash.eq(&hash[..]))
        .select(SignUpRow::as_select())
        .first(connection)
        .optional())?)
}

/// Uses a sign-up up; says whether it was there.
pub fn take(conn: &mut Conn, pk: SignUpPk) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::delete(sign_ups::table)
        .filter(sign_ups::pk.eq(pk))
        .execute(connection))?
        == 1)
}

/// Forgets the sign-ups of an address.
pub fn forget_address(conn: &mut Conn, email: &str) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(sign_ups::table)
        .filter(sign_ups::email_key.eq(address::key(email)))
        .execute(connection))?;
    Ok(())
}

/// Forgets sign-ups whose links have ended, so many at most; says how many.
pub fn forget(conn: &mut Conn, now: Timestamp, limit: i64) -> StoreResult<usize> {
    let old: Vec<SignUpPk> = on!(conn, connection => sign_ups::table
        .filter(sign_ups::expires_at.le(now))
        .order(sign_ups::expires_at)
        .limit(limit)
        .select(sign_ups::pk)
        .load(connection))?;
    Ok(on!(conn, connection => diesel::delete(sign_ups::table)
        .filter(sign_ups::pk.eq_any(&old))
        .execute(connection))?)
}
