//! An administrator lets a client provision (RFC 6749 §4.1.1).

use serde_json::json;

use super::RedirectError;
use super::clients::target;
use crate::administration::AdministrationError;
use crate::enterprise::audit::Change;
use crate::enterprise::oauth::{CODE_LIFETIME, GrantType, SCOPE, is_challenge};
use crate::enterprise::{AccountPk, token};
use crate::store::oauth::{self, ClientRow, NewCode};
use crate::store::{Conn, StoreResult, Transaction, audit};

/// What a client asks for, as sent.
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
    /// `code_challenge`, empty where none was sent.
    pub challenge: String,
    /// `code_challenge_method`.
    pub challenge_method: String,
}

/// The client that asks and its account, if it may ask this. The redirect address is compared
/// letter by letter, and before anything is sent to it.
///
/// # Errors
/// The database's; and inside, [`RedirectError`].
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
            "redirect_uri: it is not one of those that this OAuth client was made with, letter by \
             letter.",
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
        return refuse("unsupported_response_type", "response_type: there is only code.");
    }
    if !asked.scope.split(' ').all(|scope| scope.is_empty() || scope == SCOPE) {
        return refuse("invalid_scope", "scope: there is only scim.");
    }
    match (asked.challenge.as_str(), asked.challenge_method.as_str()) {
        ("", "") => Ok(()),
        (challenge, "S256") if is_challenge(challenge) => Ok(()),
        _ => refuse("invalid_request", "code_challenge: 43 characters, with the method S256."),
    }
}

/// Makes a code for the client, in the name of the administrator whose transaction it is.
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
