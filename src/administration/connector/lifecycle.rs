//! Enables and disables the connector, and refreshes and revokes its tokens.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ConnectorError, Result};
use crate::administration::AdministrationError;
use crate::administration::error::checked_name;
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::connector::{
    DEFAULT_GRACE_HOURS, LONGEST_GRACE_HOURS, TokenExpiry, superseded_end,
};
use crate::enterprise::{AccountPk, token};
use crate::store::connectors::{self, ConnectorRow, NewToken, TokenRow};
use crate::store::{Conn, Transaction, audit, oauth};

/// A new SCIM token.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[schemars(rename = "NewConnectorToken")]
#[serde(deny_unknown_fields)]
pub struct TokenWish {
    /// How long the token is valid, from now on.
    pub expiry: TokenExpiry,
    /// A name for the token, at most 255 characters; `SCIM token` if left out.
    #[serde(default = "unnamed")]
    pub label: String,
}

/// A new SCIM token that takes the place of the present one.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[schemars(rename = "ConnectorTokenRefresh")]
#[serde(deny_unknown_fields)]
pub struct RefreshWish {
    /// How long the new token is valid, from now on.
    pub expiry: TokenExpiry,
    /// A name for the new token, at most 255 characters; `SCIM token` if left out.
    #[serde(default = "unnamed")]
    pub label: String,
    /// Hours for which the old token stays valid, 0 to 168; 24 if left out, 0 ends it at once.
    #[schemars(range(min = 0, max = 168))]
    pub grace_hours: Option<i64>,
}

fn unnamed() -> String {
    "SCIM token".to_owned()
}

/// A new SCIM token with its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeToken {
    /// The public id of the connector, which is part of its URL.
    pub connector_id: String,
    /// The token as stored.
    pub token: TokenRow,
    /// The token itself, which is shown only once.
    pub secret: String,
}

/// Enables the connector and creates its first token. An account keeps the same connector URL for
/// ever, also after SCIM was disabled in between.
///
/// # Errors
/// Fails with [`ConnectorError::Missing`], which lists every missing prerequisite, or if SCIM is
/// already enabled.
pub fn enable(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    wish: &TokenWish,
) -> Result<MadeToken> {
    let now = transaction.now();
    let missing = connectors::standing(transaction, enterprise, now)?.missing();
    if !missing.is_empty() {
        return Err(ConnectorError::Missing(missing).into());
    }
    let before = connectors::get(transaction, enterprise)?;
    if before.as_ref().is_some_and(|row| row.enabled) {
        return Err(ConnectorError::Enabled.into());
    }
    connectors::enable(transaction, enterprise, now)?;
    let row = require(transaction, enterprise)?;
    let row = ConnectorRow { enabled: true, ..row };
    connectors::save(transaction, &row)?;
    let made = make(transaction, &row, &wish.label, wish.expiry)?;
    let after = json!({"enabled": true, "token": shown(&made.token)});
    let change = Change::made("connector.enabled", target(&row), after);
    audit::record(transaction, enterprise, &change)?;
    Ok(made)
}

/// Disables the connector: every credential is refused from now on. Provisioned members and groups
/// stay.
///
/// # Errors
/// Fails if SCIM is not enabled.
pub fn disable(transaction: &mut Transaction<'_>, enterprise: AccountPk) -> Result<()> {
    let (row, now) = (require_enabled(transaction, enterprise)?, transaction.now());
    connectors::save(transaction, &ConnectorRow { enabled: false, ..row.clone() })?;
    // Old tokens stay invalid when SCIM is enabled again. OAuth clients become valid again and
    // fetch new access tokens.
    for token in connectors::living(transaction, row.pk, now)? {
        connectors::supersede(
            transaction,
            token.pk,
            superseded_end(token.expires_at, 0, now),
            now,
        )?;
    }
    for client in oauth::clients(transaction, row.pk, 0, i64::MAX)? {
        oauth::forget_of_client(transaction, client.pk)?;
    }
    let change = Change::ended("connector.disabled", target(&row), json!({"enabled": true}));
    Ok(audit::record(transaction, enterprise, &change)?)
}

