//! The days on which members were active: one row for each member and day.

use diesel::dsl::{count_star, max};
use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::member_activity;
use crate::enterprise::activity::{KEPT_DAYS, SHOWN_DAYS};
use crate::enterprise::{AccountPk, MemberPk, Timestamp};

/// A member's activity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// The last active day, counted from 1970.
    pub last: Option<i64>,
    /// The number of active days among the last [`KEPT_DAYS`].
    pub days: i64,
}

/// Records that a member is active. Returns `true` if this is the first time today. Call it on
/// every sign-in and use: it writes once per member and day.
pub fn touch(
    conn: &mut Conn,
    enterprise: AccountPk,
    member: MemberPk,
    now: Timestamp,
) -> StoreResult<bool> {
    let written = on!(conn, connection => diesel::insert_into(member_activity::table)
        .values((
            member_activity::member_pk.eq(member),
            member_activity::day.eq(now.day()),
            member_activity::enterprise_pk.eq(enterprise),
        ))
        .on_conflict_do_nothing()
        .execute(connection))?;
    Ok(written > 0)
}

/// Returns the activity of these members, in no particular order. Members that were never active
/// are missing.
pub fn of_members(
    conn: &mut Conn,
    pks: &[MemberPk],
    now: Timestamp,
) -> StoreResult<Vec<(MemberPk, Activity)>> {
    let last: Vec<(MemberPk, Option<i64>)> = on!(conn, connection => member_activity::table
        .filter(member_activity::member_pk.eq_any(pks))
        .group_by(member_activity::member_pk)
        .select((member_activity::member_pk, max(member_activity::day)))
        .load(connection))?;
    let days: Vec<(MemberPk, i64)> = on!(conn, connection => member_activity::table
        .filter(member_activity::member_pk.eq_any(pks))
        .filter(member_activity::day.gt(now.day() - KEPT_DAYS))
        .group_by(member_activity::member_pk)
        .select((member_activity::member_pk, count_star()))
        .load(connection))?;
    let days: std::collections::HashMap<MemberPk, i64> = days.into_iter().collect();
    let of = |(pk, last)| (pk, Activity { last, days: days.get(&pk).copied().unwrap_or(0) });
    Ok(last.into_iter().map(of).collect())
}

/// Matches the account's days that are no longer kept: of each member, all old days but the last,
/// and the last one too once it is no longer shown.
macro_rules! forgettable {
    ($enterprise:expr, $now:expr) => {{
        let newer = diesel::alias!(member_activity as newer);
        let any_newer = newer
            .filter(newer.field(member_activity::member_pk).eq(member_activity::member_pk))
            .filter(newer.field(member_activity::day).gt(member_activity::day));
        member_activity::enterprise_pk
            .eq($enterprise)
            .and(member_activity::day.le($now.day() - KEPT_DAYS))
            .and(
                member_activity::day.lt($now.day() - SHOWN_DAYS).or(diesel::dsl::exists(any_newer)),
            )
    }};
}

/// Returns `true` if the account has days that are no longer kept.
pub fn any_forgettable(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        member_activity::table.filter(forgettable!(enterprise, now))
    ))
    .get_result(connection))?)
}

/// Deletes the account's days that are no longer kept. Returns how many.
pub fn forget(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> StoreResult<usize> {
    Ok(on!(conn, connection => diesel::delete(member_activity::table)
        .filter(forgettable!(enterprise, now))
        .execute(connection))?)
}
