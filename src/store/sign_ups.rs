//! Sign-ups whose address is not confirmed yet.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::sign_ups;
use crate::enterprise::{SignUpPk, Timestamp, address};

/// A sign-up as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sign_ups)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct SignUpRow {
    pub pk: SignUpPk,
    pub email: String,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub hash: Vec<u8>,
    pub expires_at: Timestamp,
}

/// The values of a new sign-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSignUp<'a> {
    /// The address to confirm.
    pub email: &'a str,
    /// Given and family name, if they are known.
    pub name: Option<&'a (String, String)>,
    /// The hash of the token in the link.
    pub hash: [u8; 32],
    /// When the link expires.
    pub expires_at: Timestamp,
}

/// Inserts a sign-up.
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

/// Counts the sign-ups with this address since this time.
pub fn count_since(conn: &mut Conn, email: &str, since: Timestamp) -> StoreResult<i64> {
    Ok(on!(conn, connection => sign_ups::table
        .filter(sign_ups::email_key.eq(address::key(email)))
        .filter(sign_ups::created_at.gt(since))
        .count()
        .get_result(connection))?)
}

/// Returns the sign-up with this hash of its token.
pub fn by_hash(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<Option<SignUpRow>> {
    Ok(on!(conn, connection => sign_ups::table
        .filter(sign_ups::hash.eq(&hash[..]))
        .select(SignUpRow::as_select())
        .first(connection)
        .optional())?)
}

/// Deletes a sign-up, so that it is used only once. Returns `true` if it existed.
pub fn take(conn: &mut Conn, pk: SignUpPk) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::delete(sign_ups::table)
        .filter(sign_ups::pk.eq(pk))
        .execute(connection))?
        == 1)
}

/// Deletes the sign-ups of an address.
pub fn forget_address(conn: &mut Conn, email: &str) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(sign_ups::table)
        .filter(sign_ups::email_key.eq(address::key(email)))
        .execute(connection))?;
    Ok(())
}

/// Deletes up to `limit` sign-ups whose links have expired. Returns how many.
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
