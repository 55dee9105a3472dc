//! Links by which an owner signs in past single sign-on.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::tables::recovery_links;
use crate::enterprise::recovery::LinkMaker;
use crate::enterprise::{AccountPk, MemberPk, PersonPk, RecoveryLinkPk, Timestamp, id};

/// A recovery link as stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = recovery_links)]
#[allow(missing_docs)] // the columns are documented where they are made
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

/// What a new link is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecoveryLink {
    /// The account.
    pub enterprise: AccountPk,
    /// The owner.
    pub member: MemberPk,
    /// The person who the owner is, if somebody has claimed it.
    pub user: Option<PersonPk>,
    /// The address that it is sent to, if it is.
    pub sent_to: Option<String>,
    /// Who made it.
    pub made_by: LinkMaker,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Keeps a link, as a hash.
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

/// The link with this hash that was not used and has not ended.
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

/// How many links a member has that were not used and have not ended.
pub fn count_open(conn: &mut Conn, member: MemberPk, now: Timestamp) -> StoreResult<i64> {
    Ok(on!(conn, connection => recovery_links::table
        .filter(recovery_links::member_pk.eq(member))
        .filter(recovery_links::used_at.is_null())
        .filter(recovery_links::expires_at.gt(now))
        .count()
        .get_result(connection))?)
}

/// A member's links that have not ended, used or not, in order of creation, after row `after`.
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

/// Uses a link up. Returns `true` unless it was used before.
pub fn spend(conn: &mut Conn, link: RecoveryLinkPk, now: Timestamp) -> StoreResult<bool> {
    let spent = on!(conn, connection => diesel::update(recovery_links::table)
        .filter(recovery_links::pk.eq(link))
        .filter(recovery_links::used_at.is_null())
        .set(recovery_links::used_at.eq(now))
        .execute(connection))?;
    Ok(spent > 0)
}

/// Removes a link of a member; gives what it was.
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

/// Forgets links that ended before this time.
pub fn forget(conn: &mut Conn, before: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(recovery_links::table)
        .filter(recovery_links::expires_at.le(before))
        .execute(connection))?;
    Ok(())
}
