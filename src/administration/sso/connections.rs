//! Connections: entered, tried, removed. Switching them on and off is `switching`'s.

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

/// Longest client id, in bytes.
const LONGEST_CLIENT_ID: usize = 255;
/// Longest client secret, in bytes.
const LONGEST_SECRET: usize = 1000;

/// What is to become of the client secret.
#[derive(Clone, PartialEq, Eq)]
pub enum SecretWish {
    /// The one that was given before, if it was for the same client at the same provider.
    Keep,
    /// None: a public client.
    None,
    /// This.
    New(String),
}

/// What is entered of an identity provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Wish {
    /// The settings.
    pub settings: Settings,
    /// The client secret.
    pub secret: SecretWish,
}

/// The account's connections, in order of creation.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> Result<Page<Connection>> {
    let rows = stored::of_enterprise(conn, enterprise, after, limit + 1)?;
    Ok(Page::of(rows, limit, |connection| connection.row.pk.0))
}

/// The connection with this id.
///
/// # Errors
/// Where there is none.
pub fn get(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<Connection> {
    stored::by_id(conn, enterprise, id)?
        .ok_or_else(|| AdministrationError::NotFound { kind: "The connection", id: id.to_owned() })
}

/// Makes a connection for a domain, with or without settings: what the identity provider is told
/// can be seen before it is.
///
/// # Errors
/// Where the domain is not verified or has a connection; as for [`enter`].
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

/// Enters other settings: a draft, until a sign-in through them has worked.
///
/// # Errors
/// Where there is no such connection; settings that cannot be; a secret and no key.
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

/// What client ids and secrets are made of (RFC 6749, appendix A).
fn is_credential(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
}

/// Makes the link by which the draft is tried, a token; the one before is good no more.
///
/// `for_use` says that who asks may change what users sign in with: then a sign-in by this link puts
/// the draft into use even where the connection is on.
///
/// # Errors
/// Where there is no such connection, or no draft.
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

/// Removes a connection that is not on.
///
/// # Errors
/// Where there is no such connection, or it is on.
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

/// What the audit log keeps. Which draft it is tells that a secret was changed.
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
