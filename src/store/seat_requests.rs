//! Requests for more seats, as far as they count towards the limit of an account.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::seat_requests;
use crate::enterprise::{AccountPk, Timestamp};

/// Inserts a request.
pub fn insert(
    conn: &mut Conn,
    enterprise: AccountPk,
    seats: i64,
    now: Timestamp,
) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(seat_requests::table)
        .values((
            seat_requests::enterprise_pk.eq(enterprise),
            seat_requests::seats.eq(seats),
            seat_requests::created_at.eq(now),
        ))
        .execute(connection))?;
    Ok(())
}

/// Counts the requests of an account since this time, and deletes older ones.
pub fn count_since(conn: &mut Conn, enterprise: AccountPk, since: Timestamp) -> StoreResult<i64> {
    on!(conn, connection => diesel::delete(seat_requests::table)
        .filter(seat_requests::enterprise_pk.eq(enterprise))
        .filter(seat_requests::created_at.le(since))
        .execute(connection))?;
    Ok(on!(conn, connection => seat_requests::table
        .filter(seat_requests::enterprise_pk.eq(enterprise))
        .count()
        .get_result(connection))?)
}
