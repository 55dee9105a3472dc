//! Sign-ins under way at identity providers, and assertions that were used.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{sso_connections, sso_logins, sso_replays};
use crate::enterprise::{AccountPk, SsoConnectionPk, SsoLoginPk, Timestamp};

/// A sign-in under way.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct LoginRow {
    /// The row.
    pub pk: SsoLoginPk,
    /// The connection.
    pub connection_pk: SsoConnectionPk,
    /// The connection's account.
    pub enterprise_pk: AccountPk,
    /// Hash of the secret of the browser that began.
    pub browser_hash: Vec<u8>,
    /// The draft that is tried; none for a sign-in.
    pub revision: Option<i64>,
    /// Id of the owner who made the link by which it is tried, if one did.
    pub trial_by: Option<String>,
    /// Where to go afterwards.
    pub return_to: String,
    /// When it is too late.
    pub expires_at: Timestamp,
}

/// What a new sign-in is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLogin<'a> {
    /// The connection.
    pub connection: SsoConnectionPk,
    /// Hash of what comes back.
    pub handle: [u8; 32],
    /// Hash of the browser's secret.
    pub browser: [u8; 32],
    /// The draft that is tried.
    pub revision: Option<i64>,
    /// Id of the owner who made the link by which it is tried, if one did.
    pub trial_by: Option<&'a str>,
    /// Where to go afterwards.
    pub return_to: &'a str,
    /// When it is too late.
    pub expires_at: Timestamp,
}

/// Keeps a sign-in that begins.
pub fn insert(conn: &mut Conn, new: &NewLogin<'_>) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(sso_logins::table)
        .values((
            sso_logins::connection_pk.eq(new.connection),
            sso_logins::handle_hash.eq(&new.handle[..]),
            sso_logins::browser_hash.eq(&new.browser[..]),
            sso_logins::revision.eq(new.revision),
            sso_logins::trial_by.eq(new.trial_by),
            sso_logins::return_to.eq(new.return_to),
            sso_logins::expires_at.eq(new.expires_at),
        ))
        .execute(connection))?;
    Ok(())
}

/// The sign-in that this hash of what came back belongs to.
pub fn find(conn: &mut Conn, handle: &[u8; 32]) -> StoreResult<Option<LoginRow>> {
    Ok(on!(conn, connection => sso_logins::table
        .inner_join(sso_connections::table)
        .filter(sso_logins::handle_hash.eq(&handle[..]))
        .select((
            sso_logins::pk,
            sso_logins::connection_pk,
            sso_connections::enterprise_pk,
            sso_logins::browser_hash,
            sso_logins::revision,
            sso_logins::trial_by,
            sso_logins::return_to,
            sso_logins::expires_at,
        ))
        .first(connection)
        .optional())?)
}

/// Takes a sign-in away, so that nobody else does; says whether it was there.
pub fn take(conn: &mut Conn, pk: SsoLoginPk) -> StoreResult<bool> {
    let taken = on!(conn, connection => diesel::delete(sso_logins::table)
        .filter(sso_logins::pk.eq(pk))
        .execute(connection))?;
    Ok(taken > 0)
}

/// Notes that an assertion was used; says whether it was for the first time.
pub fn spend(
    conn: &mut Conn,
    connection_pk: SsoConnectionPk,
    assertion: &[u8; 32],
    until: Timestamp,
) -> StoreResult<bool> {
    let spent = on!(conn, connection => diesel::insert_into(sso_replays::table)
        .values((
            sso_replays::connection_pk.eq(connection_pk),
            sso_replays::assertion_hash.eq(&assertion[..]),
            sso_replays::expires_at.eq(until),
        ))
        .on_conflict_do_nothing()
        .execute(connection))?;
    Ok(spent > 0)
}

/// Forgets sign-ins and assertions that are over.
pub fn forget(conn: &mut Conn, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(sso_logins::table)
        .filter(sso_logins::expires_at.le(now))
        .execute(connection))?;
    on!(conn, connection => diesel::delete(sso_replays::table)
        .filter(sso_replays::expires_at.le(now))
        .execute(connection))?;
    Ok(())
}
