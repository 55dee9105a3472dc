//! The authorization endpoint: an administrator allows a client to provision (RFC 6749 §4.1.1).

use serde_json::json;

use super::RedirectError;
use super::clients::target;
use crate::administration::AdministrationError;
use crate::enterprise::audit::Change;
use crate::enterprise::oauth::{CODE_LIFETIME, GrantType, SCOPE, is_challenge};
use crate::enterprise::{AccountPk, token};
use crate::store::oauth::{self, ClientRow, NewCode};
use crate::store::{Conn, StoreResult, Transaction, audit};

/// The parameters of an authorization request, as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// `response_type`.
    pub response_type: String,
    /// `client_id`.
    pub client_id: String,
    /// `redirect_uri`.
    pub redirect_uri: String,
    /// `scope`.
    pub scope: String,
    /// `code_challenge`; empty if it was not sent.
    pub challenge: String,
    /// `code_challenge_method`.
    pub challenge_method: String,
}

/// Returns the client and its account if the client may make this request. The redirect URI is
/// compared as an exact string, before anything is sent to it.
///
/// # Errors
/// The inner [`RedirectError`] says why the request is refused.
pub fn check(
    conn: &mut Conn,
    asked: &Asked,
) -> StoreResult<Result<(ClientRow, AccountPk), RedirectError>> {
    Ok(match oauth::client(conn, &asked.client_id)? {
        None => Err(RedirectError::Page("client_id: there is no such OAuth client.")),
        Some((client, enterprise, enabled)) => {
            may_ask(&client, enabled, asked).map(|()| (client, enterprise))
        }
    })
}

fn may_ask(client: &ClientRow, enabled: bool, asked: &Asked) -> Result<(), RedirectError> {
    let grant = GrantType::AuthorizationCode.as_str();
    if !client.redirect_uris.lines().any(|uri| uri == asked.redirect_uri) {
        return Err(RedirectError::Page(
            "redirect_uri: it is not exactly one of the redirect URIs of this OAuth client.",
        ));
    }
    let refuse = |word, text| Err(RedirectError::Client(word, text));
    if !client.grant_types.split(' ').any(|one| one == grant) {
        return refuse("unauthorized_client", "This client may not use authorization_code.");
    }
    if !enabled {
        return refuse("access_denied", "SCIM is not enabled in this account.");
    }
    if asked.response_type != "code" {
        return refuse("unsupported_response_type", "response_type: only code is supported.");
    }
    if !asked.scope.split(' ').all(|scope| scope.is_empty() || scope == SCOPE) {
        return refuse("invalid_scope", "scope: only scim is supported.");
    }
    match (asked.challenge.as_str(), asked.challenge_method.as_str()) {
        ("", "") => Ok(()),
        (challenge, "S256") if is_challenge(challenge) => Ok(()),
        _ => refuse("invalid_request", "code_challenge: 43 characters, with the method S256."),
    }
}

/// Issues an authorization code to the client on behalf of the administrator who runs the
/// transaction.
pub fn authorize(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    client: &ClientRow,
    asked: &Asked,
) -> Result<String, AdministrationError> {
    let code = token::generate(token::OAUTH_CODE)?;
    let challenge = (!asked.challenge.is_empty()).then_some(asked.challenge.as_str());
    let new = NewCode {
        client: client.pk,
        redirect_uri: &asked.redirect_uri,
        challenge,
        expires_at: transaction.now().plus(CODE_LIFETIME),
    };
    oauth::insert_code(transaction, &token::hash(&code), &new)?;
    let after = json!({"redirect_uri": asked.redirect_uri});
    let change = Change::made("oauth_client.authorized", target(client), after);
    audit::record(transaction, enterprise, &change)?;
    Ok(code)
}
