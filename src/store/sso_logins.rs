//! Sign-ins in progress at identity providers, and used assertions.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{sso_connections, sso_logins, sso_replays};
use crate::enterprise::{AccountPk, SessionPk, SsoConnectionPk, SsoLoginPk, Timestamp};

/// A sign-in in progress.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct LoginRow {
    /// The sign-in's row.
    pub pk: SsoLoginPk,
    /// The connection's row.
    pub connection_pk: SsoConnectionPk,
    /// The connection's account.
    pub enterprise_pk: AccountPk,
    /// The hash of the secret of the browser that started the sign-in.
    pub browser_hash: Vec<u8>,
    /// The revision of the draft under test; `None` for a normal sign-in.
    pub revision: Option<i64>,
    /// The id of the owner who created the test link, if an owner did.
    pub trial_by: Option<String>,
    /// The session that the sign-in is to prove, if it is no ordinary one.
    pub session_pk: Option<SessionPk>,
    /// Where to redirect the browser afterwards.
    pub return_to: String,
    /// When the sign-in expires.
    pub expires_at: Timestamp,
}

/// The values of a new sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLogin<'a> {
    /// The connection's row.
    pub connection: SsoConnectionPk,
    /// The hash of the value that the identity provider sends back.
    pub handle: [u8; 32],
    /// The hash of the browser's secret.
    pub browser: [u8; 32],
    /// The revision of the draft under test; `None` for a normal sign-in.
    pub revision: Option<i64>,
    /// The id of the owner who created the test link, if an owner did.
    pub trial_by: Option<&'a str>,
    /// The session that the sign-in is to prove, if it is no ordinary one.
    pub session: Option<SessionPk>,
    /// Where to redirect the browser afterwards.
    pub return_to: &'a str,
    /// When the sign-in expires.
    pub expires_at: Timestamp,
}

/// Inserts a sign-in that begins.
pub fn insert(conn: &mut Conn, new: &NewLogin<'_>) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(sso_logins::table)
        .values((
            sso_logins::connection_pk.eq(new.connection),
            sso_logins::handle_hash.eq(&new.handle[..]),
            sso_logins::browser_hash.eq(&new.browser[..]),
            sso_logins::revision.eq(new.revision),
            sso_logins::trial_by.eq(new.trial_by),
            sso_logins::session_pk.eq(new.session),
            sso_logins::return_to.eq(new.return_to),
            sso_logins::expires_at.eq(new.expires_at),
        ))
        .execute(connection))?;
    Ok(())
}

/// Returns the sign-in to which the returned value with this hash belongs.
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
            sso_logins::session_pk,
            sso_logins::return_to,
            sso_logins::expires_at,
        ))
        .first(connection)
        .optional())?)
}

/// Deletes a sign-in, so that it is used only once. Returns `true` if it existed.
pub fn take(conn: &mut Conn, pk: SsoLoginPk) -> StoreResult<bool> {
    let taken = on!(conn, connection => diesel::delete(sso_logins::table)
        .filter(sso_logins::pk.eq(pk))
        .execute(connection))?;
    Ok(taken > 0)
}

/// Records that an assertion was used. Returns `true` if it was not used before.
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

/// Deletes expired sign-ins and assertions.
pub fn forget(conn: &mut Conn, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(sso_logins::table)
        .filter(sso_logins::expires_at.le(now))
        .execute(connection))?;
    on!(conn, connection => diesel::delete(sso_replays::table)
        .filter(sso_replays::expires_at.le(now))
        .execute(connection))?;
    Ok(())
}
