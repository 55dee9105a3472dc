//! Starts a sign-in at the identity provider, and finishes it whichever protocol was used.

use actix_web::http::header::{HeaderValue, LOCATION, SET_COOKIE};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::page::Refused;
use super::{oidc, saml};
use crate::administration::sso::SsoError;
use crate::administration::sso::logins::{self, Answer, Finished, SignInMethod};
use crate::enterprise::domain_name::DomainName;
use crate::enterprise::sso::{Settings, return_path};
use crate::enterprise::{address, token};
use crate::http::base::browser::Browser;
use crate::http::base::cookies::keep_session;
use crate::http::base::state::Service;
use crate::http::pages::Page;
use crate::http::signing_in;
use crate::store::sso_connections::Connection;
use crate::store::{Cost, Scope, WriteContext};

/// The query of [`start`]: who signs in, and where to go afterwards.
#[derive(Debug, Deserialize)]
pub struct Start {
    email: Option<String>,
    domain: Option<String>,
    return_to: Option<String>,
}

/// `GET /sso/start?email=…` or `?domain=…`: redirects to the identity provider of the domain.
pub async fn start(
    service: web::Data<Service>,
    request: HttpRequest,
    query: web::Query<Start>,
) -> Result<HttpResponse, Refused> {
    let query = query.into_inner();
    let domain = match (&query.email, &query.domain) {
        (Some(email), _) => address::domain(email),
        (None, Some(domain)) => {
            let name = DomainName::parse(domain).map_err(|_| SsoError::NotOn(domain.clone()))?;
            Some(name.as_str().to_owned())
        }
        (None, None) => None,
    };
    let domain = domain.ok_or_else(|| {
        Refused::bad_request("Say who signs in: ?email=NAME@DOMAIN, or ?domain=DOMAIN.")
    })?;
    let now = service.store.clock().now();
    let way =
        service.store.read(Cost::Point, move |conn| logins::of_domain(conn, &domain, now)).await?;
    let return_to = return_path(query.return_to.as_deref()).to_owned();
    begin(&service, &request, way, query.email, return_to).await
}

/// `GET /sso/trials/{link}`: starts a test sign-in with the draft of a connection.
pub async fn try_out(
    service: web::Data<Service>,
    request: HttpRequest,
    link: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    let now = service.store.clock().now();
    let way =
        service.store.read(Cost::Point, move |conn| logins::of_trial(conn, &link, now)).await?;
    begin(&service, &request, way, None, "/".to_owned()).await
}

/// Redirects the browser to the identity provider.
///
/// # Errors
/// Fails if the identity provider cannot be used.
pub async fn begin(
    service: &web::Data<Service>,
    request: &HttpRequest,
    way: SignInMethod,
    hint: Option<String>,
    return_to: String,
) -> Result<HttpResponse, Refused> {
    let browser = Browser::begin(request, &service.public_url)?;
    let handle = token::generate("")?;
    let (mut response, handle) = match &way.settings {
        Settings::Oidc { .. } => {
            let url = oidc::request(service, &way, &browser, &handle, hint).await?;
            (redirect(&url), handle)
        }
        Settings::Saml { .. } => saml::request(service, &way)?,
    };
    let (by, secret) = (nobody_yet(request, &way), browser.secret.clone());
    service
        .write_for_stranger(by, move |transaction| {
            logins::begin(transaction, &way, &handle, &secret, &return_to)
        })
        .await?;
    let cookie = HeaderValue::try_from(browser.keep(&service.public_url));
    response.headers_mut().insert(SET_COOKIE, cookie.map_err(|_| SsoError::Changed)?);
    Ok(response)
}

/// Redirects the browser to this URL.
pub fn redirect(url: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, url)).finish()
}

/// Returns the context for writes before the person is known; the actor is the domain.
pub fn nobody_yet(request: &HttpRequest, way: &SignInMethod) -> WriteContext {
    signing_in::by_person(request, Scope(way.enterprise()), &way.connection.domain)
}

/// Finishes a sign-in after the answer was validated by the rules of its protocol: shows a page if
/// a draft was tested, opens a session otherwise. A failure is recorded for the administrator.
pub async fn end(
    service: &web::Data<Service>,
    request: &HttpRequest,
    way: SignInMethod,
    return_to: &str,
    answer: Result<Answer, Refused>,
) -> Result<HttpResponse, Refused> {
    let by_name_id = answer.as_ref().is_ok_and(|answer| answer.by_name_id);
    let outcome = match answer {
        Err(refused) => Err(refused),
        Ok(answer) => {
            let by = signing_in::by_person(request, Scope(way.enterprise()), &answer.email);
            let way = way.clone();
            let finished = service
                .write_for_stranger(by, move |transaction| {
                    logins::finish(transaction, &way, &answer)
                })
                .await;
            finished.map_err(Refused::from)
        }
    };
    match outcome {
        Ok(Finished::Verified(connection)) => {
            let note = if by_name_id {
                " The identity provider sends no attribute email: the NameID was taken as the \
                     address."
            } else {
                ""
            };
            Ok(Page::saying("Verified", &format!("{}{note}", verified(&connection))).respond())
        }
        Ok(Finished::SignedIn(opened)) => {
            Ok(signed_in(&opened.secret, return_to, &service.public_url))
        }
        Ok(Finished::Proved) => Ok(redirect(&format!("{}{return_to}", service.public_url))),
        Ok(Finished::OtherPerson(email)) => Err(SsoError::OtherPerson(email).into()),
        // Not recorded as a failure: the identity already waits for an administrator's
        // confirmation.
        Ok(Finished::OtherIdentity(email)) => Err(SsoError::OtherIdentity(email).into()),
        Err(refused) => {
            let text = refused.text().to_owned();
            let noted = service
                .write_for_stranger(nobody_yet(request, &way), move |transaction| {
                    logins::fail(transaction, &way, &text)
                })
                .await;
            if let Err(error) = noted {
                log::warn!("a failed sign-in could not be recorded: {error}");
            }
            Err(refused)
        }
    }
}

/// Returns the text of the page after a successful test sign-in.
fn verified(connection: &Connection) -> String {
    let domain = &connection.domain;
    if connection.row.draft_verified_at.is_some() {
        format!(
            "The new settings for {domain} work. Users sign in with the previous ones until an owner \
             puts the new ones into use by switching the connection on again."
        )
    } else if connection.row.is_on {
        format!("The new settings for {domain} work. Users sign in with them from now on.")
    } else {
        format!("The connection for {domain} works and is verified. An owner can switch it on.")
    }
}

/// Sets the session cookie and redirects to where the person wanted to go.
pub fn signed_in(secret: &str, return_to: &str, public_url: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, format!("{public_url}{return_to}")))
        .insert_header((SET_COOKIE, keep_session(secret, public_url)))
        .finish()
}
