//! Tokens for clients (RFC 6749 §4.1.3, §4.4.2, §6).

use serde_json::json;
use subtle::ConstantTimeEq;

use super::OAuthError;
use super::clients::target;
use crate::administration::AdministrationError;
use crate::enterprise::audit::Change;
use crate::enterprise::oauth::{ACCESS_LIFETIME, GrantType, REFRESH_LIFETIME, TokenKind, proves};
use crate::enterprise::permissions::{Credential, Power};
use crate::enterprise::{AccountPk, Timestamp, id, token};
use crate::store::oauth::{self, ClientRow};
use crate::store::{Conn, StoreResult, Transaction, audit};

/// What a token is asked for with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// The client's secret alone.
    ClientCredentials,
    /// A code.
    Code {
        /// The code.
        code: String,
        /// Where it was sent.
        redirect_uri: String,
        /// What the challenge was made of.
        verifier: Option<String>,
    },
    /// A refresh token.
    Refresh(String),
}

impl Grant {
    const fn grant_type(&self) -> GrantType {
        match self {
            Self::ClientCredentials => GrantType::ClientCredentials,
            Self::Code { .. } => GrantType::AuthorizationCode,
            Self::Refresh(_) => GrantType::RefreshToken,
        }
    }
}

/// Tokens, shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Lets in at the SCIM endpoint.
    pub access: String,
    /// Fetches the next pair.
    pub refresh: Option<String>,
}

/// A client that has shown its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its account.
    pub enterprise: AccountPk,
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// The client with this id and secret: its newest secret, or the one before while that is good.
///
/// # Errors
/// The database's; and inside, that it is none.
pub fn authenticate(
    conn: &mut Conn,
    id: &str,
    secret: &str,
    now: Timestamp,
) -> StoreResult<Result<Client, OAuthError>> {
    let Some((client, enterprise, _)) = oauth::client(conn, id)? else {
        return Ok(Err(OAuthError::InvalidClient));
    };
    let hash = token::hash(secret);
    let is_newest = bool::from(client.secret_hash.ct_eq(&hash));
    let is_former = client.former_secret_until.is_some_and(|until| now < until)
        && client.former_secret_hash.as_ref().is_some_and(|former| former.ct_eq(&hash).into());
    let may = Credential::OauthClient.may(Power::FetchScimTokens);
    Ok(if may && (is_newest || is_former) {
        Ok(Client { enterprise, id: client.id, name: client.name })
    } else {
        Err(OAuthError::InvalidClient)
    })
}

/// Gives tokens for the grant. A refusal may end what was given before, so it is no error of the
/// transaction.
///
/// # Errors
/// The database's; and inside, [`OAuthError`].
pub fn exchange(
    transaction: &mut Transaction<'_>,
    client: &Client,
    grant: &Grant,
) -> Result<Result<Issued, OAuthError>, AdministrationError> {
    let enterprise = client.enterprise;
    let Some((client, owner, enabled)) = oauth::client(transaction, &client.id)? else {
        return Ok(Err(OAuthError::InvalidClient));
    };
    if owner != enterprise {
        return Ok(Err(OAuthError::InvalidClient));
    }
    if !enabled {
        return Ok(Err(OAuthError::UnauthorizedClient("SCIM is not enabled in this account.")));
    }
    let wanted = grant.grant_type();
    if !client.grant_types.split(' ').any(|one| one == wanted.as_str()) {
        return Ok(Err(OAuthError::UnauthorizedClient(
            "This client was not made for this grant_type.",
        )));
    }
    let now = transaction.now();
    oauth::forget(transaction, client.pk, now)?;
    match grant {
        Grant::ClientCredentials => issue(transaction, &client, &id::oauth_family(), false),
        Grant::Code { code, redirect_uri, verifier } => {
            let hash = token::hash(code);
            let Some(row) = oauth::code(transaction, client.pk, &hash)? else {
                return Ok(Err(OAuthError::InvalidGrant(BAD_CODE)));
            };
            if row.used_at.is_some() {
                return reused(transaction, enterprise, &client, &row.family, BAD_CODE);
            }
            oauth::use_code(transaction, row.pk, now)?;
            // A code is spent by the first try, right or wrong: whoever guesses guesses once.
            let good = now < row.expires_at
                && row.redirect_uri == *redirect_uri
                && proves(row.challenge.as_deref(), verifier.as_deref());
            if !good {
                return Ok(Err(OAuthError::InvalidGrant(BAD_CODE)));
            }
            let refresh = GrantType::RefreshToken.as_str();
            let with_refresh = client.grant_types.split(' ').any(|one| one == refresh);
            issue(transaction, &client, &row.family, with_refresh)
        }
        Grant::Refresh(secret) => {
            let hash = token::hash(secret);
            let Some(row) = oauth::refresh_token(transaction, client.pk, &hash)? else {
                return Ok(Err(OAuthError::InvalidGrant(BAD_REFRESH)));
            };
            if row.used_at.is_some() {
                return reused(transaction, enterprise, &client, &row.family, BAD_REFRESH);
            }
            if row.expires_at <= now {
                return Ok(Err(OAuthError::InvalidGrant(BAD_REFRESH)));
            }
            oauth::use_refresh_token(transaction, row.pk, now)?;
            issue(transaction, &client, &row.family, true)
        }
    }
}

const BAD_CODE: &str = "The code is not good: unknown, used, too old, or sent with another \
    redirect_uri or code_verifier than it was made for. Begin the authorization again.";
const BAD_REFRESH: &str = "The refresh token is not good: unknown, too old, used before, or ended. \
    Begin the authorization again.";

/// Somebody has a copy of what was used already: nobody can say which of the two is the client, so
/// everything that came from the same consent ends (RFC 6749 §4.1.2, RFC 9700 §4.14.2).
fn reused(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    client: &ClientRow,
    family: &str,
    text: &'static str,
) -> Result<Result<Issued, OAuthError>, AdministrationError> {
    let ended = oauth::end_family(transaction, family)?;
    if ended > 0 {
        let before = json!({"tokens": ended, "reason": "a code or refresh token was used twice"});
        let change = Change::ended("oauth_client.tokens_ended", target(client), before);
        audit::record(transaction, enterprise, &change)?;
    }
    Ok(Err(OAuthError::InvalidGrant(text)))
}

fn issue(
    transaction: &mut Transaction<'_>,
    client: &ClientRow,
    family: &str,
    with_refresh: bool,
) -> Result<Result<Issued, OAuthError>, AdministrationError> {
    let now = transaction.now();
    let access = token::generate(token::OAUTH_ACCESS)?;
    let (hash, end) = (token::hash(&access), now.plus(ACCESS_LIFETIME));
    oauth::insert_token(transaction, client.pk, TokenKind::Access, family, &hash, end, now)?;
    let mut refresh = None;
    if with_refresh {
        let secret = token::generate(token::OAUTH_REFRESH)?;
        let (hash, end) = (token::hash(&secret), now.plus(REFRESH_LIFETIME));
        oauth::insert_token(transaction, client.pk, TokenKind::Refresh, family, &hash, end, now)?;
        refresh = Some(secret);
    }
    Ok(Ok(Issued { access, refresh }))
}
