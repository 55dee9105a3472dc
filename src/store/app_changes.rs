//! What has changed that open desktop apps show. Triggers write it.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{app_change_marks, app_changes};
use crate::enterprise::Timestamp;

/// Returns the number of the last change, or 0.
pub fn last(conn: &mut Conn) -> StoreResult<i64> {
    let last: Option<i64> = on!(conn, connection => app_changes::table
        .order(app_changes::pk.desc())
        .select(app_changes::pk)
        .first(connection)
        .optional())?;
    Ok(last.unwrap_or(0))
}

/// Returns up to which change the table was written at some time before this one, if that was noted.
pub fn marked(conn: &mut Conn, before: Timestamp) -> StoreResult<Option<i64>> {
    Ok(on!(conn, connection => app_change_marks::table
        .filter(app_change_marks::noted_at.le(before))
        .order(app_change_marks::pk.desc())
        .select(app_change_marks::pk)
        .first(connection)
        .optional())?)
}

/// Notes up to which change the table is written now.
pub fn mark(conn: &mut Conn, now: Timestamp) -> StoreResult<()> {
    let last = last(conn)?;
    on!(conn, connection => diesel::insert_into(app_change_marks::table)
        .values((app_change_marks::pk.eq(last), app_change_marks::noted_at.eq(now)))
        .on_conflict_do_nothing()
        .execute(connection))?;
    Ok(())
}

/// Deletes up to `limit` changes up to this one. Returns how many; with none left the marks up to it
/// go, too.
pub fn forget(conn: &mut Conn, mark: i64, limit: i64) -> StoreResult<usize> {
    let old: Vec<i64> = on!(conn, connection => app_changes::table
        .filter(app_changes::pk.le(mark))
        .order(app_changes::pk)
        .limit(limit)
        .select(app_changes::pk)
        .load(connection))?;
    let Some(until) = old.last() else {
        on!(conn, connection => diesel::delete(app_change_marks::table)
            .filter(app_change_marks::pk.le(mark))
            .execute(connection))?;
        return Ok(0);
    };
    Ok(on!(conn, connection => diesel::delete(app_changes::table)
        .filter(app_changes::pk.le(until))
        .execute(connection))?)
}
