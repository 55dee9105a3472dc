//! The token endpoint (RFC 6749 §4.1.3, §4.4.2, §6).

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

/// A grant of a token request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// The client's own credentials.
    ClientCredentials,
    /// An authorization code.
    Code {
        /// The authorization code, in clear text.
        code: String,
        /// The redirect URI that the code was sent to.
        redirect_uri: String,
        /// The PKCE `code_verifier`, if one was sent.
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

/// Issued tokens, which are shown only once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The access token for the SCIM endpoint.
    pub access: String,
    /// The refresh token, if the grant gives one.
    pub refresh: Option<String>,
}

/// An authenticated client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The primary key of its account.
    pub enterprise: AccountPk,
    /// The public client id.
    pub id: String,
    /// The name that administrators gave it.
    pub name: String,
}

/// Authenticates a client by its secret: the newest one, or the previous one until its overlap
/// ends.
///
/// # Errors
/// The inner error is [`OAuthError::InvalidClient`] for an unknown client and for a wrong secret.
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

/// Issues tokens for a grant. A refusal is an inner result: it may revoke tokens, and an error of
/// the transaction would roll that back.
///
/// # Errors
/// The inner [`OAuthError`] says why no token is issued.
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
            // The first attempt uses up the code, whether it succeeds or not, so that redirect URI
            // and verifier cannot be guessed by trying.
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

const BAD_CODE: &str = "The code is not valid: unknown, used, too old, or sent with another \
    redirect_uri or code_verifier than it was made for. Begin the authorization again.";
const BAD_REFRESH: &str = "The refresh token is not valid: unknown, too old, used before, or \
    revoked. Begin the authorization again.";

/// Handles a code or refresh token that is used twice: somebody else has a copy, and the server
/// cannot tell which of the two is the client. All tokens from the same consent are revoked
/// (RFC 6749 §4.1.2, RFC 9700 §4.14.2).
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
