//! What goes wrong with the single sign-on of an account.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{domains, sso_certificate_warnings, sso_connections};
use crate::enterprise::{AccountPk, SsoConnectionPk, Timestamp};

/// A sign-in that failed.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct FailedSignIn {
    /// The domain whose users sign in by the connection.
    pub domain: String,
    /// Why the sign-in failed.
    pub text: String,
    /// When it failed.
    pub at: Timestamp,
}

/// Returns the last sign-in that failed since this time, by a connection of the account that is on.
/// An account has no more connections than domains.
pub fn last_failed(
    conn: &mut Conn,
    enterprise: AccountPk,
    since: Timestamp,
) -> StoreResult<Option<FailedSignIn>> {
    Ok(on!(conn, connection => sso_connections::table
        .inner_join(domains::table)
        .filter(sso_connections::enterprise_pk.eq(enterprise))
        .filter(sso_connections::is_on.eq(true))
        .filter(sso_connections::last_failure_at.ge(since))
        .filter(sso_connections::last_failure.is_not_null())
        .order(sso_connections::last_failure_at.desc())
        .select((
            domains::name,
            sso_connections::last_failure.assume_not_null(),
            sso_connections::last_failure_at.assume_not_null(),
        ))
        .first(connection)
        .optional())?)
}

/// Returns up to `limit` connections of the account that are on and of which a certificate was
/// warned about.
pub fn warned_about(
    conn: &mut Conn,
    enterprise: AccountPk,
    limit: i64,
) -> StoreResult<Vec<SsoConnectionPk>> {
    Ok(on!(conn, connection => sso_connections::table
        .inner_join(sso_certificate_warnings::table.on(
            sso_certificate_warnings::connection_pk.eq(sso_connections::pk),
        ))
        .filter(sso_connections::enterprise_pk.eq(enterprise))
        .filter(sso_connections::is_on.eq(true))
        .order(sso_connections::pk)
        .distinct()
        .limit(limit)
        .select(sso_connections::pk)
        .load(connection))?)
}
