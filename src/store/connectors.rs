//! Connectors and their tokens.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{connector_tokens, connectors, enterprises};
use crate::enterprise::{Timestamp, id};

/// What a request with a valid token is let in as.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Admitted {
    /// The account.
    pub enterprise_pk: i64,
    /// The connector's id as stored.
    pub connector_id: String,
    /// Whether the connector is switched on.
    pub enabled: bool,
    /// The account's plan.
    pub plan: String,
    /// Whether the plan's advanced operations are on.
    pub plan_active: bool,
    /// When the plan ends, if ever.
    pub plan_ends_at: Option<i64>,
    /// The hash as stored, for comparison.
    pub hash: Vec<u8>,
    /// When the token ends, if ever.
    pub expires_at: Option<i64>,
}

/// The account's connector, made on first use; its id never changes.
///
/// # Errors
/// The database's.
pub fn enable(conn: &mut Conn, enterprise: i64, now: Timestamp) -> StoreResult<(i64, String)> {
    if let Some(found) = of_enterprise(conn, enterprise)? {
        return Ok(found);
    }
    Ok(on!(conn, connection => diesel::insert_into(connectors::table)
        .values((
            connectors::id.eq(id::connector()),
            connectors::enterprise_pk.eq(enterprise),
            connectors::enabled.eq(true),
            connectors::created_at.eq(now.0),
        ))
        .returning((connectors::pk, connectors::id))
        .get_result(connection))?)
}

/// The account's connector, if it has one: row and id.
///
/// # Errors
/// The database's.
pub fn of_enterprise(conn: &mut Conn, enterprise: i64) -> StoreResult<Option<(i64, String)>> {
    Ok(on!(conn, connection => connectors::table
        .filter(connectors::enterprise_pk.eq(enterprise))
        .select((connectors::pk, connectors::id))
        .first(connection)
        .optional())?)
}

/// Adds a token by its hash.
///
/// # Errors
/// The database's.
pub fn insert_token(
    conn: &mut Conn,
    connector: i64,
    hash: &[u8; 32],
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(connector_tokens::table)
        .values((
            connector_tokens::connector_pk.eq(connector),
            connector_tokens::hash.eq(&hash[..]),
            connector_tokens::created_at.eq(now.0),
            connector_tokens::expires_at.eq(expires_at.map(|at| at.0)),
        ))
        .execute(connection))?;
    Ok(())
}

/// The connector that this token belongs to.
///
/// # Errors
/// The database's.
pub fn admit(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<Option<Admitted>> {
    Ok(on!(conn, connection => connector_tokens::table
        .inner_join(connectors::table.inner_join(enterprises::table))
        .filter(connector_tokens::hash.eq(&hash[..]))
        .select((
            enterprises::pk,
            connectors::id,
            connectors::enabled,
            enterprises::plan,
            enterprises::plan_active,
            enterprises::plan_ends_at,
            connector_tokens::hash,
            connector_tokens::expires_at,
        ))
        .first(connection)
        .optional())?)
}
