//! OAuth clients of a connector: creation, rotation of secrets, revocation.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::administration::connector::require_enabled;
use crate::administration::error::checked_name;
use crate::administration::{AdministrationError, Class, Page, Refusal};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::connector::LONGEST_GRACE_HOURS;
use crate::enterprise::oauth::{GrantType, is_redirect_uri};
use crate::enterprise::{AccountPk, token};
use crate::store::oauth::{self, ClientRow, NewClient};
use crate::store::{Conn, Transaction, audit};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The maximum number of clients of one connector.
const MOST: usize = 20;
/// The maximum number of redirect URIs of one client.
const MOST_URIS: usize = 10;

/// Why a client cannot be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The connector has the maximum number of clients.
    #[error("There are {MOST} OAuth clients. Revoke one that is not used any more.")]
    TooMany,
}

impl Refusal for ClientError {
    fn class(&self) -> Class {
        Class::Conflict
    }

    fn word(&self) -> &'static str {
        "too-many-oauth-clients"
    }
}

/// A new OAuth client of the connector.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[schemars(rename = "NewOAuthClient")]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// A name by which administrators know the client, at most 255 characters.
    pub name: String,
    /// The URLs that `authorization_code` may redirect to, at most 10, compared exactly: `https`,
    /// or `http` on this machine (localhost).
    #[serde(default)]
    #[schemars(length(max = 10))]
    pub redirect_uris: Vec<String>,
    /// The grants that the client may use; if empty, `redirect_uris` decide them.
    #[serde(default)]
    pub grant_types: Vec<GrantType>,
}

/// A client with its secret, which is shown only once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeClient {
    /// The client as stored.
    pub client: ClientRow,
    /// The client's secret, in clear text.
    pub secret: String,
}

/// Creates a client. Without grant types, the redirect URIs decide them.
///
/// # Errors
/// Fails if SCIM is not enabled, the name or a redirect URI is invalid, the grants do not fit
/// together, or there are too many clients.
pub fn create(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    wish: &Wish,
) -> Result<MadeClient> {
    let connector = require_enabled(transaction, enterprise)?;
    let name = checked_name("name", &wish.name)?;
    let grant_types = checked_grants(wish)?;
    if oauth::clients(transaction, connector.pk, 0, MOST as i64)?.len() >= MOST {
        return Err(ClientError::TooMany.into());
    }
    let secret = token::generate(token::OAUTH_SECRET)?;
    let (maker, now) = (transaction.origin().actor.name.clone(), transaction.now());
    let new = NewClient {
        name,
        redirect_uris: wish.redirect_uris.join("\n"),
        grant_types: grant_types.join(" "),
        created_by: &maker,
    };
    let hash = token::hash(&secret);
    let client = oauth::insert_client(transaction, connector.pk, &hash, &new, now)?;
    let change = Change::made("oauth_client.created", target(&client), shown(&client));
    audit::record(transaction, enterprise, &change)?;
    Ok(MadeClient { client, secret })
}

fn checked_grants(wish: &Wish) -> Result<Vec<&'static str>> {
    let invalid = |field, reason: String| AdministrationError::InvalidValue { field, reason };
    if wish.redirect_uris.len() > MOST_URIS {
        return Err(invalid("redirect_uris", format!("at most {MOST_URIS}")));
    }
    if let Some(bad) = wish.redirect_uris.iter().find(|uri| !is_redirect_uri(uri)) {
        return Err(invalid(
            "redirect_uris",
            format!(
                "\"{bad}\" is not an https:// address without a fragment (or one of localhost)"
            ),
        ));
    }
    let mut grants = wish.grant_types.clone();
    if grants.is_empty() {
        grants = if wish.redirect_uris.is_empty() {
            vec![GrantType::ClientCredentials]
        } else {
            vec![GrantType::AuthorizationCode, GrantType::RefreshToken]
        };
    }
    grants.sort_unstable();
    grants.dedup();
    let has = |grant| grants.contains(&grant);
    if has(GrantType::AuthorizationCode) == wish.redirect_uris.is_empty() {
        return Err(invalid(
            "redirect_uris",
            "needed for authorization_code, and only for it".to_owned(),
        ));
    }
    if has(GrantType::RefreshToken) && !has(GrantType::AuthorizationCode) {
        return Err(invalid(
            "grant_types",
            "refresh_token goes with authorization_code only".to_owned(),
        ));
    }
    Ok(grants.iter().map(|grant| grant.as_str()).collect())
}

/// Lists the connector's clients in order of creation.
///
/// # Errors
/// Fails if SCIM is not enabled.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> Result<Page<ClientRow>> {
    let connector = require_enabled(conn, enterprise)?;
    let rows = oauth::clients(conn, connector.pk, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk.0))
}

/// Issues a new secret. The current one stays valid for `overlap_hours`.
///
/// # Errors
/// Fails if the client does not exist or the number of hours is out of range.
pub fn rotate(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    overlap_hours: i64,
) -> Result<MadeClient> {
    if !(0..=LONGEST_GRACE_HOURS).contains(&overlap_hours) {
        return Err(AdministrationError::InvalidValue {
            field: "overlap_hours",
            reason: format!("a number from 0 to {LONGEST_GRACE_HOURS}"),
        });
    }
    let client = require(transaction, enterprise, id)?;
    let secret = token::generate(token::OAUTH_SECRET)?;
    let until = transaction.now().minus_hours(-overlap_hours);
    oauth::rotate_secret(transaction, &client, &token::hash(&secret), until)?;
    let after = json!({"overlap_hours": overlap_hours});
    let change = Change::made("oauth_client.secret_rotated", target(&client), after);
    audit::record(transaction, enterprise, &change)?;
    let client = require(transaction, enterprise, id)?;
    Ok(MadeClient { client, secret })
}

/// Revokes a client and all its tokens.
///
/// # Errors
/// Fails if the client does not exist.
pub fn revoke(transaction: &mut Transaction<'_>, enterprise: AccountPk, id: &str) -> Result<()> {
    let (client, now) = (require(transaction, enterprise, id)?, transaction.now());
    oauth::revoke_client(transaction, client.pk, now)?;
    let change = Change::ended("oauth_client.revoked", target(&client), shown(&client));
    Ok(audit::record(transaction, enterprise, &change)?)
}

fn require(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<ClientRow> {
    match oauth::client(conn, id)? {
        Some((client, owner, _)) if owner == enterprise => Ok(client),
        _ => Err(AdministrationError::NotFound { kind: "The OAuth client", id: id.to_owned() }),
    }
}

pub(super) fn target(client: &ClientRow) -> Target {
    Target::new("oauth_client", client.id.clone(), client.name.clone())
}

fn shown(client: &ClientRow) -> Value {
    json!({
        "name": client.name,
        "redirect_uris": client.redirect_uris.lines().collect::<Vec<_>>(),
        "grant_types": client.grant_types.split(' ').collect::<Vec<_>>(),
    })
}
