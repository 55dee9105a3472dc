//! Where a client that pages through the directory by index continues.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::walks;
use crate::enterprise::{AccountPk, Timestamp};

/// How many hours a walk may pause between two pages.
const HOURS: i64 = 1;

/// A page of a walk: the account, the query, and the index at which the page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The account's row.
    pub enterprise: AccountPk,
    /// The hash of the query and its page size.
    pub query: i64,
    /// The index of the first resource, counted from 1.
    pub start_index: i64,
}

/// What is stored for the next page.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = walks)]
pub struct Anchor {
    /// The position of the last resource before the page, as the search encodes it.
    pub position: String,
    /// The account's `departed` counter when the walk began.
    pub departed: i64,
}

/// Returns what was stored for this page, unless the walk has paused too long.
pub fn find(conn: &mut Conn, step: Step, now: Timestamp) -> StoreResult<Option<Anchor>> {
    Ok(on!(conn, connection => walks::table
        .filter(walks::enterprise_pk.eq(step.enterprise))
        .filter(walks::query.eq(step.query))
        .filter(walks::start_index.eq(step.start_index))
        .filter(walks::remembered_at.gt(now.minus_hours(HOURS)))
        .select(Anchor::as_select())
        .get_result(connection)
        .optional())?)
}

/// Returns `true` if the account has walks that have paused too long.
pub fn any_old(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> StoreResult<bool> {
    Ok(on!(conn, connection => walks::table
        .filter(walks::enterprise_pk.eq(enterprise))
        .filter(walks::remembered_at.le(now.minus_hours(HOURS)))
        .order((walks::enterprise_pk, walks::remembered_at))
        .select(walks::remembered_at)
        .first::<Timestamp>(connection)
        .optional())?
    .is_some())
}

/// Deletes the account's walks that have paused too long.
pub fn forget(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> StoreResult<usize> {
    Ok(on!(conn, connection => diesel::delete(walks::table)
        .filter(walks::enterprise_pk.eq(enterprise))
        .filter(walks::remembered_at.le(now.minus_hours(HOURS)))
        .execute(connection))?)
}

/// Stores where the page begins, and deletes what is too old.
pub fn remember(conn: &mut Conn, step: Step, anchor: &Anchor, now: Timestamp) -> StoreResult<()> {
    forget(conn, step.enterprise, now)?;
    on!(conn, connection => diesel::insert_into(walks::table)
        .values((
            walks::enterprise_pk.eq(step.enterprise),
            walks::query.eq(step.query),
            walks::start_index.eq(step.start_index),
            walks::position.eq(&anchor.position),
            walks::departed.eq(anchor.departed),
            walks::remembered_at.eq(now),
        ))
        .on_conflict((walks::enterprise_pk, walks::query, walks::start_index))
        .do_update()
        .set((
            walks::position.eq(&anchor.position),
            walks::departed.eq(anchor.departed),
            walks::remembered_at.eq(now),
        ))
        .execute(connection))?;
    Ok(())
}
