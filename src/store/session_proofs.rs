//! Links in mails by which the person of a session proves again who they are.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{session_proofs, sessions};
use crate::enterprise::{SessionPk, Timestamp};

/// Inserts a link by its hash.
pub fn insert(
    conn: &mut Conn,
    hash: &[u8; 32],
    session: SessionPk,
    return_to: &str,
    (now, expires_at): (Timestamp, Timestamp),
) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(session_proofs::table)
        .values((
            session_proofs::hash.eq(&hash[..]),
            session_proofs::session_pk.eq(session),
            session_proofs::return_to.eq(return_to),
            session_proofs::created_at.eq(now),
            session_proofs::expires_at.eq(expires_at),
        ))
        .execute(connection))?;
    Ok(())
}

/// Counts the links that were asked for in a session since this time.
pub fn count(conn: &mut Conn, session: SessionPk, since: Timestamp) -> StoreResult<i64> {
    Ok(on!(conn, connection => session_proofs::table
        .filter(session_proofs::session_pk.eq(session))
        .filter(session_proofs::created_at.gt(since))
        .count()
        .get_result(connection))?)
}

/// Returns the path to return to of the link with this hash, if it is this session's and valid.
pub fn find(
    conn: &mut Conn,
    hash: &[u8; 32],
    session: SessionPk,
    now: Timestamp,
) -> StoreResult<Option<String>> {
    Ok(on!(conn, connection => session_proofs::table
        .filter(session_proofs::hash.eq(&hash[..]))
        .filter(session_proofs::session_pk.eq(session))
        .filter(session_proofs::expires_at.gt(now))
        .select(session_proofs::return_to)
        .first(connection)
        .optional())?)
}

/// Lets no link of a session work any more. They still count against the limit.
pub fn spend(conn: &mut Conn, session: SessionPk, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(session_proofs::table)
        .filter(session_proofs::session_pk.eq(session))
        .filter(session_proofs::expires_at.gt(now))
        .set(session_proofs::expires_at.eq(now))
        .execute(connection))?;
    Ok(())
}

/// Records that the person of a session has proved who they are.
pub fn record(conn: &mut Conn, session: SessionPk, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(sessions::table)
        .filter(sessions::pk.eq(session))
        .set(sessions::proved_at.eq(now))
        .execute(connection))?;
    Ok(())
}
