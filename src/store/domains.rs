//! Verified domains.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::domains;
use crate::enterprise::Timestamp;

/// Notes a verified domain.
///
/// # Errors
/// The database's, among them that another account has it.
pub fn insert(conn: &mut Conn, enterprise: i64, domain: &str, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(domains::table)
        .values((
            domains::enterprise_pk.eq(enterprise),
            domains::name.eq(domain),
            domains::verified_at.eq(now.0),
        ))
        .execute(connection))?;
    Ok(())
}

/// The account's verified domains.
///
/// # Errors
/// The database's.
pub fn of_enterprise(conn: &mut Conn, enterprise: i64) -> StoreResult<Vec<String>> {
    Ok(on!(conn, connection => domains::table
        .filter(domains::enterprise_pk.eq(enterprise))
        .order(domains::pk)
        .select(domains::name)
        .load(connection))?)
}
