//! SCIM connectors and their tokens.

use diesel::prelude::*;

use super::cached_statement::cached;
use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::sso_connections;
use super::tables::{connector_tokens, connectors, domains, enterprises};
use crate::enterprise::connector::{Prerequisites, TokenExpiry};
use crate::enterprise::plan::{self, Plan};
use crate::enterprise::{AccountPk, ConnectorPk, ConnectorTokenPk, OauthTokenPk, Timestamp, id};

/// What a request with a valid token is admitted as.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Admitted<T = UsedToken> {
    /// The account's row.
    pub enterprise_pk: AccountPk,
    /// The connector's id as stored.
    pub connector_id: String,
    /// Whether the connector is switched on.
    pub enabled: bool,
    /// The account's plan.
    pub plan: Plan,
    /// Whether the plan's advanced operations are on.
    pub plan_active: bool,
    /// When the plan ends, if ever.
    pub plan_ends_at: Option<Timestamp>,
    /// The stored hash of the token, for comparison.
    pub hash: Vec<u8>,
    /// When the token expires, if ever.
    pub expires_at: Option<Timestamp>,
    /// Whether the request log keeps personal data.
    pub log_personal_values: bool,
    /// The token that was used.
    pub token: T,
    /// When the token was last recorded as used.
    pub last_used_at: Option<Timestamp>,
}

/// The token with which a request was admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UsedToken {
    /// A connector's token.
    Connector(ConnectorTokenPk),
    /// An access token of an OAuth client.
    Oauth(OauthTokenPk),
}

impl<T> Admitted<T> {
    /// Wraps the token in the variant of its kind.
    pub(super) fn by(self, kind: impl FnOnce(T) -> UsedToken) -> Admitted {
        Admitted {
            enterprise_pk: self.enterprise_pk,
            connector_id: self.connector_id,
            enabled: self.enabled,
            plan: self.plan,
            plan_active: self.plan_active,
            plan_ends_at: self.plan_ends_at,
            hash: self.hash,
            expires_at: self.expires_at,
            log_personal_values: self.log_personal_values,
            token: kind(self.token),
            last_used_at: self.last_used_at,
        }
    }
}

/// Returns the account's connector, which is created on first use. Its id never changes.
pub fn enable(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
) -> StoreResult<(ConnectorPk, String)> {
    if let Some(found) = of_enterprise(conn, enterprise)? {
        return Ok(found);
    }
    Ok(on!(conn, connection => diesel::insert_into(connectors::table)
        .values((
            connectors::id.eq(id::connector()),
            connectors::enterprise_pk.eq(enterprise),
            connectors::enabled.eq(true),
            connectors::created_at.eq(now),
        ))
        .returning((connectors::pk, connectors::id))
        .get_result(connection))?)
}

/// Returns the row and id of the account's connector, if it has one.
pub fn of_enterprise(
    conn: &mut Conn,
    enterprise: AccountPk,
) -> StoreResult<Option<(ConnectorPk, String)>> {
    Ok(on!(conn, connection => connectors::table
        .filter(connectors::enterprise_pk.eq(enterprise))
        .select((connectors::pk, connectors::id))
        .first(connection)
        .optional())?)
}

/// A connector as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = connectors)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct ConnectorRow {
    pub pk: ConnectorPk,
    pub id: String,
    pub enterprise_pk: AccountPk,
    pub enabled: bool,
    pub created_at: Timestamp,
    pub last_request_at: Option<Timestamp>,
    pub log_personal_values: bool,
    pub log_days: i64,
}

/// Returns the account's connector, if it has one.
pub fn get(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<Option<ConnectorRow>> {
    Ok(on!(conn, connection => connectors::table
        .filter(connectors::enterprise_pk.eq(enterprise))
        .select(ConnectorRow::as_select())
        .first(connection)
        .optional())?)
}

/// Returns the account of the connector with this id.
pub fn account_of(conn: &mut Conn, id: &str) -> StoreResult<Option<AccountPk>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => connectors::table
        .filter(connectors::id.eq(id))
        .select(connectors::enterprise_pk)
        .first(connection)
        .optional())?)
}

