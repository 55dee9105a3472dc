//! Administrators' tokens.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{admin_tokens, enterprises, members};
use crate::enterprise::{Timestamp, id};

/// Who an administrator's token belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct AdminRow {
    /// The account.
    pub enterprise_pk: i64,
    /// The member.
    pub member_pk: i64,
    /// The member's id.
    pub member_id: String,
    /// The member's user name.
    pub user_name: String,
    /// The member's role.
    pub role: String,
    /// Whether the member is active.
    pub active: bool,
    /// The account's plan.
    pub plan: String,
    /// Whether the account's plan is.
    pub plan_active: bool,
    /// The hash as stored, for comparison.
    pub hash: Vec<u8>,
    /// When the token ends, if ever.
    pub expires_at: Option<i64>,
    /// Words of the operations that the token is for; none means all that its member may do.
    pub scopes: Option<String>,
}

/// Adds a token by its hash.
///
/// # Errors
/// The database's.
pub fn insert(conn: &mut Conn, member: i64, hash: &[u8; 32], now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(admin_tokens::table)
        .values((
            admin_tokens::id.eq(id::token()),
            admin_tokens::member_pk.eq(member),
            admin_tokens::hash.eq(&hash[..]),
            admin_tokens::created_at.eq(now.0),
        ))
        .execute(connection))?;
    Ok(())
}

/// Ends all tokens of a member.
///
/// # Errors
/// The database's.
pub fn delete_of_member(conn: &mut Conn, member: i64) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(admin_tokens::table)
        .filter(admin_tokens::member_pk.eq(member))
        .execute(connection))?;
    Ok(())
}

/// The administrator with this token.
///
/// # Errors
/// The database's.
pub fn admit(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<Option<AdminRow>> {
    Ok(on!(conn, connection => admin_tokens::table
        .inner_join(members::table.inner_join(enterprises::table))
        .filter(admin_tokens::hash.eq(&hash[..]))
        .select((
            enterprises::pk,
            members::pk,
            members::id,
            members::user_name,
            members::role,
            members::active,
            enterprises::plan,
            enterprises::plan_active,
            admin_tokens::hash,
            admin_tokens::expires_at,
            admin_tokens::scopes,
        ))
        .first(connection)
        .optional())?)
}
