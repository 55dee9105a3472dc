//! Connections to identity providers, one for each verified domain.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::{StoreError, StoreResult};
use super::tables::{domains, sso_connections};
use crate::enterprise::sso::{ConnectionState, Settings};
use crate::enterprise::{Timestamp, id};

/// A connection as stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sso_connections)]
#[allow(missing_docs)] // the columns are documented where they are made
pub struct ConnectionRow {
    pub pk: i64,
    pub id: String,
    pub enterprise_pk: i64,
    pub settings: Option<String>,
    pub secret: Option<Vec<u8>>,
    pub verified_at: Option<i64>,
    pub is_on: bool,
    pub draft: Option<String>,
    pub draft_secret: Option<Vec<u8>>,
    pub revision: i64,
    pub trial_expires_at: Option<i64>,
    pub last_failure: Option<String>,
    pub last_failure_at: Option<i64>,
    pub created_at: i64,
    pub own_callback: bool,
}

/// A connection, and the domain that it is for.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Connection {
    /// The connection.
    pub row: ConnectionRow,
    /// The domain.
    pub domain: String,
}

impl Connection {
    /// How far it is.
    pub const fn state(&self) -> ConnectionState {
        match (self.row.is_on, self.row.settings.is_some()) {
            (true, _) => ConnectionState::On,
            (false, true) => ConnectionState::Verified,
            (false, false) => ConnectionState::Draft,
        }
    }

    /// What users sign in with.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn settings(&self) -> StoreResult<Option<Settings>> {
        read("sso_connections.settings", self.row.settings.as_deref())
    }

    /// What was entered and has not been verified yet.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn draft(&self) -> StoreResult<Option<Settings>> {
        read("sso_connections.draft", self.row.draft.as_deref())
    }
}

fn read(column: &str, text: Option<&str>) -> StoreResult<Option<Settings>> {
    text.map(serde_json::from_str)
        .transpose()
        .map_err(|error| StoreError::Damaged(format!("{column}: {error}")))
}

/// The row of a domain that the account has verified.
///
/// # Errors
/// The database's.
pub fn verified_domain(conn: &mut Conn, enterprise: i64, domain: &str) -> StoreResult<Option<i64>> {
    if !storable(domain) {
        return Ok(None);
    }
    Ok(on!(conn, connection => domains::table
        .filter(domains::name.eq(domain))
        .filter(domains::enterprise_pk.eq(enterprise))
        .filter(domains::verified_at.is_not_null())
        .select(domains::pk)
        .first(connection)
        .optional())?)
}

/// Adds a connection of which nothing is known yet; gives its id.
///
/// # Errors
/// The database's, among them that the domain has one.
pub fn insert(
    conn: &mut Conn,
    enterprise: i64,
    domain: i64,
    now: Timestamp,
) -> StoreResult<String> {
    Ok(on!(conn, connection => diesel::insert_into(sso_connections::table)
        .values((
            sso_connections::id.eq(id::sso_connection()),
            sso_connections::enterprise_pk.eq(enterprise),
            sso_connections::domain_pk.eq(domain),
            sso_connections::revision.eq(0_i64),
            sso_connections::created_at.eq(now.0),
            sso_connections::own_callback.eq(true),
        ))
        .returning(sso_connections::id)
        .get_result(connection))?)
}

/// The account's connection with this id.
///
/// # Errors
/// The database's.
pub fn by_id(conn: &mut Conn, enterprise: i64, id: &str) -> StoreResult<Option<Connection>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => sso_connections::table
        .inner_join(domains::table)
        .filter(sso_connections::id.eq(id))
        .filter(sso_connections::enterprise_pk.eq(enterprise))
        .select((ConnectionRow::as_select(), domains::name))
        .first(connection)
        .optional())?)
}

/// The connection with this id, whichever account it belongs to: for browsers on their way to or
/// from the identity provider, who name no account.
///
/// # Errors
/// The database's.
pub fn by_public_id(conn: &mut Conn, id: &str) -> StoreResult<Option<Connection>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => sso_connections::table
        .inner_join(domains::table)
        .filter(sso_connections::id.eq(id))
        .select((ConnectionRow::as_select(), domains::name))
        .first(connection)
        .optional())?)
}

/// The account's connection in this row.
///
/// # Errors
/// The database's.
pub fn by_pk(conn: &mut Conn, enterprise: i64, pk: i64) -> StoreResult<Option<Connection>> {
    Ok(on!(conn, connection => sso_connections::table
        .inner_join(domains::table)
        .filter(sso_connections::pk.eq(pk))
        .filter(sso_connections::enterprise_pk.eq(enterprise))
        .select((ConnectionRow::as_select(), domains::name))
        .first(connection)
        .optional())?)
}