/// Updates what can be changed of a connector.
pub fn save(conn: &mut Conn, row: &ConnectorRow) -> StoreResult<()> {
    on!(conn, connection => diesel::update(connectors::table)
        .filter(connectors::pk.eq(row.pk))
        .set((
            connectors::enabled.eq(row.enabled),
            connectors::log_personal_values.eq(row.log_personal_values),
            connectors::log_days.eq(row.log_days),
        ))
        .execute(connection))?;
    Ok(())
}

/// Records when the identity provider last sent a request.
pub fn seen(conn: &mut Conn, enterprise: AccountPk, at: Timestamp) -> StoreResult<()> {
    on!(conn, connection => cached(diesel::update(connectors::table)
        .filter(connectors::enterprise_pk.eq(enterprise))
        .filter(connectors::last_request_at.is_null().or(connectors::last_request_at.lt(at)))
        .set(connectors::last_request_at.eq(at)))
        .execute(connection))?;
    Ok(())
}

/// Returns which prerequisites for enabling the connector the account meets.
pub fn standing(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
) -> StoreResult<Prerequisites> {
    let (plan, active, ends_at, sso): (Plan, bool, Option<Timestamp>, Option<Timestamp>) = on!(conn, connection => enterprises::table
            .filter(enterprises::pk.eq(enterprise))
            .select((
                enterprises::plan,
                enterprises::plan_active,
                enterprises::plan_ends_at,
                enterprises::sso_configured_at,
            ))
            .first(connection))?;
    let domain = on!(conn, connection => diesel::select(diesel::dsl::exists(
        domains::table
            .filter(domains::enterprise_pk.eq(enterprise))
            .filter(domains::verified_at.is_not_null())
    ))
    .get_result(connection))?;
    let includes = plan.includes_scim();
    let plan = includes && plan::is_active(active, ends_at, now);
    // The operator's confirmation counts here, and only here: it does not enforce single sign-on.
    let sso = sso.is_some() || sso_connections::any_on(conn, enterprise)?;
    Ok(Prerequisites { plan, domain, sso })
}

/// A token as listed.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = connector_tokens)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct TokenRow {
    pub pk: ConnectorTokenPk,
    pub id: Option<String>,
    pub label: String,
    pub expiry: TokenExpiry,
    pub created_at: Timestamp,
    pub created_by: String,
    pub expires_at: Option<Timestamp>,
    pub superseded_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub warned_days: Option<i64>,
}

/// The values of a new token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken<'a> {
    /// The name that people gave it.
    pub label: &'a str,
    /// The validity that was chosen.
    pub expiry: TokenExpiry,
    /// Who created it.
    pub created_by: &'a str,
    /// When it expires, if ever.
    pub expires_at: Option<Timestamp>,
}

/// Inserts a token by its hash.
pub fn insert_token(
    conn: &mut Conn,
    connector: ConnectorPk,
    hash: &[u8; 32],
    new: &NewToken<'_>,
    now: Timestamp,
) -> StoreResult<TokenRow> {
    Ok(on!(conn, connection => diesel::insert_into(connector_tokens::table)
        .values((
            connector_tokens::id.eq(id::connector_token()),
            connector_tokens::connector_pk.eq(connector),
            connector_tokens::hash.eq(&hash[..]),
            connector_tokens::label.eq(new.label),
            connector_tokens::expiry.eq(new.expiry),
            connector_tokens::created_by.eq(new.created_by),
            connector_tokens::created_at.eq(now),
            connector_tokens::expires_at.eq(new.expires_at),
        ))
        .returning(TokenRow::as_returning())
        .get_result(connection))?)
}

/// The most tokens that are listed.
const SHOWN: i64 = 20;

/// Returns the connector's latest tokens, newest first.
pub fn tokens(conn: &mut Conn, connector: ConnectorPk) -> StoreResult<Vec<TokenRow>> {
    Ok(on!(conn, connection => connector_tokens::table
        .filter(connector_tokens::connector_pk.eq(connector))
        .order(connector_tokens::pk.desc())
        .limit(SHOWN)
        .select(TokenRow::as_select())
        .load(connection))?)
}

