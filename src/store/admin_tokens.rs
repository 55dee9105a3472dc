//! Administrators' tokens.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::tables::{admin_tokens, enterprises, members};
use crate::enterprise::plan::Plan;
use crate::enterprise::{AccountPk, AdminTokenPk, MemberPk, Role, Timestamp, id};

/// Who an administrator's token belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct AdminRow {
    /// The account.
    pub enterprise_pk: AccountPk,
    /// The member.
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
    /// Whether the account's plan is.
    pub plan_active: bool,
    /// When the plan ends, if ever.
    pub plan_ends_at: Option<Timestamp>,
    /// The hash as stored, for comparison.
    pub hash: Vec<u8>,
    /// When the token ends, if ever.
    pub expires_at: Option<Timestamp>,
    /// The token's row.
    pub token_pk: Option<AdminTokenPk>,
    /// When it was last noted as used.
    pub last_used_at: Option<Timestamp>,
    /// Words of the operations that the token is for; none means all that its member may do.
    pub scopes: Option<String>,
}

/// A token as listed.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = admin_tokens)]
#[allow(missing_docs)] // the columns are documented where they are made
pub struct TokenRow {
    pub pk: AdminTokenPk,
    pub id: Option<String>,
    pub name: String,
    pub scopes: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
}

/// What a new token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken<'a> {
    /// Whose.
    pub member: MemberPk,
    /// What for.
    pub name: &'a str,
    /// Words of operations; none means all that its member may do.
    pub scopes: Option<String>,
    /// When it ends, if ever.
    pub expires_at: Option<Timestamp>,
}

/// Adds a token by its hash.
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

/// A member's tokens, in order of creation, after row `after`.
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

/// How many tokens a member has.
pub fn count(conn: &mut Conn, member: MemberPk) -> StoreResult<i64> {
    Ok(on!(conn, connection => admin_tokens::table
        .filter(admin_tokens::member_pk.eq(member))
        .count()
        .get_result(connection))?)
}

/// Ends a token of a member; gives what it was.
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

/// Notes that a token was used.
pub fn touch(conn: &mut Conn, token: AdminTokenPk, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(admin_tokens::table)
        .filter(admin_tokens::pk.eq(token))
        .set(admin_tokens::last_used_at.eq(now))
        .execute(connection))?;
    Ok(())
}

/// Ends the tokens of a member that have one of these names.
pub fn delete_named(conn: &mut Conn, member: MemberPk, names: &[&str]) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(admin_tokens::table)
        .filter(admin_tokens::member_pk.eq(member))
        .filter(admin_tokens::name.eq_any(names))
        .execute(connection))?;
    Ok(())
}

/// Forgets tokens that ended before this time, of whichever accounts; at most so many.
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

/// The administrator with this token.
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
