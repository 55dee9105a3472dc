//! Why sessions ended. Triggers note it, whichever way a session goes.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::session_ends;
use crate::enterprise::Timestamp;

/// Deletes up to `limit` ends of sessions that would have expired before this time. Returns how many.
pub fn forget(conn: &mut Conn, before: Timestamp, limit: i64) -> StoreResult<usize> {
    let old: Vec<Vec<u8>> = on!(conn, connection => session_ends::table
        .filter(session_ends::expires_at.le(before))
        .order(session_ends::expires_at)
        .limit(limit)
        .select(session_ends::hash)
        .load(connection))?;
    Ok(on!(conn, connection => diesel::delete(session_ends::table)
        .filter(session_ends::hash.eq_any(&old))
        .execute(connection))?)
}
