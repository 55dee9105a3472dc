//! Verified domains whose DNS record is checked again once a day, and those that have lost it.

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::connection::{Conn, on};
use super::domains::DomainRow;
use super::error::StoreResult;
use super::tables::{connectors, domains, sso_connections};
use crate::enterprise::domain_check::VerificationMethod;
use crate::enterprise::{AccountPk, DomainPk, Timestamp};

/// A domain that is due for a check.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Due {
    /// The account's row.
    pub enterprise_pk: AccountPk,
    /// The domain's id.
    pub id: String,
    /// The domain's name.
    pub name: String,
}

/// Returns up to `limit` domains that were verified by their DNS record and not checked since this
/// time, those that have waited longest first.
pub fn due(conn: &mut Conn, since: Timestamp, limit: i64) -> StoreResult<Vec<Due>> {
    Ok(on!(conn, connection => domains::table
        // A literal, so that a generic plan can use the partial index.
        .filter(sql::<Bool>("domains.method = 'unique_record'"))
        .filter(domains::looked_at.le(since))
        .order((domains::looked_at, domains::pk))
        .limit(limit)
        .select((domains::enterprise_pk, domains::id, domains::name))
        .load(connection))?)
}

/// Returns `true` if anything depends on a domain, or on one that was verified by it: capture,
/// lock, a connection that is on, or the account's connector.
pub fn is_needed(conn: &mut Conn, enterprise: AccountPk, id: &str) -> StoreResult<bool> {
    let own_or_below =
        domains::id.eq(id).or(domains::method.eq(VerificationMethod::RootRecord.as_str()));
    let by_rule: bool = on!(conn, connection => diesel::select(exists(
        domains::table
            .filter(domains::enterprise_pk.eq(enterprise))
            .filter(own_or_below)
            .filter(domains::capture.eq(true).or(domains::locked.eq(true)))
    ))
    .get_result(connection))?;
    if by_rule {
        return Ok(true);
    }
    let by_sign_on: bool = on!(conn, connection => diesel::select(exists(
        sso_connections::table
            .inner_join(domains::table)
            .filter(domains::enterprise_pk.eq(enterprise))
            .filter(own_or_below)
            .filter(sso_connections::is_on.eq(true))
    ))
    .get_result(connection))?;
    if by_sign_on {
        return Ok(true);
    }
    Ok(on!(conn, connection => diesel::select(exists(
        connectors::table
            .filter(connectors::enterprise_pk.eq(enterprise))
            .filter(connectors::enabled.eq(true))
    ))
    .get_result(connection))?)
}

/// Records that a domain was checked.
pub fn looked(conn: &mut Conn, domain: DomainPk, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(domains::table)
        .filter(domains::pk.eq(domain))
        .set(domains::looked_at.eq(now))
        .execute(connection))?;
    Ok(())
}

/// Records since when a domain's record is missing, or that it is back. Resets the warning.
pub fn set_lost(
    conn: &mut Conn,
    domain: DomainPk,
    since: Option<Timestamp>,
) -> StoreResult<DomainRow> {
    Ok(on!(conn, connection => diesel::update(domains::table)
        .filter(domains::pk.eq(domain))
        .set((domains::lost_since.eq(since), domains::rest_warned_at.eq(None::<Timestamp>)))
        .returning(DomainRow::as_returning())
        .get_result(connection))?)
}

/// Records that the owners were warned that the domain will be suspended.
pub fn warned(conn: &mut Conn, domain: DomainPk, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(domains::table)
        .filter(domains::pk.eq(domain))
        .set(domains::rest_warned_at.eq(now))
        .execute(connection))?;
    Ok(())
}
