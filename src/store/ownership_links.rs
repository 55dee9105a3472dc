//! Links by which the owner of a new account claims it.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::ownership_links;
use crate::enterprise::{AccountPk, MemberPk, Timestamp};

/// A link as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = ownership_links)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct OwnershipLinkRow {
    pub hash: Vec<u8>,
    pub enterprise_pk: AccountPk,
    pub member_pk: MemberPk,
    pub email: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Inserts a link.
pub fn insert(conn: &mut Conn, row: &OwnershipLinkRow) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(ownership_links::table)
        .values(row)
        .execute(connection))?;
    Ok(())
}

/// Returns the link with this hash if it has not ended.
pub fn open(
    conn: &mut Conn,
    hash: &[u8; 32],
    now: Timestamp,
) -> StoreResult<Option<OwnershipLinkRow>> {
    Ok(on!(conn, connection => ownership_links::table
        .filter(ownership_links::hash.eq(&hash[..]))
        .filter(ownership_links::expires_at.gt(now))
        .select(OwnershipLinkRow::as_select())
        .first(connection)
        .optional())?)
}

/// Counts the links that were sent for a member since this time.
pub fn count(conn: &mut Conn, member: MemberPk, since: Timestamp) -> StoreResult<i64> {
    Ok(on!(conn, connection => ownership_links::table
        .filter(ownership_links::member_pk.eq(member))
        .filter(ownership_links::created_at.gt(since))
        .count()
        .get_result(connection))?)
}

/// Ends the links of a member. Returns how many there were.
pub fn end(conn: &mut Conn, member: MemberPk, now: Timestamp) -> StoreResult<usize> {
    Ok(on!(conn, connection => diesel::update(ownership_links::table)
        .filter(ownership_links::member_pk.eq(member))
        .filter(ownership_links::expires_at.gt(now))
        .set(ownership_links::expires_at.eq(now))
        .execute(connection))?)
}

/// Deletes links that ended before this time.
pub fn forget(conn: &mut Conn, before: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(ownership_links::table)
        .filter(ownership_links::expires_at.le(before))
        .execute(connection))?;
    Ok(())
}
