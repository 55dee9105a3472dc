//! Where walks through the directory by index go on.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::walks;
use crate::enterprise::{AccountPk, Timestamp};

/// How long a walk may pause between two pages.
const HOURS: i64 = 1;

/// A page of a walk: which query of which account, and the index that it begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The account.
    pub enterprise: AccountPk,
    /// Hash of the query and its page size.
    pub query: i64,
    /// The index, counted from 1.
    pub start_index: i64,
}

/// What is remembered for the next page.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = walks)]
pub struct Anchor {
    /// The place of the last resource before the page, in the searcher's words.
    pub position: String,
    /// The account's `departed` when the walk began.
    pub departed: i64,
}

/// What was remembered for this page, if the walk has not paused too long.
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

/// Whether the account has walks that have paused too long.
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

/// Forgets the account's walks that have paused too long.
pub fn forget(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> StoreResult<usize> {
    Ok(on!(conn, connection => diesel::delete(walks::table)
        .filter(walks::enterprise_pk.eq(enterprise))
        .filter(walks::remembered_at.le(now.minus_hours(HOURS)))
        .execute(connection))?)
}

/// Remembers where the page begins, and forgets what is too old.
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
