//! The last warning that was sent before an identity provider's certificate expires, for each
//! connection.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{sso_certificate_warnings as warnings, sso_connections};
use crate::enterprise::{AccountPk, SsoConnectionPk};

/// Returns accounts after row `after`, in order, that have a connection which is on.
pub fn accounts(conn: &mut Conn, after: i64, limit: i64) -> StoreResult<Vec<AccountPk>> {
    Ok(on!(conn, connection => sso_connections::table
        .filter(sso_connections::enterprise_pk.gt(after))
        .filter(sso_connections::is_on.eq(true))
        .select(sso_connections::enterprise_pk)
        .distinct()
        .order(sso_connections::enterprise_pk)
        .limit(limit)
        .load(connection))?)
}

/// Returns the last warning that was sent for a certificate, as the number of days before it
/// expires.
pub fn given(
    conn: &mut Conn,
    connection: SsoConnectionPk,
    fingerprint: &str,
) -> StoreResult<Option<i64>> {
    Ok(on!(conn, db => warnings::table
        .filter(warnings::connection_pk.eq(connection))
        .filter(warnings::fingerprint.eq(fingerprint))
        .select(warnings::days)
        .first(db)
        .optional())?)
}

/// Records which warning was sent.
pub fn note(
    conn: &mut Conn,
    connection: SsoConnectionPk,
    fingerprint: &str,
    days: i64,
) -> StoreResult<()> {
    on!(conn, db => diesel::insert_into(warnings::table)
        .values((
            warnings::connection_pk.eq(connection),
            warnings::fingerprint.eq(fingerprint),
            warnings::days.eq(days),
        ))
        .on_conflict((warnings::connection_pk, warnings::fingerprint))
        .do_update()
        .set(warnings::days.eq(days))
        .execute(db))?;
    Ok(())
}
