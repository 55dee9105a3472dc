//! `POST /oauth/token`: issues tokens to clients that authenticate with their secret.

use std::sync::Arc;

use actix_web::http::header::{AUTHORIZATION, PRAGMA};
use actix_web::web::{self, Bytes};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::failure::Failure;
use super::form::Form;
use crate::administration::oauth::{self, Client, Grant, OAuthError};
use crate::enterprise::audit::{Actor, ActorKind, Origin};
use crate::enterprise::id::is_oauth_client;
use crate::enterprise::oauth::{ACCESS_LIFETIME, GrantType, SCOPE};
use crate::http::base::state::Service;
use crate::http::base::{caller, request_id};
use crate::store::{Cost, WriteContext};

/// The maximum length of the form, in bytes.
const LONGEST_FORM: usize = 16 * 1024;

/// Issues tokens for a grant.
pub async fn issue(
    service: web::Data<Service>,
    request: HttpRequest,
    body: Result<Bytes, actix_web::Error>,
) -> Result<HttpResponse, Failure> {
    let form = form(&request, body)?;
    let (id, secret) = credentials(&request, &form)?;
    let (now, name) = (service.store.clock().now(), id.clone());
    let look = async {
        let read = move |conn: &mut _| oauth::authenticate(conn, &id, &secret, now);
        service.store.read(Cost::Point, read).await?.map_err(Failure::from)
    };
    let is_wrong = |failure: &Failure| failure.is_unauthorized();
    // A malformed id cannot be one that is being guessed, so it takes no room in the limit.
    let name = Some(name.as_str()).filter(|name| is_oauth_client(name));
    let looked = service.clients.look(caller::place(&request), name, look, is_wrong).await;
    let client = looked.map_err(Failure::too_many_wrong)??;
    // A client that fetches a token once an hour never reaches this limit.
    service.token_requests.spend(&client.id).map_err(Failure::too_many)?;
    let grant = grant(&form)?;
    let origin = origin(&client, &request);
    let issued = service
        .store
        .write(WriteContext::new(client.enterprise, Arc::new(origin)), move |transaction| {
            oauth::exchange(transaction, &client, &grant)
        })
        .await??;
    let mut answer = json!({
        "access_token": issued.access,
        "token_type": "Bearer",
        "expires_in": ACCESS_LIFETIME.as_secs(),
        "scope": SCOPE,
    });
    if let Some(refresh) = issued.refresh {
        answer["refresh_token"] = refresh.into();
    }
    Ok(HttpResponse::Ok().insert_header((PRAGMA, "no-cache")).json(answer))
}

fn origin(client: &Client, request: &HttpRequest) -> Origin {
    let kind = ActorKind::IdentityProvider;
    let actor = Actor { kind, id: client.id.clone(), name: client.name.clone() };
    Origin { actor, request_id: request_id::id_of(request) }
}

fn invalid(text: impl Into<String>) -> OAuthError {
    OAuthError::InvalidRequest(text.into())
}

fn form(request: &HttpRequest, body: Result<Bytes, actix_web::Error>) -> Result<Form, OAuthError> {
    if !request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(invalid("Send the parameters as application/x-www-form-urlencoded."));
    }
    let body = body.ok().filter(|body| body.len() <= LONGEST_FORM);
    let text = body.as_deref().and_then(|body| std::str::from_utf8(body).ok());
    Form::parse(text.ok_or_else(|| invalid("The form is too long or not text."))?).map_err(invalid)
}

/// Returns the client's id and secret: from Basic authentication or the form, not both (RFC 6749
/// §2.3).
fn credentials(request: &HttpRequest, form: &Form) -> Result<(String, String), OAuthError> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let in_form = form.get("client_secret").map(str::to_owned);
    match (header, in_form) {
        (Some(_), Some(_)) => {
            Err(invalid("Send the client's secret once: by Basic authentication or in the form."))
        }
        (Some(header), None) => {
            let (id, secret) = basic(header).ok_or(OAuthError::InvalidClient)?;
            if form.get("client_id").is_none_or(|other| other == id) {
                Ok((id, secret))
            } else {
                Err(invalid("client_id: it differs from the one in the Basic authentication."))
            }
        }
        (None, Some(secret)) => Ok((form.text("client_id"), secret)),
        (None, None) => Err(OAuthError::InvalidClient),
    }
}

fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

fn grant(form: &Form) -> Result<Grant, OAuthError> {
    if !form.text("scope").split(' ').all(|scope| scope.is_empty() || scope == SCOPE) {
        return Err(OAuthError::InvalidScope);
    }
    let needed = |name: &str| {
        form.get(name).map(str::to_owned).ok_or_else(|| invalid(format!("{name}: it is missing.")))
    };
    let grant_type = needed("grant_type")?;
    match grant_type.parse().map_err(|_| OAuthError::UnsupportedGrantType)? {
        GrantType::ClientCredentials => Ok(Grant::ClientCredentials),
        GrantType::AuthorizationCode => Ok(Grant::Code {
            code: needed("code")?,
            redirect_uri: needed("redirect_uri")?,
            verifier: form.get("code_verifier").map(str::to_owned),
        }),
        GrantType::RefreshToken => Ok(Grant::Refresh(needed("refresh_token")?)),
    }
}