/// The connection of a domain, whichever account has verified it.
///
/// # Errors
/// The database's.
pub fn of_domain(conn: &mut Conn, domain: &str) -> StoreResult<Option<Connection>> {
    if !storable(domain) {
        return Ok(None);
    }
    Ok(on!(conn, connection => sso_connections::table
        .inner_join(domains::table)
        .filter(domains::name.eq(domain))
        .filter(domains::verified_at.is_not_null())
        .select((ConnectionRow::as_select(), domains::name))
        .first(connection)
        .optional())?)
}

/// The connection whose draft is tried by this link.
///
/// # Errors
/// The database's.
pub fn by_trial(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<Option<Connection>> {
    Ok(on!(conn, connection => sso_connections::table
        .inner_join(domains::table)
        .filter(sso_connections::trial_hash.eq(&hash[..]))
        .select((ConnectionRow::as_select(), domains::name))
        .first(connection)
        .optional())?)
}

/// The account's connections, in order of creation, after row `after`.
///
/// # Errors
/// The database's.
pub fn of_enterprise(
    conn: &mut Conn,
    enterprise: i64,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<Connection>> {
    Ok(on!(conn, connection => sso_connections::table
        .inner_join(domains::table)
        .filter(sso_connections::enterprise_pk.eq(enterprise))
        .filter(sso_connections::pk.gt(after))
        .order(sso_connections::pk)
        .limit(limit)
        .select((ConnectionRow::as_select(), domains::name))
        .load(connection))?)
}

/// Replaces the draft. A link that tries the one before is good no more.
///
/// # Errors
/// The database's.
pub fn set_draft(
    conn: &mut Conn,
    pk: i64,
    draft: &Settings,
    secret: Option<&[u8]>,
) -> StoreResult<()> {
    let draft = serde_json::to_string(draft)
        .map_err(|error| StoreError::Damaged(format!("sso_connections.draft: {error}")))?;
    on!(conn, connection => diesel::update(sso_connections::table)
        .filter(sso_connections::pk.eq(pk))
        .set((
            sso_connections::draft.eq(&draft),
            sso_connections::draft_secret.eq(secret),
            sso_connections::revision.eq(sso_connections::revision + 1_i64),
            sso_connections::trial_hash.eq(None::<Vec<u8>>),
            sso_connections::trial_expires_at.eq(None::<i64>),
        ))
        .execute(connection))?;
    Ok(())
}

/// Keeps the link by which the draft is tried.
///
/// # Errors
/// The database's.
pub fn set_trial(conn: &mut Conn, pk: i64, hash: &[u8; 32], until: i64) -> StoreResult<()> {
    on!(conn, connection => diesel::update(sso_connections::table)
        .filter(sso_connections::pk.eq(pk))
        .set((
            sso_connections::trial_hash.eq(&hash[..]),
            sso_connections::trial_expires_at.eq(until),
        ))
        .execute(connection))?;
    Ok(())
}

/// Makes the draft what users sign in with.
///
/// # Errors
/// The database's.
pub fn adopt_draft(conn: &mut Conn, row: &ConnectionRow, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(sso_connections::table)
        .filter(sso_connections::pk.eq(row.pk))
        .set((
            sso_connections::settings.eq(&row.draft),
            sso_connections::secret.eq(&row.draft_secret),
            sso_connections::verified_at.eq(now.0),
            sso_connections::draft.eq(None::<String>),
            sso_connections::draft_secret.eq(None::<Vec<u8>>),
            sso_connections::trial_hash.eq(None::<Vec<u8>>),
            sso_connections::trial_expires_at.eq(None::<i64>),
            sso_connections::last_failure.eq(None::<String>),
            sso_connections::last_failure_at.eq(None::<i64>),
        ))
        .execute(connection))?;
    Ok(())
}

/// Switches a connection on or off. The database notes when none is on any more.
///
/// # Errors
/// The database's.
pub fn switch(conn: &mut Conn, pk: i64, on: bool) -> StoreResult<()> {
    on!(conn, connection => diesel::update(sso_connections::table)
        .filter(sso_connections::pk.eq(pk))
        .set(sso_connections::is_on.eq(on))
        .execute(connection))?;
    Ok(())
}

/// Keeps why a sign-in did not work.
///
/// # Errors
/// The database's.
pub fn note_failure(conn: &mut Conn, pk: i64, text: &str, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(sso_connections::table)
        .filter(sso_connections::pk.eq(pk))
        .set((
            sso_connections::last_failure.eq(text),
            sso_connections::last_failure_at.eq(now.0),
        ))
        .execute(connection))?;
    Ok(())
}

/// Removes a connection.
///
/// # Errors
/// The database's.
pub fn delete(conn: &mut Conn, pk: i64) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(sso_connections::table)
        .filter(sso_connections::pk.eq(pk))
        .execute(connection))?;
    Ok(())
}
