//! Sessions of people who have signed in.

use diesel::prelude::*;

use super::admin_tokens::AdminRow;
use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::tables::{enterprises, members, sessions, users};
use crate::enterprise::sso::{SESSION_RESTS, SignedInBy};
use crate::enterprise::{Timestamp, address, id};

/// A session as stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sessions)]
#[allow(missing_docs)] // the columns are documented where they are made
pub struct SessionRow {
    pub pk: i64,
    pub id: String,
    pub hash: Vec<u8>,
    pub user_pk: i64,
    pub member_pk: Option<i64>,
    pub signed_in_by: String,
    pub created_at: i64,
    pub last_seen_at: i64,
    pub expires_at: i64,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = users)]
#[allow(missing_docs)] // the columns are documented where they are made
pub struct PersonRow {
    pub pk: i64,
    pub id: String,
    pub email: String,
}

/// An account that a person is an active member of.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Membership {
    /// The account's row.
    pub enterprise_pk: i64,
    /// The account's id.
    pub account_id: String,
    /// The account's name.
    pub account_name: String,
    /// The member's row.
    pub member_pk: i64,
    /// The member's id.
    pub member_id: String,
    /// The member's role in the account.
    pub role: String,
}

/// What a new session is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// Whose.
    pub user: i64,
    /// Whom they act as.
    pub member: Option<i64>,
    /// How they signed in.
    pub signed_in_by: SignedInBy,
    /// When it ends.
    pub expires_at: i64,
}

/// Adds a session by the hash of its secret.
///
/// # Errors
/// The database's.
pub fn insert(
    conn: &mut Conn,
    hash: &[u8; 32],
    new: &NewSession,
    now: Timestamp,
) -> StoreResult<SessionRow> {
    Ok(on!(conn, connection => diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(id::session()),
            sessions::hash.eq(&hash[..]),
            sessions::user_pk.eq(new.user),
            sessions::member_pk.eq(new.member),
            sessions::signed_in_by.eq(new.signed_in_by.as_str()),
            sessions::created_at.eq(now.0),
            sessions::last_seen_at.eq(now.0),
            sessions::expires_at.eq(new.expires_at),
        ))
        .returning(SessionRow::as_returning())
        .get_result(connection))?)
}

/// The session with this secret, and whose it is.
///
/// # Errors
/// The database's.
pub fn find(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<Option<(SessionRow, PersonRow)>> {
    Ok(on!(conn, connection => sessions::table
        .inner_join(users::table)
        .filter(sessions::hash.eq(&hash[..]))
        .select((SessionRow::as_select(), PersonRow::as_select()))
        .first(connection)
        .optional())?)
}

/// The member that a session acts as, in the form of an administrator's token. A session has no
/// scopes, and no row among the tokens.
///
/// # Errors
/// The database's.
pub fn administrator(conn: &mut Conn, session: &SessionRow) -> StoreResult<Option<AdminRow>> {
    let Some(member) = session.member_pk else { return Ok(None) };
    type Columns = (i64, i64, String, String, String, bool, String, bool, Option<i64>);
    let found: Option<Columns> = on!(conn, connection => members::table
        .inner_join(enterprises::table)
        .filter(members::pk.eq(member))
        .filter(members::user_pk.eq(session.user_pk))
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
        ))
        .first(connection)
        .optional())?;
    Ok(found.map(|columns| {
        let (enterprise_pk, member_pk, member_id, user_name, role, active, plan, is_on, ends_at) =
            columns;
        AdminRow {
            enterprise_pk,
            member_pk,
            member_id,
            user_name,
            role,
            active,
            plan,
            plan_active: is_on,
            plan_ends_at: ends_at,
            hash: session.hash.clone(),
            expires_at: Some(session.expires_at),
            token_pk: 0,
            last_used_at: None,
            scopes: None,
        }
    }))
}

/// The person with this folded address.
///
/// # Errors
/// The database's.
pub fn person(conn: &mut Conn, email_key: &str) -> StoreResult<Option<PersonRow>> {
    if !storable(email_key) {
        return Ok(None);
    }
    Ok(on!(conn, connection => users::table
        .filter(users::email_key.eq(email_key))
        .select(PersonRow::as_select())
        .first(connection)
        .optional())?)
}

/// The person with this address.
///
/// # Errors
/// The database's.
pub fn person_of_address(conn: &mut Conn, email: &str) -> StoreResult<Option<PersonRow>> {
    person(conn, &address::key(email))
}

/// Accounts that a person is an active member of, in the order in which they became one; so many at
/// most.
///
/// # Errors
/// The database's.
pub fn memberships(conn: &mut Conn, user: i64, limit: i64) -> StoreResult<Vec<Membership>> {
    Ok(on!(conn, connection => members::table
        .inner_join(enterprises::table)
        .filter(members::user_pk.eq(user))
        .filter(members::active.eq(true))
        .order(members::pk)
        .limit(limit)
        .select((
            enterprises::pk,
            enterprises::id,
            enterprises::name,
            members::pk,
            members::id,
            members::role,
        ))
        .load(connection))?)
}

/// The person that a member is.
///
/// # Errors
/// The database's.
pub fn user_of(conn: &mut Conn, member: i64) -> StoreResult<Option<i64>> {
    Ok(on!(conn, connection => members::table
        .filter(members::pk.eq(member))
        .select(members::user_pk)
        .first::<Option<i64>>(connection)
        .optional())?
    .flatten())
}

/// A person's sessions that are good at this time, in order of creation, after row `after`.
///
/// # Errors
/// The database's.
pub fn of_user(
    conn: &mut Conn,
    user: i64,
    after: i64,
    limit: i64,
    now: Timestamp,
) -> StoreResult<Vec<SessionRow>> {
    Ok(on!(conn, connection => sessions::table
        .filter(sessions::user_pk.eq(user))
        .filter(sessions::pk.gt(after))
        .filter(sessions::expires_at.gt(now.0))
        .filter(sessions::last_seen_at.gt(now.0 - SESSION_RESTS))
        .order(sessions::pk)
        .limit(limit)
        .select(SessionRow::as_select())
        .load(connection))?)
}

/// Ends a session of a person; gives what it was.
///
/// # Errors
/// The database's.
pub fn delete(conn: &mut Conn, user: i64, id: &str) -> StoreResult<Option<SessionRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => diesel::delete(sessions::table)
        .filter(sessions::id.eq(id))
        .filter(sessions::user_pk.eq(user))
        .returning(SessionRow::as_returning())
        .get_result(connection)
        .optional())?)
}

/// Lets a session act as another member of the same person.
///
/// # Errors
/// The database's.
pub fn act_as(conn: &mut Conn, session: i64, member: i64) -> StoreResult<()> {
    on!(conn, connection => diesel::update(sessions::table)
        .filter(sessions::pk.eq(session))
        .set(sessions::member_pk.eq(member))
        .execute(connection))?;
    Ok(())
}

/// Notes that a session is in use.
///
/// # Errors
/// The database's.
pub fn touch(conn: &mut Conn, session: i64, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(sessions::table)
        .filter(sessions::pk.eq(session))
        .set(sessions::last_seen_at.eq(now.0))
        .execute(connection))?;
    Ok(())
}

/// Forgets sessions that ended before this time.
///
/// # Errors
/// The database's.
pub fn forget(conn: &mut Conn, before: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(sessions::table)
        .filter(sessions::expires_at.le(before.0))
        .execute(connection))?;
    Ok(())
}
