//! SAML 2.0: the request that the browser takes to the identity provider, the answer that it posts,
//! and the metadata for the identity provider's administrator.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::page::Refused;
use super::posting;
use super::start::{end, redirect};
use crate::administration::AdministrationError;
use crate::administration::sso::logins::{self, Answer, SignInMethod, Subject};
use crate::administration::sso::urls::urls;
use crate::administration::sso::{SsoError, saml as settings};
use crate::enterprise::Timestamp;
use crate::enterprise::audit::Origin;
use crate::enterprise::sso::{Settings, return_path};
use crate::http::base::bodies;
use crate::http::base::browser::Browser;
use crate::http::base::state::Service;
use crate::outside::saml::{
    self, AuthnRequest, Carried, Expected, MAX_RESPONSE, SamlError, ServiceProvider,
};
use crate::store::{Cost, StoreError, WriteContext};

/// The maximum length of a posted form, in bytes. Base64 adds a third, and the form encoding
/// triples some of its characters.
const MAX_FORM: usize = MAX_RESPONSE * 2;

/// Returns the configuration of the form extractor.
pub fn form() -> web::FormConfig {
    web::FormConfig::default().limit(usize::MAX).error_handler(|error, _| {
        Refused::bad_request(&format!("The identity provider's answer cannot be read: {error}."))
            .into()
    })
}

/// Returns the answer that sends the browser to the identity provider, and the id that the identity
/// provider's response must refer to.
///
/// # Errors
/// Fails if the connection's settings cannot be used.
pub fn request(service: &Service, way: &SignInMethod) -> Result<(HttpResponse, String), Refused> {
    let provider = settings::identity_provider(&way.settings)?;
    let ours = service_provider(service, &way.connection.row.id);
    let now = service.store.clock().now();
    let request =
        AuthnRequest::new(&ours, &provider.sign_on_url, provider.binding, way.is_anew(), now)?;
    let response = match request.carried() {
        Carried::Redirect(url) => redirect(url),
        Carried::Post(field) => posting::to_identity_provider(&provider.sign_on_url, field),
    };
    Ok((response, request.id().to_owned()))
}

/// `GET /sso/saml/{connection}/metadata`: available before the connection has settings, because the
/// identity provider needs it first.
pub async fn metadata(
    service: web::Data<Service>,
    connection: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    let id = connection.into_inner();
    let asked = id.clone();
    service.store.read(Cost::Point, move |conn| settings::known(conn, &asked)).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/samlmetadata+xml")
        .body(service_provider(&service, &id).metadata()))
}

/// The id of a connection. The extractor raises the body limit if the connection exists: anyone can
/// post to any path, so for other ids the limit for unauthenticated bodies stays.
pub struct KnownConnection(String);

impl FromRequest for KnownConnection {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let id = request.match_info().get("connection").unwrap_or_default().to_owned();
            let asked = id.clone();
            if let Some(service) = request.app_data::<web::Data<Service>>() {
                let known = move |conn: &mut _| settings::known(conn, &asked);
                match service.store.read(Cost::Point, known).await {
                    Ok(()) => bodies::allow(&request, MAX_FORM),
                    Err(AdministrationError::NotFound { .. }) => {}
                    Err(error) => return Err(Refused::from(error).into()),
                }
            }
            Ok(Self(id))
        })
    }
}

/// The form that an identity provider makes the browser post (SAML bindings, section 3.5).
#[derive(Debug, Deserialize)]
pub struct Posted {
    #[serde(rename = "SAMLResponse")]
    response: String,
    #[serde(rename = "RelayState")]
    relay_state: Option<String>,
    /// Set if the form comes from our own page (see [`posting`]).
    again: Option<String>,
}

