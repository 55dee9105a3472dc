//! Sessions of people who are signed in.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};

use super::admin_tokens::AdminRow;
use super::connection::{Conn, on, storable};
use super::enterprises::EnterpriseRow;
use super::error::StoreResult;
use super::members::MemberRow;
use super::tables::{claims, enterprises, members, sessions, users};
use super::users::PersonRow;
use crate::enterprise::permissions::{Credential, fresh_until};
use crate::enterprise::plan::Plan;
use crate::enterprise::sso::{SESSION_RESTS, SignedInBy};
use crate::enterprise::{AccountPk, MemberPk, PersonPk, Role, SessionPk, Timestamp, id};

/// A session as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sessions)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct SessionRow {
    pub pk: SessionPk,
    pub id: String,
    pub hash: Vec<u8>,
    pub user_pk: PersonPk,
    pub member_pk: Option<MemberPk>,
    pub signed_in_by: SignedInBy,
    pub email_key: String,
    pub confined_to: Option<AccountPk>,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
    pub proved_at: Option<Timestamp>,
}

impl SessionRow {
    /// Returns until when the proof counts of who the person is.
    pub fn fresh_until(&self) -> Timestamp {
        fresh_until(self.created_at, self.proved_at)
    }

    /// Returns which kind of credential the session is.
    pub const fn credential(&self) -> Credential {
        Credential::session(self.signed_in_by)
    }
}

/// An account that a person is an active member of.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Membership {
    /// The account's row.
    pub enterprise_pk: AccountPk,
    /// The account's id.
    pub account_id: String,
    /// The account's name.
    pub account_name: String,
    /// The member's row.
    pub member_pk: MemberPk,
    /// The member's id.
    pub member_id: String,
    /// The member's role in the account.
    pub role: Role,
}

impl Membership {
    /// Creates the membership of this member in its account.
    pub fn of(account: EnterpriseRow, member: MemberRow) -> Self {
        Self {
            enterprise_pk: account.pk,
            account_id: account.id,
            account_name: account.name,
            member_pk: member.pk,
            member_id: member.id,
            role: member.role,
        }
    }
}

/// The values of a new session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// The person who signed in.
    pub user: PersonPk,
    /// The member as which the person acts.
    pub member: Option<MemberPk>,
    /// How the person signed in.
    pub signed_in_by: SignedInBy,
    /// The key of the address with which the person signed in.
    pub email_key: String,
    /// The only account in which the session is valid, if it is confined to one.
    pub confined_to: Option<AccountPk>,
    /// When the session expires.
    pub expires_at: Timestamp,
}

/// Inserts a session by the hash of its secret.
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
            sessions::signed_in_by.eq(new.signed_in_by),
            sessions::email_key.eq(&new.email_key),
            sessions::confined_to.eq(new.confined_to),
            sessions::created_at.eq(now),
            sessions::last_seen_at.eq(now),
            sessions::expires_at.eq(new.expires_at),
        ))
        .returning(SessionRow::as_returning())
        .get_result(connection))?)
}

/// Returns the session with this hash and its person.
pub fn find(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<Option<(SessionRow, PersonRow)>> {
    Ok(on!(conn, connection => sessions::table
        .inner_join(users::table)
        .filter(sessions::hash.eq(&hash[..]))
        .select((SessionRow::as_select(), PersonRow::as_select()))
        .first(connection)
        .optional())?)
}

/// Returns the session in this row.
pub fn by_pk(conn: &mut Conn, pk: SessionPk) -> StoreResult<Option<SessionRow>> {
    Ok(on!(conn, connection => sessions::table
        .filter(sessions::pk.eq(pk))
        .select(SessionRow::as_select())
        .first(connection)
        .optional())?)
}

/// Returns the member as which a session acts, in the form of an administrator's token. A session
/// has no scopes and no row among the tokens.
pub fn administrator(conn: &mut Conn, session: &SessionRow) -> StoreResult<Option<AdminRow>> {
    let Some(member) = session.member_pk else { return Ok(None) };
    type Columns = (AccountPk, MemberPk, String, String, Role, bool, Plan, bool, Option<Timestamp>);
    let found: Option<Columns> = on!(conn, connection => members::table
        .inner_join(enterprises::table)
        .inner_join(claims::table)
        .filter(members::pk.eq(member))
        .filter(claims::user_pk.eq(session.user_pk))
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
            token_pk: None,
            last_used_at: None,
            scopes: None,
        }
    }))
}

