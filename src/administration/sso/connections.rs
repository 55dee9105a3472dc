//! Connections: creation, drafts of settings, trial, deletion. Switching them on and off is in
//! `switching`.

use serde_json::{Value, json};

use super::SsoError;
use crate::administration::{AdministrationError, Page};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::domain_name::DomainName;
use crate::enterprise::secret::Keyring;
use crate::enterprise::sso::{Settings, TRIAL_LASTS};
use crate::enterprise::{AccountPk, Timestamp, token};
use crate::outside::oidc;
use crate::store::sso_connections::{self as stored, Connection};
use crate::store::{Conn, Transaction, audit, sso_drafts};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The maximum length of a client id in bytes.
const LONGEST_CLIENT_ID: usize = 255;
/// The maximum length of a client secret in bytes.
const LONGEST_SECRET: usize = 1000;

/// A change to the client secret.
#[derive(Clone, PartialEq, Eq)]
pub enum SecretWish {
    /// Keeps the secret, if it is for the same client at the same provider.
    Keep,
    /// Removes the secret: a public client.
    None,
    /// Replaces the secret.
    New(String),
}

/// Settings that an administrator enters for an identity provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Wish {
    /// The settings of the protocol.
    pub settings: Settings,
    /// What to do with the client secret.
    pub secret: SecretWish,
}

/// Lists the account's connections in order of creation.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> Result<Page<Connection>> {
    let rows = stored::of_enterprise(conn, enterprise, after, limit + 1)?;
    Ok(Page::of(rows, limit, |connection| connection.row.pk.0))
}

