//! Recovery links, with which an owner can sign in without single sign-on.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::tables::recovery_links;
use crate::enterprise::recovery::LinkMaker;
use crate::enterprise::{AccountPk, MemberPk, PersonPk, RecoveryLinkPk, Timestamp, id};

/// A recovery link as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = recovery_links)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct RecoveryLinkRow {
    pub pk: RecoveryLinkPk,
    pub id: String,
    pub hash: Vec<u8>,
    pub enterprise_pk: AccountPk,
    pub member_pk: MemberPk,
    pub user_pk: Option<PersonPk>,
    pub sent_to: Option<String>,
    pub made_by: LinkMaker,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// The values of a new recovery link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecoveryLink {
    /// The account's row.
    pub enterprise: AccountPk,
    /// The owner's row among the members.
    pub member: MemberPk,
    /// The person who has claimed the owner, if any.
    pub user: Option<PersonPk>,
    /// The address to which the link is sent, if it is sent by mail.
    pub sent_to: Option<String>,
    /// Who created the link.
    pub made_by: LinkMaker,
    /// When the link expires.
    pub expires_at: Timestamp,
}

/// Inserts a link by its hash.
pub fn insert(
    conn: &mut Conn,
    hash: &[u8; 32],
    new: &NewRecoveryLink,
    now: Timestamp,
) -> StoreResult<RecoveryLinkRow> {
    Ok(on!(conn, connection => diesel::insert_into(recovery_links::table)
        .values((
            recovery_links::id.eq(id::recovery_link()),
            recovery_links::hash.eq(&hash[..]),
            recovery_links::enterprise_pk.eq(new.enterprise),
            recovery_links::member_pk.eq(new.member),
            recovery_links::user_pk.eq(new.user),
            recovery_links::sent_to.eq(&new.sent_to),
            recovery_links::made_by.eq(new.made_by),
            recovery_links::created_at.eq(now),
            recovery_links::expires_at.eq(new.expires_at),
        ))
        .returning(RecoveryLinkRow::as_returning())
        .get_result(connection))?)
}

/// Returns the link with this hash if it is unused and not expired.
pub fn open(
    conn: &mut Conn,
    hash: &[u8; 32],
    now: Timestamp,
) -> StoreResult<Option<RecoveryLinkRow>> {
    Ok(on!(conn, connection => recovery_links::table
        .filter(recovery_links::hash.eq(&hash[..]))
        .filter(recovery_links::used_at.is_null())
        .filter(recovery_links::expires_at.gt(now))
        .select(RecoveryLinkRow::as_select())
        .first(connection)
        .optional())?)
}

/// Counts the unused links of a member that are not expired.
pub fn count_open(conn: &mut Conn, member: MemberPk, now: Timestamp) -> StoreResult<i64> {
    Ok(on!(conn, connection => recovery_links::table
        .filter(recovery_links::member_pk.eq(member))
        .filter(recovery_links::used_at.is_null())
        .filter(recovery_links::expires_at.gt(now))
        .count()
        .get_result(connection))?)
}

/// Returns a member's links that are not expired, used or not, after row `after`, in order of
/// creation.
pub fn of_member(
    conn: &mut Conn,
    member: MemberPk,
    now: Timestamp,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<RecoveryLinkRow>> {
    Ok(on!(conn, connection => recovery_links::table
        .filter(recovery_links::member_pk.eq(member))
        .filter(recovery_links::expires_at.gt(now))
        .filter(recovery_links::pk.gt(after))
        .order(recovery_links::pk)
        .limit(limit)
        .select(RecoveryLinkRow::as_select())
        .load(connection))?)
}

/// Marks a link as used. Returns `true` unless it was used before.
pub fn spend(conn: &mut Conn, link: RecoveryLinkPk, now: Timestamp) -> StoreResult<bool> {
    let spent = on!(conn, connection => diesel::update(recovery_links::table)
        .filter(recovery_links::pk.eq(link))
        .filter(recovery_links::used_at.is_null())
        .set(recovery_links::used_at.eq(now))
        .execute(connection))?;
    Ok(spent > 0)
}

/// Deletes a link of a member and returns it.
pub fn delete(conn: &mut Conn, member: MemberPk, id: &str) -> StoreResult<Option<RecoveryLinkRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => diesel::delete(recovery_links::table)
        .filter(recovery_links::id.eq(id))
        .filter(recovery_links::member_pk.eq(member))
        .returning(RecoveryLinkRow::as_returning())
        .get_result(connection)
        .optional())?)
}

/// Deletes links that expired before this time.
pub fn forget(conn: &mut Conn, before: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(recovery_links::table)
        .filter(recovery_links::expires_at.le(before))
        .execute(connection))?;
    Ok(())
}
