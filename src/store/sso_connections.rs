//! Connections to identity providers (SSO), one for each verified domain.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::{StoreError, StoreResult};
use super::tables::{domains, enterprises, sso_connections};
use crate::enterprise::plan::{self, Plan};
use crate::enterprise::sso::{ConnectionState, RestReason, Settings};
use crate::enterprise::{AccountPk, DomainPk, SsoConnectionPk, Timestamp, domain_check, id};

/// A connection as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sso_connections)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct ConnectionRow {
    pub pk: SsoConnectionPk,
    pub id: String,
    pub enterprise_pk: AccountPk,
    pub settings: Option<String>,
    pub secret: Option<Vec<u8>>,
    pub verified_at: Option<Timestamp>,
    pub is_on: bool,
    pub draft: Option<String>,
    pub draft_secret: Option<Vec<u8>>,
    pub revision: i64,
    pub trial_expires_at: Option<Timestamp>,
    pub last_failure: Option<String>,
    pub last_failure_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub own_callback: bool,
    pub draft_verified_at: Option<Timestamp>,
    pub trial_by: Option<String>,
}

/// A connection with its domain and everything that decides whether it is in force.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Connection {
    /// The stored connection.
    pub row: ConnectionRow,
    /// The domain whose users sign in by the connection.
    pub domain: String,
    /// Since when the domain's DNS record is missing.
    pub lost_since: Option<Timestamp>,
    /// The account's plan.
    pub plan: Plan,
    /// Whether the plan is marked as active.
    pub plan_active: bool,
    /// When the plan ends, if ever.
    pub plan_ends_at: Option<Timestamp>,
}

impl Connection {
    /// Returns why the connection is not enforced at this time although it is on. For the same
    /// reasons, capture and lock of its domain are suspended (see `domains::rule`).
    pub fn rests(&self, now: Timestamp) -> Option<RestReason> {
        if !self.row.is_on {
            None
        } else if !plan::is_active(self.plan_active, self.plan_ends_at, now) {
            Some(RestReason::PlanEnded)
        } else if !self.plan.includes_advanced() {
            Some(RestReason::PlanLacks)
        } else if domain_check::rests(self.lost_since, now) {
            Some(RestReason::DomainLost)
        } else {
            None
        }
    }

    /// Returns `true` if users of the domain have to sign in by this connection at this time.
    pub fn binds(&self, now: Timestamp) -> bool {
        self.row.is_on && self.rests(now).is_none()
    }

    /// Returns the state of the connection at this time.
    pub fn state(&self, now: Timestamp) -> ConnectionState {
        match (self.row.is_on, self.row.settings.is_some()) {
            (true, _) if self.rests(now).is_some() => ConnectionState::Resting,
            (true, _) => ConnectionState::On,
            (false, true) => ConnectionState::Verified,
            (false, false) => ConnectionState::Draft,
        }
    }

    /// Returns the settings with which users sign in.
    ///
    /// # Errors
    /// Returns [`StoreError::Damaged`] if the stored settings are invalid.
    pub fn settings(&self) -> StoreResult<Option<Settings>> {
        read("sso_connections.settings", self.row.settings.as_deref())
    }

    /// Returns the settings that were entered but are not verified yet.
    ///
    /// # Errors
    /// Returns [`StoreError::Damaged`] if the stored settings are invalid.
    pub fn draft(&self) -> StoreResult<Option<Settings>> {
        read("sso_connections.draft", self.row.draft.as_deref())
    }
}

/// The columns of a [`Connection`].
macro_rules! columns {
    () => {
        (
            ConnectionRow::as_select(),
            domains::name,
            domains::lost_since,
            enterprises::plan,
            enterprises::plan_active,
            enterprises::plan_ends_at,
        )
    };
}

fn read(column: &str, text: Option<&str>) -> StoreResult<Option<Settings>> {
    text.map(serde_json::from_str)
        .transpose()
        .map_err(|error| StoreError::Damaged(format!("{column}: {error}")))
}

/// Returns the row of a domain that the account has verified.
pub fn verified_domain(
    conn: &mut Conn,
    enterprise: AccountPk,
    domain: &str,
) -> StoreResult<Option<DomainPk>> {
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

/// Inserts a connection without settings and returns its id.
///
/// # Errors
/// Fails if the domain already has a connection.
pub fn insert(
    conn: &mut Conn,
    enterprise: AccountPk,
    domain: DomainPk,
    now: Timestamp,
) -> StoreResult<String> {
    Ok(on!(conn, connection => diesel::insert_into(sso_connections::table)
        .values((
            sso_connections::id.eq(id::sso_connection()),
            sso_connections::enterprise_pk.eq(enterprise),
            sso_connections::domain_pk.eq(domain),
            sso_connections::revision.eq(0_i64),
            sso_connections::created_at.eq(now),
            sso_connections::own_callback.eq(true),
        ))
        .returning(sso_connections::id)
        .get_result(connection))?)
}

/// Returns the account's connection with this id.
pub fn by_id(conn: &mut Conn, enterprise: AccountPk, id: &str) -> StoreResult<Option<Connection>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => sso_connections::table
        .inner_join(domains::table)
        .inner_join(enterprises::table)
        .filter(sso_connections::id.eq(id))
        .filter(sso_connections::enterprise_pk.eq(enterprise))
        .select(columns!())
        .first(connection)
        .optional())?)
}

/// Returns the connection with this id in any account: for browsers on their way to or from the
/// identity provider, which do not name an account.
pub fn by_public_id(conn: &mut Conn, id: &str) -> StoreResult<Option<Connection>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => sso_connections::table
        .inner_join(domains::table)
        .inner_join(enterprises::table)
        .filter(sso_connections::id.eq(id))
        .select(columns!())
        .first(connection)
        .optional())?)
}