/// Returns the connection with this id.
///
/// # Errors
/// Fails if the connection does not exist.
pub fn get(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<Connection> {
    stored::by_id(conn, enterprise, id)?
        .ok_or_else(|| AdministrationError::NotFound { kind: "The connection", id: id.to_owned() })
}

/// Creates a connection for a domain. Settings are optional, because the connection already shows
/// the values that the identity provider has to be configured with.
///
/// # Errors
/// Fails if the domain is not verified or already has a connection, or like [`enter`].
pub fn create(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    domain: &str,
    wish: Option<&Wish>,
    key: Option<&Keyring>,
) -> Result<Connection> {
    let domain = match DomainName::parse(domain) {
        Ok(domain) => domain.as_str().to_owned(),
        Err(_) => return Err(SsoError::DomainNotVerified(domain.trim().to_owned()).into()),
    };
    let Some(pk) = stored::verified_domain(transaction, enterprise, &domain)? else {
        return Err(SsoError::DomainNotVerified(domain).into());
    };
    if stored::of_domain(transaction, &domain)?.is_some() {
        return Err(SsoError::Exists(domain).into());
    }
    let now = transaction.now();
    let id = stored::insert(transaction, enterprise, pk, now)?;
    let mut made = get(transaction, enterprise, &id)?;
    if let Some(wish) = wish {
        made = draft(transaction, &made, wish, key)?;
    }
    let change = Change::made("sso-connection.created", target(&made), shown(&made, now)?);
    audit::record(transaction, enterprise, &change)?;
    Ok(made)
}

/// Enters new settings as a draft; a successful sign-in through them verifies it.
///
/// # Errors
/// Fails if the connection does not exist, the settings are invalid, or there is a client secret
/// and the server has no key to encrypt it with.
pub fn enter(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    wish: &Wish,
    key: Option<&Keyring>,
) -> Result<Connection> {
    let before = get(transaction, enterprise, id)?;
    let after = draft(transaction, &before, wish, key)?;
    record(transaction, "sso-connection.changed", &before, &after)?;
    Ok(after)
}

fn draft(
    transaction: &mut Transaction<'_>,
    connection: &Connection,
    wish: &Wish,
    key: Option<&Keyring>,
) -> Result<Connection> {
    check(wish)?;
    let row = &connection.row;
    let sealed = match &wish.secret {
        SecretWish::None => None,
        SecretWish::New(secret) => Some(key.ok_or(SsoError::NoSecretKey)?.seal(secret, &row.id)?),
        SecretWish::Keep => kept(connection, &wish.settings)?,
    };
    sso_drafts::set_draft(transaction, row.pk, &wish.settings, sealed.as_deref())?;
    get(transaction, row.enterprise_pk, &row.id)
}

fn kept(connection: &Connection, settings: &Settings) -> Result<Option<Vec<u8>>> {
    let shares =
        |other: Option<Settings>| other.is_some_and(|other| settings.shares_secret_with(&other));
    if shares(connection.draft()?) {
        return Ok(connection.row.draft_secret.clone());
    }
    let same = shares(connection.settings()?);
    Ok(connection.row.secret.clone().filter(|_| same))
}

fn check(wish: &Wish) -> Result<()> {
    let invalid = |field, reason: String| Err(AdministrationError::InvalidValue { field, reason });
    if let Settings::Oidc { issuer, client_id } = &wish.settings {
        if let Err(error) = oidc::check_issuer(issuer) {
            let text = error.to_string();
            return invalid("oidc.issuer", text.trim_end_matches('.').to_owned());
        }
        if !is_credential(client_id, LONGEST_CLIENT_ID) {
            let reason = format!("1 to {LONGEST_CLIENT_ID} visible ASCII characters");
            return invalid("oidc.client_id", reason);
        }
    }
    match &wish.secret {
        SecretWish::New(secret) if !is_credential(secret, LONGEST_SECRET) => invalid(
            "oidc.client_secret",
            format!("1 to {LONGEST_SECRET} visible ASCII characters; null for a public client"),
        ),
        _ => Ok(()),
    }
}

/// Returns `true` for the characters that client ids and secrets may have (RFC 6749, appendix A).
fn is_credential(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
}

/// Creates the token of a link that tries out the draft, and its expiry. The previous link becomes
/// invalid.
///
/// `for_use` says that the caller may change how users sign in: then a successful sign-in by this
/// link puts the draft into use even if the connection is on.
///
/// # Errors
/// Fails if the connection does not exist or has no draft.
pub fn try_out(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    for_use: bool,
) -> Result<(String, Timestamp)> {
    let connection = get(transaction, enterprise, id)?;
    if connection.row.draft.is_none() {
        return Err(SsoError::NothingToVerify.into());
    }
    let secret = token::generate("")?;
    let until = transaction.now().plus_millis(TRIAL_LASTS);
    let by = for_use.then(|| transaction.origin().actor.id.as_str());
    sso_drafts::set_trial(transaction, connection.row.pk, &token::hash(&secret), until, by)?;
    Ok((secret, until))
}

/// Deletes a connection that is off.
///
/// # Errors
/// Fails if the connection does not exist or is on.
pub fn delete(transaction: &mut Transaction<'_>, enterprise: AccountPk, id: &str) -> Result<()> {
    let connection = get(transaction, enterprise, id)?;
    if connection.row.is_on {
        return Err(SsoError::IsOn(connection.domain).into());
    }
    stored::delete(transaction, connection.row.pk)?;
    let before = shown(&connection, transaction.now())?;
    let change = Change::ended("sso-connection.deleted", target(&connection), before);
    Ok(audit::record(transaction, enterprise, &change)?)
}

pub(super) fn record(
    transaction: &mut Transaction<'_>,
    action: &'static str,
    before: &Connection,
    after: &Connection,
) -> Result<()> {
    let now = transaction.now();
    let change = Change::changed(action, target(before), shown(before, now)?, shown(after, now)?);
    Ok(audit::record(transaction, before.row.enterprise_pk, &change)?)
}

fn target(connection: &Connection) -> Target {
    Target::new("sso-connection", connection.row.id.clone(), connection.domain.clone())
}

/// Returns what the audit log shows. The revision of the draft reveals that a secret was changed.
fn shown(connection: &Connection, now: Timestamp) -> Result<Value> {
    Ok(json!({
        "domain": connection.domain,
        "state": connection.state(now),
        "settings": connection.settings()?,
        "has_client_secret": connection.row.secret.is_some(),
        "draft": connection.draft()?,
        "draft_has_client_secret": connection.row.draft_secret.is_some(),
        "draft_is_verified": connection.row.draft_verified_at.is_some(),
        "revision": connection.row.revision,
    }))
}
