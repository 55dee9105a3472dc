//! Tokens for the administrators' API.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::tables::{admin_tokens, enterprises, members};
use crate::enterprise::plan::Plan;
use crate::enterprise::{AccountPk, AdminTokenPk, MemberPk, Role, Timestamp, id};

/// The administrator to whom a token belongs, with its account.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct AdminRow {
    /// The account's row.
    pub enterprise_pk: AccountPk,
    /// The member's row.
    pub member_pk: MemberPk,
    /// The member's id.
    pub member_id: String,
    /// The member's user name.
    pub user_name: String,
    /// The member's role.
    pub role: Role,
    /// Whether the member is active.
    pub active: bool,
    /// The account's plan.
    pub plan: Plan,
    /// Whether the account's plan is active.
    pub plan_active: bool,
    /// When the plan ends, if ever.
    pub plan_ends_at: Option<Timestamp>,
    /// The stored hash of the token, for comparison.
    pub hash: Vec<u8>,
    /// When the token expires, if ever.
    pub expires_at: Option<Timestamp>,
    /// The token's row; `None` for a session.
    pub token_pk: Option<AdminTokenPk>,
    /// When the token was last recorded as used.
    pub last_used_at: Option<Timestamp>,
    /// The scopes of the token; `None` allows everything that the member may do.
    pub scopes: Option<String>,
}

/// A token as listed.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = admin_tokens)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct TokenRow {
    pub pk: AdminTokenPk,
    pub id: Option<String>,
    pub name: String,
    pub scopes: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
}

/// The values of a new token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken<'a> {
    /// The member that the token is for.
    pub member: MemberPk,
    /// The name of the token.
    pub name: &'a str,
    /// The scopes; `None` allows everything that the member may do.
    pub scopes: Option<String>,
    /// When the token expires, if ever.
    pub expires_at: Option<Timestamp>,
}

/// Inserts a token by its hash.
pub fn insert(
    conn: &mut Conn,
    hash: &[u8; 32],
    new: &NewToken<'_>,
    now: Timestamp,
) -> StoreResult<TokenRow> {
    Ok(on!(conn, connection => diesel::insert_into(admin_tokens::table)
        .values((
            admin_tokens::id.eq(id::token()),
            admin_tokens::member_pk.eq(new.member),
            admin_tokens::hash.eq(&hash[..]),
            admin_tokens::name.eq(new.name),
            admin_tokens::scopes.eq(&new.scopes),
            admin_tokens::created_at.eq(now),
            admin_tokens::expires_at.eq(new.expires_at),
        ))
        .returning(TokenRow::as_returning())
        .get_result(connection))?)
}

/// Returns a member's tokens after row `after`, in order of creation.
pub fn of_member(
    conn: &mut Conn,
    member: MemberPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<TokenRow>> {
    Ok(on!(conn, connection => admin_tokens::table
        .filter(admin_tokens::member_pk.eq(member))
        .filter(admin_tokens::pk.gt(after))
        .order(admin_tokens::pk)
        .limit(limit)
        .select(TokenRow::as_select())
        .load(connection))?)
}

/// Counts the tokens of a member.
pub fn count(conn: &mut Conn, member: MemberPk) -> StoreResult<i64> {
    Ok(on!(conn, connection => admin_tokens::table
        .filter(admin_tokens::member_pk.eq(member))
        .count()
        .get_result(connection))?)
}

/// Deletes a token of a member and returns it.
pub fn delete(conn: &mut Conn, member: MemberPk, id: &str) -> StoreResult<Option<TokenRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => diesel::delete(admin_tokens::table)
        .filter(admin_tokens::member_pk.eq(member))
        .filter(admin_tokens::id.eq(id))
        .returning(TokenRow::as_returning())
        .get_result(connection)
        .optional())?)
}

/// Records when a token was last used.
pub fn touch(conn: &mut Conn, token: AdminTokenPk, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(admin_tokens::table)
        .filter(admin_tokens::pk.eq(token))
        .set(admin_tokens::last_used_at.eq(now))
        .execute(connection))?;
    Ok(())
}

/// Deletes the tokens of a member that have one of these names.
pub fn delete_named(conn: &mut Conn, member: MemberPk, names: &[&str]) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(admin_tokens::table)
        .filter(admin_tokens::member_pk.eq(member))
        .filter(admin_tokens::name.eq_any(names))
        .execute(connection))?;
    Ok(())
}

/// Deletes up to `limit` tokens of all accounts that expired before this time.
pub fn forget(conn: &mut Conn, before: Timestamp, limit: i64) -> StoreResult<usize> {
    let ended: Vec<AdminTokenPk> = on!(conn, connection => admin_tokens::table
        .filter(admin_tokens::expires_at.lt(before))
        .order(admin_tokens::expires_at)
        .limit(limit)
        .select(admin_tokens::pk)
        .load(connection))?;
    Ok(on!(conn, connection => diesel::delete(admin_tokens::table)
        .filter(admin_tokens::pk.eq_any(&ended))
        .execute(connection))?)
}

/// Returns the administrator with this token.
pub fn find(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<Option<AdminRow>> {
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
            enterprises::plan_ends_at,
            admin_tokens::hash,
            admin_tokens::expires_at,
            admin_tokens::pk.nullable(),
            admin_tokens::last_used_at,
            admin_tokens::scopes,
        ))
        .first(connection)
        .optional())?)
}