/// `POST /sso/saml/{connection}/acs`.
pub async fn consume(
    connection: KnownConnection,
    form: web::Form<Posted>,
    service: web::Data<Service>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let (id, posted) = (connection.0, form.into_inner());
    let response: Arc<str> = posted.response.into();
    let peeked = Arc::clone(&response);
    let answers = web::block(move || saml::in_response_to(&peeked));
    let Some(handle) = answers.await.map_err(|_| StoreError::Panicked)?? else {
        return unsolicited(&service, &request, id, response, posted.relay_state).await;
    };
    let Some(browser) = Browser::back(&request, &service.public_url) else {
        // A form posted by another site's page arrives without our cookie; our own page adds it.
        return match posted.again {
            None => Ok(posting::again(&urls(&service.public_url, &id).acs, &response)),
            Some(_) => Err(SsoError::LoginUnknown.into()),
        };
    };
    solicited(&service, &request, id, response, handle, browser).await
}

/// Handles the response to a request that this browser took to the identity provider.
async fn solicited(
    service: &web::Data<Service>,
    request: &HttpRequest,
    id: String,
    response: Arc<str>,
    handle: String,
    browser: Browser,
) -> Result<HttpResponse, Refused> {
    let (now, own) = (service.store.clock().now(), handle.clone());
    let login = service
        .store
        .read(Cost::Point, move |conn| logins::expected(conn, &own, &browser.secret, now))
        .await?;
    let by = WriteContext::new(login.enterprise_pk, Arc::new(Origin::system()));
    let return_to = login.return_to.clone();
    let way = service
        .write_for_stranger(by, move |transaction| logins::take(transaction, &login))
        .await?;
    if way.connection.row.id != id {
        return Err(SsoError::LoginUnknown.into());
    }
    let answer = validate(service, &way, response, Some(handle), now).await?;
    end(service, request, way, &return_to, answer.map_err(Refused::from)).await
}

/// Handles a sign-in that the identity provider has started. Allowed only if users sign in through
/// the connection and its administrators have enabled it.
async fn unsolicited(
    service: &web::Data<Service>,
    request: &HttpRequest,
    id: String,
    response: Arc<str>,
    relay_state: Option<String>,
) -> Result<HttpResponse, Refused> {
    let now = service.store.clock().now();
    let way =
        service.store.read(Cost::Point, move |conn| logins::of_connection(conn, &id, now)).await?;
    if !matches!(way.settings, Settings::Saml { idp_initiated: true, .. }) {
        return Err(SsoError::IdpInitiated(way.connection.domain).into());
    }
    let answer = match validate(service, &way, response, None, now).await? {
        // Anyone can post an unsigned response, so it is not recorded for the administrator.
        Err(error) if !error.is_signed() => return Err(error.into()),
        answer => answer,
    };
    let return_to = return_path(relay_state.as_deref()).to_owned();
    end(service, request, way, &return_to, answer.map_err(Refused::from)).await
}

/// Validates a response on the blocking pool, because it takes some milliseconds.
async fn validate(
    service: &web::Data<Service>,
    way: &SignInMethod,
    response: Arc<str>,
    request: Option<String>,
    now: Timestamp,
) -> Result<Result<Answer, SamlError>, Refused> {
    let provider = settings::identity_provider(&way.settings)?;
    let ours = service_provider(service, &way.connection.row.id);
    let entity_id = provider.entity_id.clone();
    let validated = web::block(move || {
        let expected = Expected {
            issuer: &provider.entity_id,
            certificates: &provider.certificates,
            service_provider: &ours,
            request: request.as_deref(),
            now,
        };
        saml::validate(&response, &expected)
    });
    let validated = validated.await.map_err(|_| StoreError::Panicked)?;
    Ok(validated.map(|assertion| Answer {
        email: assertion.email,
        by_name_id: assertion.by_name_id,
        subject: assertion.name_id.map(|name| Subject { issuer: entity_id, name }),
        once: Some((assertion.assertion_id, assertion.not_on_or_after)),
    }))
}

fn service_provider(service: &Service, connection: &str) -> ServiceProvider {
    let urls = urls(&service.public_url, connection);
    ServiceProvider::new(&urls.audience, &urls.acs)
}