/// Returns the account's connection in this row.
pub fn by_pk(
    conn: &mut Conn,
    enterprise: AccountPk,
    pk: SsoConnectionPk,
) -> StoreResult<Option<Connection>> {
    Ok(on!(conn, connection => sso_connections::table
        .inner_join(domains::table)
        .inner_join(enterprises::table)
        .filter(sso_connections::pk.eq(pk))
        .filter(sso_connections::enterprise_pk.eq(enterprise))
        .select(columns!())
        .first(connection)
        .optional())?)
}

/// Returns the connection of a domain, whichever account has verified it.
pub fn of_domain(conn: &mut Conn, domain: &str) -> StoreResult<Option<Connection>> {
    if !storable(domain) {
        return Ok(None);
    }
    Ok(on!(conn, connection => sso_connections::table
        .inner_join(domains::table)
        .inner_join(enterprises::table)
        .filter(domains::name.eq(domain))
        .filter(domains::verified_at.is_not_null())
        .select(columns!())
        .first(connection)
        .optional())?)
}

/// Returns the connection by which users of this domain have to sign in at this time. Use this, or
/// [`Connection::binds`], wherever it matters whether single sign-on is enforced.
pub fn in_force(conn: &mut Conn, domain: &str, now: Timestamp) -> StoreResult<Option<Connection>> {
    Ok(of_domain(conn, domain)?.filter(|connection| connection.binds(now)))
}

/// Returns `true` if a connection of the account is enforced at this time.
pub fn any_in_force(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> StoreResult<bool> {
    let on: Vec<Connection> = on!(conn, connection => sso_connections::table
        .inner_join(domains::table)
        .inner_join(enterprises::table)
        .filter(sso_connections::enterprise_pk.eq(enterprise))
        .filter(sso_connections::is_on.eq(true))
        .select(columns!())
        .load(connection))?;
    Ok(on.iter().any(|connection| connection.binds(now)))
}

/// Returns `true` if a connection of the account is on, enforced or not.
pub fn any_on(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        sso_connections::table
            .filter(sso_connections::enterprise_pk.eq(enterprise))
            .filter(sso_connections::is_on.eq(true))
    ))
    .get_result(connection))?)
}

/// Returns the connection whose draft is tested by the link with this hash.
pub fn by_trial(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<Option<Connection>> {
    Ok(on!(conn, connection => sso_connections::table
        .inner_join(domains::table)
        .inner_join(enterprises::table)
        .filter(sso_connections::trial_hash.eq(&hash[..]))
        .select(columns!())
        .first(connection)
        .optional())?)
}

/// Returns the account's connections after row `after`, in order of creation.
pub fn of_enterprise(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<Connection>> {
    Ok(on!(conn, connection => sso_connections::table
        .inner_join(domains::table)
        .inner_join(enterprises::table)
        .filter(sso_connections::enterprise_pk.eq(enterprise))
        .filter(sso_connections::pk.gt(after))
        .order(sso_connections::pk)
        .limit(limit)
        .select(columns!())
        .load(connection))?)
}

/// Switches a connection on or off.
pub fn switch(conn: &mut Conn, pk: SsoConnectionPk, on: bool) -> StoreResult<()> {
    on!(conn, connection => diesel::update(sso_connections::table)
        .filter(sso_connections::pk.eq(pk))
        .set(sso_connections::is_on.eq(on))
        .execute(connection))?;
    Ok(())
}

/// Records why a sign-in failed.
pub fn note_failure(
    conn: &mut Conn,
    pk: SsoConnectionPk,
    text: &str,
    now: Timestamp,
) -> StoreResult<()> {
    on!(conn, connection => diesel::update(sso_connections::table)
        .filter(sso_connections::pk.eq(pk))
        .set((
            sso_connections::last_failure.eq(text),
            sso_connections::last_failure_at.eq(now),
        ))
        .execute(connection))?;
    Ok(())
}

/// Deletes a connection.
pub fn delete(conn: &mut Conn, pk: SsoConnectionPk) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(sso_connections::table)
        .filter(sso_connections::pk.eq(pk))
        .execute(connection))?;
    Ok(())
}

/// Row, id, secret and draft's secret of a connection.
pub type Secrets = (SsoConnectionPk, String, Option<Vec<u8>>, Option<Vec<u8>>);

/// Returns the connections of all accounts that have secrets, after row `after`.
pub fn with_secrets(conn: &mut Conn, after: i64, limit: i64) -> StoreResult<Vec<Secrets>> {
    use super::tables::sso_connections::dsl;
    let has_secret = dsl::secret.is_not_null().or(dsl::draft_secret.is_not_null());
    Ok(on!(conn, connection => dsl::sso_connections
        .filter(dsl::pk.gt(after))
        .filter(has_secret)
        .order(dsl::pk)
        .limit(limit)
        .select((dsl::pk, dsl::id, dsl::secret, dsl::draft_secret))
        .load(connection))?)
}

/// Replaces a sealed secret of a connection, in use or in the draft, unless it has changed
/// meanwhile.
pub fn replace_secret(
    conn: &mut Conn,
    connection: SsoConnectionPk,
    before: &[u8],
    after: &[u8],
) -> StoreResult<()> {
    use super::tables::sso_connections::dsl;
    on!(conn, open => {
        diesel::update(dsl::sso_connections.filter(dsl::pk.eq(connection)))
            .filter(dsl::secret.eq(before))
            .set(dsl::secret.eq(after))
            .execute(open)?;
        diesel::update(dsl::sso_connections.filter(dsl::pk.eq(connection)))
            .filter(dsl::draft_secret.eq(before))
            .set(dsl::draft_secret.eq(after))
            .execute(open)?;
    });
    Ok(())
}