/// Returns up to `limit` accounts in which a person has claimed an active member, in order of
/// creation.
pub fn memberships(conn: &mut Conn, user: PersonPk, limit: i64) -> StoreResult<Vec<Membership>> {
    Ok(on!(conn, connection => claims::table
        .inner_join(members::table)
        .inner_join(enterprises::table)
        .filter(claims::user_pk.eq(user))
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

/// Returns a person's sessions that are valid at this time, after row `after`, in order of
/// creation. With an account, only those that are confined to it.
pub fn of_user(
    conn: &mut Conn,
    (user, confined_to): (PersonPk, Option<AccountPk>),
    after: i64,
    limit: i64,
    now: Timestamp,
) -> StoreResult<Vec<SessionRow>> {
    Ok(on!(conn, connection => sessions::table
        .filter(sessions::user_pk.eq(user))
        .filter(
            sessions::confined_to
                .eq(confined_to)
                .or(confined_to.is_none().into_sql::<Nullable<Bool>>()),
        )
        .filter(sessions::pk.gt(after))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::last_seen_at.gt(now.minus_millis(SESSION_RESTS)))
        .order(sessions::pk)
        .limit(limit)
        .select(SessionRow::as_select())
        .load(connection))?)
}

/// Deletes a session of a person and returns it. With an account, only a session that is confined
/// to it.
pub fn delete(
    conn: &mut Conn,
    (user, confined_to): (PersonPk, Option<AccountPk>),
    id: &str,
) -> StoreResult<Option<SessionRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => diesel::delete(sessions::table)
        .filter(sessions::id.eq(id))
        .filter(sessions::user_pk.eq(user))
        .filter(
            sessions::confined_to
                .eq(confined_to)
                .or(confined_to.is_none().into_sql::<Nullable<Bool>>()),
        )
        .returning(SessionRow::as_returning())
        .get_result(connection)
        .optional())?)
}

/// Deletes all sessions of a person but this one, and returns how many they were. With an account,
/// only those that are confined to it.
pub fn delete_others(
    conn: &mut Conn,
    (user, confined_to): (PersonPk, Option<AccountPk>),
    own: SessionPk,
) -> StoreResult<usize> {
    Ok(on!(conn, connection => diesel::delete(sessions::table)
        .filter(sessions::user_pk.eq(user))
        .filter(sessions::pk.ne(own))
        .filter(
            sessions::confined_to
                .eq(confined_to)
                .or(confined_to.is_none().into_sql::<Nullable<Bool>>()),
        )
        .execute(connection))?)
}

/// Lets a session act as a member that its person has claimed.
pub fn act_as(conn: &mut Conn, session: SessionPk, member: MemberPk) -> StoreResult<()> {
    on!(conn, connection => diesel::update(sessions::table)
        .filter(sessions::pk.eq(session))
        .set(sessions::member_pk.eq(member))
        .execute(connection))?;
    Ok(())
}

/// Lets a person's sessions act in no account that act as this member now, but for those that are
/// confined to an account.
pub fn step_out(conn: &mut Conn, user: PersonPk, member: MemberPk) -> StoreResult<()> {
    on!(conn, connection => diesel::update(sessions::table)
        .filter(sessions::member_pk.eq(member))
        .filter(sessions::user_pk.eq(user))
        .filter(sessions::confined_to.is_null())
        .set(sessions::member_pk.eq(None::<MemberPk>))
        .execute(connection))?;
    Ok(())
}

/// Records that a session is in use.
pub fn touch(conn: &mut Conn, session: SessionPk, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(sessions::table)
        .filter(sessions::pk.eq(session))
        .set(sessions::last_seen_at.eq(now))
        .execute(connection))?;
    Ok(())
}

/// Deletes sessions that expired before this time.
pub fn forget(conn: &mut Conn, before: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(sessions::table)
        .filter(sessions::expires_at.le(before))
        .execute(connection))?;
    Ok(())
}
