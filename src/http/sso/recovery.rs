//! The page of a recovery link. Opening it only shows a button, as with a link in a mail.

use actix_web::{HttpRequest, HttpResponse, web};
use maud::html;

use super::page::{Refused, require_own_page};
use super::start::signed_in;
use crate::administration::recovery;
use crate::http::base::caller;
use crate::http::base::guesses::is_wrong;
use crate::http::base::state::Service;
use crate::http::pages::{Page, button, post_form};
use crate::http::signing_in;
use crate::store::{Cost, Scope};

/// `GET /recover/{secret}`.
pub async fn ask(
    service: web::Data<Service>,
    secret: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    let now = service.store.clock().now();
    let action = format!("{}/recover/{secret}", service.public_url);
    let (email, _) =
        service.store.read(Cost::Point, move |conn| recovery::look(conn, &secret, now)).await?;
    let page = html! {
        p {
            "You are about to sign in as " (email) ", past single sign-on. The link works once. \
             Every owner is told by mail."
        }
        (post_form(&action, &button("Sign in")))
    };
    Ok(Page::new("Sign in to Insomnia Enterprise", page).respond())
}

/// `POST /recover/{secret}`.
pub async fn sign_in(
    service: web::Data<Service>,
    request: HttpRequest,
    secret: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    require_own_page(&request, &service, "Open the recovery link, and sign in there.")?;
    let (now, own) = (service.store.clock().now(), secret.clone());
    let look = service.store.read(Cost::Point, move |conn| recovery::look(conn, &own, now));
    let (email, enterprise) =
        service.links.look(caller::place(&request), None, look, is_wrong).await??;
    let by = signing_in::by_person(&request, Scope(enterprise), &email);
    let opened = service
        .write_for_stranger(by, move |transaction| recovery::redeem(transaction, &secret))
        .await?;
    Ok(signed_in(&opened.secret, "/", &service.public_url))
}