/// Creates a new token. The current one stays valid for the grace period, so that provisioning does
/// not stop while the new one is entered in the identity provider.
///
/// # Errors
/// Fails if SCIM is not enabled or the grace period is out of range.
pub fn refresh(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    wish: &RefreshWish,
) -> Result<MadeToken> {
    let grace_hours = wish.grace_hours.unwrap_or(DEFAULT_GRACE_HOURS);
    if !(0..=LONGEST_GRACE_HOURS).contains(&grace_hours) {
        return Err(ConnectorError::Grace.into());
    }
    let (row, now) = (require_enabled(transaction, enterprise)?, transaction.now());
    let mut before = Value::Null;
    for token in connectors::living(transaction, row.pk, now)? {
        // A token that is already in its grace period keeps the end that it was given, except when
        // a grace period of 0 ends all tokens at once.
        if token.superseded_at.is_none() || grace_hours == 0 {
            before = shown(&token);
            let end = superseded_end(token.expires_at, grace_hours, now);
            connectors::supersede(transaction, token.pk, end, now)?;
        }
    }
    connectors::forget_tokens(transaction, row.pk, now.plus_days(-REMEMBERED_DAYS))?;
    let made = make(transaction, &row, &wish.label, wish.expiry)?;
    let mut after = shown(&made.token);
    after["grace_hours"] = grace_hours.into();
    let change =
        Change { before, ..Change::made("connector.token_refreshed", target(&row), after) };
    audit::record(transaction, enterprise, &change)?;
    Ok(made)
}

/// Revokes a token at once, for example because it leaked or the identity provider uses OAuth now.
///
/// # Errors
/// Fails if the connector has no valid token with this id.
pub fn end_token(transaction: &mut Transaction<'_>, enterprise: AccountPk, id: &str) -> Result<()> {
    let (row, now) = (require_enabled(transaction, enterprise)?, transaction.now());
    let tokens = connectors::living(transaction, row.pk, now)?;
    let Some(token) = tokens.into_iter().find(|token| token.id.as_deref() == Some(id)) else {
        return Err(AdministrationError::NotFound { kind: "The SCIM token", id: id.to_owned() });
    };
    connectors::supersede(transaction, token.pk, superseded_end(token.expires_at, 0, now), now)?;
    let change = Change::ended("connector.token_ended", target(&row), shown(&token));
    Ok(audit::record(transaction, enterprise, &change)?)
}

/// Days for which an expired token is kept in the database.
const REMEMBERED_DAYS: i64 = 90;

fn make(
    transaction: &mut Transaction<'_>,
    connector: &ConnectorRow,
    label: &str,
    expiry: TokenExpiry,
) -> Result<MadeToken> {
    let now = transaction.now();
    let label = checked_name("label", label)?;
    let secret = token::generate(token::CONNECTOR)?;
    let maker = transaction.origin().actor.name.clone();
    let new = NewToken { label, expiry, created_by: &maker, expires_at: expiry.end(now) };
    let hash = token::hash(&secret);
    let token = connectors::insert_token(transaction, connector.pk, &hash, &new, now)?;
    Ok(MadeToken { connector_id: connector.id.clone(), token, secret })
}

pub(super) fn require(conn: &mut Conn, enterprise: AccountPk) -> Result<ConnectorRow> {
    Ok(connectors::get(conn, enterprise)?.ok_or(ConnectorError::NotEnabled)?)
}

/// Returns the connector if it is enabled.
pub(in crate::administration) fn require_enabled(
    conn: &mut Conn,
    enterprise: AccountPk,
) -> Result<ConnectorRow> {
    let row = require(conn, enterprise)?;
    if row.enabled { Ok(row) } else { Err(ConnectorError::NotEnabled.into()) }
}

pub(super) fn target(row: &ConnectorRow) -> Target {
    Target::new("connector", row.id.clone(), "SCIM")
}

fn shown(token: &TokenRow) -> Value {
    json!({
        "token_id": token.id,
        "label": token.label,
        "expiry": token.expiry,
        "expires_at": token.expires_at.map(|at| at.to_rfc3339()),
    })
}
