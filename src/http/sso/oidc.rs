//! OpenID Connect: the request that the browser takes to the provider, and the answer that it
//! brings back.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::page::Refused;
use super::start::end;
use crate::administration::AdministrationError;
use crate::administration::sso::SsoError;
use crate::administration::sso::logins::{self, Answer, SignInMethod, Subject};
use crate::administration::sso::urls::redirect_url;
use crate::enterprise::audit::Origin;
use crate::enterprise::sso::{Settings, derived};
use crate::http::base::browser::Browser;
use crate::http::base::state::Service;
use crate::outside::oidc::{Client, Prompt, Proof, Returned};
use crate::store::{Cost, StoreError, WriteContext};

/// Returns the URL at the provider for this sign-in.
///
/// # Errors
/// Fails if the provider cannot be used.
pub async fn request(
    service: &web::Data<Service>,
    way: &SignInMethod,
    browser: &Browser,
    state: &str,
    hint: Option<String>,
) -> Result<String, Refused> {
    let (client, proof) = (client(service, way)?, proof(browser, state));
    let (providers, now) = (Arc::clone(&service.providers), service.store.clock().now());
    let prompt = Prompt { hint, anew: way.is_anew() };
    let asked = web::block(move || providers.authorization_url(&client, &proof, &prompt, now));
    Ok(asked.await.map_err(|_| StoreError::Panicked)??)
}

/// The query that a provider sends back (OpenID Connect Core 1.0, section 3.1.2.5; RFC 9207).
#[derive(Debug, Deserialize)]
pub struct Callback {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    iss: Option<String>,
}

/// `GET /sso/oidc/{connection}/callback`.
pub async fn callback(
    service: web::Data<Service>,
    request: HttpRequest,
    connection: web::Path<String>,
    query: web::Query<Callback>,
) -> Result<HttpResponse, Refused> {
    answered(&service, &request, Some(connection.into_inner()), query.into_inner()).await
}

/// `GET /sso/oidc/callback`: for connections that were made before each had a path of its own.
pub async fn shared_callback(
    service: web::Data<Service>,
    request: HttpRequest,
    query: web::Query<Callback>,
) -> Result<HttpResponse, Refused> {
    answered(&service, &request, None, query.into_inner()).await
}

async fn answered(
    service: &web::Data<Service>,
    request: &HttpRequest,
    path: Option<String>,
    callback: Callback,
) -> Result<HttpResponse, Refused> {
    let state = callback.state.clone().ok_or(SsoError::LoginUnknown)?;
    let browser = Browser::back(request, &service.public_url).ok_or(SsoError::LoginUnknown)?;
    let (now, handle, secret) =
        (service.store.clock().now(), state.clone(), browser.secret.clone());
    let login = service
        .store
        .read(Cost::Point, move |conn| logins::expected(conn, &handle, &secret, now))
        .await?;
    let by = WriteContext::new(login.enterprise_pk, Arc::new(Origin::system()));
    let return_to = login.return_to.clone();
    let way = service
        .write_for_stranger(by, move |transaction| logins::take(transaction, &login))
        .await?;
    // The provider of one connection must not be able to answer for another's.
    let row = &way.connection.row;
    if path.as_ref() != row.own_callback.then_some(&row.id) {
        return Err(SsoError::LoginUnknown.into());
    }
    let answer = redeem(service, &way, &proof(&browser, &state), callback).await;
    end(service, request, way, &return_to, answer).await
}

async fn redeem(
    service: &web::Data<Service>,
    way: &SignInMethod,
    proof: &Proof,
    callback: Callback,
) -> Result<Answer, Refused> {
    let client = client(service, way)?;
    let described = callback.error_description;
    let error = callback.error.map(|error| match described {
        Some(text) => format!("{error} ({text})"),
        None => error,
    });
    let returned = Returned { issuer: callback.iss, code: callback.code, error };
    let (providers, now) = (Arc::clone(&service.providers), service.store.clock().now());
    let proof = proof.clone();
    let redeemed = web::block(move || providers.redeem(&client, &returned, &proof, now));
    let identity = redeemed.await.map_err(|_| StoreError::Panicked)??;
    let subject = Some(Subject { issuer: identity.issuer, name: identity.subject });
    Ok(Answer { email: identity.email, subject, by_name_id: false, once: None })
}

/// Returns the server's client at the provider of this connection.
fn client(service: &Service, way: &SignInMethod) -> Result<Client, AdministrationError> {
    let Settings::Oidc { issuer, client_id } = &way.settings else {
        return Err(SsoError::Changed.into());
    };
    Ok(Client {
        issuer: issuer.clone(),
        domain: way.connection.domain.clone(),
        client_id: client_id.clone(),
        client_secret: way.secret(service.secret_key.as_deref())?,
        redirect_uri: redirect_url(&service.public_url, &way.connection.row),
    })
}

/// Returns the secrets that bind the answer to this browser and this sign-in.
fn proof(browser: &Browser, state: &str) -> Proof {
    Proof {
        state: state.to_owned(),
        nonce: derived("nonce", &browser.secret, state),
        verifier: derived("verifier", &browser.secret, state),
    }
}