/// Returns the connector's tokens that are valid, or would be if they had not expired.
pub fn living(
    conn: &mut Conn,
    connector: ConnectorPk,
    now: Timestamp,
) -> StoreResult<Vec<TokenRow>> {
    Ok(on!(conn, connection => connector_tokens::table
        .filter(connector_tokens::connector_pk.eq(connector))
        .filter(
            connector_tokens::superseded_at.is_null()
                .or(connector_tokens::expires_at.gt(now)),
        )
        .order(connector_tokens::pk)
        .select(TokenRow::as_select())
        .load(connection))?)
}

/// Sets the end of a token that was revoked or superseded by a newer one.
pub fn supersede(
    conn: &mut Conn,
    token: ConnectorTokenPk,
    end: Timestamp,
    now: Timestamp,
) -> StoreResult<()> {
    on!(conn, connection => diesel::update(connector_tokens::table)
        .filter(connector_tokens::pk.eq(token))
        .set((
            connector_tokens::expires_at.eq(end),
            connector_tokens::superseded_at.eq(now),
        ))
        .execute(connection))?;
    Ok(())
}

/// Records which warning was sent.
pub fn warned(conn: &mut Conn, token: ConnectorTokenPk, days: i64) -> StoreResult<()> {
    on!(conn, connection => diesel::update(connector_tokens::table)
        .filter(connector_tokens::pk.eq(token))
        .set(connector_tokens::warned_days.eq(days))
        .execute(connection))?;
    Ok(())
}

/// Records when a token was last used.
pub fn touch(conn: &mut Conn, token: ConnectorTokenPk, at: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(connector_tokens::table)
        .filter(connector_tokens::pk.eq(token))
        .set(connector_tokens::last_used_at.eq(at))
        .execute(connection))?;
    Ok(())
}

/// Returns a page of the tokens that expire before this time and for which no warning was sent:
/// expiry, row, and account.
pub fn ending_before(
    conn: &mut Conn,
    before: Timestamp,
    after: (Timestamp, ConnectorTokenPk),
    limit: i64,
) -> StoreResult<Vec<(Timestamp, ConnectorTokenPk, AccountPk)>> {
    use diesel::dsl::sql;
    use diesel::sql_types::Bool;
    // A literal, so that a generic plan can use the partial index.
    let due = "connector_tokens.superseded_at IS NULL \
               AND (connector_tokens.warned_days IS NULL OR connector_tokens.warned_days > 0)";
    Ok(on!(conn, connection => connector_tokens::table
        .inner_join(connectors::table)
        .filter(connector_tokens::expires_at.is_not_null())
        .filter(sql::<Bool>(due))
        .filter(connector_tokens::expires_at.le(before))
        .filter(connector_tokens::expires_at.ge(after.0))
        .filter(connector_tokens::expires_at.gt(after.0).or(connector_tokens::pk.gt(after.1)))
        .filter(connectors::enabled.eq(true))
        .order((connector_tokens::expires_at, connector_tokens::pk))
        .limit(limit)
        .select((
            connector_tokens::expires_at.assume_not_null(),
            connector_tokens::pk,
            connectors::enterprise_pk,
        ))
        .load(connection))?)
}

/// Deletes superseded tokens that expired before this time.
pub fn forget_tokens(
    conn: &mut Conn,
    connector: ConnectorPk,
    before: Timestamp,
) -> StoreResult<usize> {
    Ok(on!(conn, connection => diesel::delete(connector_tokens::table)
        .filter(connector_tokens::connector_pk.eq(connector))
        .filter(connector_tokens::superseded_at.is_not_null())
        .filter(connector_tokens::expires_at.lt(before))
        .execute(connection))?)
}

/// Returns the connector that this token belongs to.
pub fn find_admitted(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<Option<Admitted>> {
    let found: Option<Admitted<ConnectorTokenPk>> = on!(conn, connection => connector_tokens::table
        .inner_join(connectors::table.inner_join(enterprises::table))
        .filter(connector_tokens::hash.eq(&hash[..]))
        .select((
            enterprises::pk,
            connectors::id,
            connectors::enabled,
            enterprises::plan,
            enterprises::plan_active,
            enterprises::plan_ends_at,
            connector_tokens::hash,
            connector_tokens::expires_at,
            connectors::log_personal_values,
            connector_tokens::pk,
            connector_tokens::last_used_at,
        ))
        .get_result(connection)
        .optional())?;
    Ok(found.map(|admitted| admitted.by(UsedToken::Connector)))
}
