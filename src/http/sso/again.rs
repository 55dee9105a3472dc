//! Proving again who one is, in the same session: the page of a link in a mail, and the way to the
//! identity provider and back. The link works only in the browser that is signed in with the session
//! that asked, so that a reader of the mail cannot be tricked into proving somebody else's session.

use actix_web::{HttpRequest, HttpResponse, web};
use maud::html;
use serde::Deserialize;

use super::accounts::current;
use super::page::{Refused, require_own_page};
use super::start::{begin, redirect};
use crate::administration::second_proof;
use crate::administration::sso::SsoError;
use crate::administration::sso::logins;
use crate::enterprise::address;
use crate::enterprise::sso::{SignedInBy, return_path};
use crate::http::base::caller;
use crate::http::base::guesses::is_wrong;
use crate::http::base::state::Service;
use crate::http::pages::{Page, button, post_form};
use crate::http::signing_in;
use crate::store::{Cost, Scope};

/// `GET /sign-in-again/{link}`: shows the button.
pub async fn ask(
    service: web::Data<Service>,
    request: HttpRequest,
    link: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    let now = service.store.clock().now();
    let current = current(&service, &request).await?;
    let action = format!("{}/sign-in-again/{link}", service.public_url);
    let email = current.person.email;
    service
        .store
        .read(Cost::Point, move |conn| second_proof::look(conn, &current.session, &link, now))
        .await?;
    let page = html! {
        p { "You are about to confirm that it is you, " (email) ", who is signed in here." }
        (post_form(&action, &button("It is me")))
    };
    Ok(Page::new("Confirm that it is you", page).respond())
}

/// `POST /sign-in-again/{link}`: proves it, and leads back.
pub async fn confirm(
    service: web::Data<Service>,
    request: HttpRequest,
    link: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    require_own_page(&request, &service, "Open the link in the mail, and confirm there.")?;
    let (now, current) = (service.store.clock().now(), current(&service, &request).await?);
    let (session, secret) = (current.session.clone(), link.clone());
    let look = service
        .store
        .read(Cost::Point, move |conn| second_proof::look(conn, &session, &secret, now));
    service.links.look(caller::place(&request), None, look, is_wrong).await??;
    let account = Scope::from(current.account());
    let by = signing_in::by_person(&request, account, &current.person.email);
    let return_to = service
        .store
        .write(by, move |transaction| second_proof::confirm(transaction, &current, &link))
        .await?;
    Ok(redirect(&format!("{}{return_to}", service.public_url)))
}

/// The query of [`start`].
#[derive(Debug, Deserialize)]
pub struct Start {
    return_to: Option<String>,
}

/// `GET /sso/again`: redirects to the identity provider through which the session was opened, which is
/// asked to let the person sign in anew.
pub async fn start(
    service: web::Data<Service>,
    request: HttpRequest,
    query: web::Query<Start>,
) -> Result<HttpResponse, Refused> {
    let session = current(&service, &request).await?.session;
    let domain = address::domain(&session.email_key)
        .filter(|_| session.signed_in_by == SignedInBy::Sso)
        .ok_or_else(|| {
            Refused::bad_request(
                "You did not sign in at an identity provider: POST /api/v1/session/proof sends you a \
                 link by mail.",
            )
        })?;
    let now = service.store.clock().now();
    let asked = domain.clone();
    let way =
        service.store.read(Cost::Point, move |conn| logins::of_domain(conn, &asked, now)).await?;
    if session.confined_to != Some(way.enterprise()) {
        return Err(SsoError::NotOn(domain).into());
    }
    let return_to = return_path(query.return_to.as_deref()).to_owned();
    let way = way.proving(session.pk);
    begin(&service, &request, way, Some(session.email_key), return_to).await
}
