//! The page of the link by which the owner of a new account claims it. Opening it only shows a
//! button, as with a link to sign in.

use actix_web::{HttpRequest, HttpResponse, web};
use maud::html;

use super::page::{Refused, require_own_page};
use super::start::signed_in;
use crate::administration::ownership;
use crate::http::base::state::Service;
use crate::http::pages::{Page, button, post_form};
use crate::http::signing_in;
use crate::store::Cost;

/// `GET /welcome/{link}`.
pub async fn ask(
    service: web::Data<Service>,
    link: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    let now = service.store.clock().now();
    let action = format!("{}/welcome/{link}", service.public_url);
    let offer =
        service.store.read(Cost::Point, move |conn| ownership::look(conn, &link, now)).await?;
    let page = html! {
        p {
            "You are about to claim the account " (offer.account_name) " as its owner, with the \
             address " (offer.email) "."
        }
        (post_form(&action, &button("Claim the account")))
    };
    Ok(Page::new("Welcome to Insomnia Enterprise", page).respond())
}

/// `POST /welcome/{link}`: claims the account, and signs in to it.
pub async fn claim(
    service: web::Data<Service>,
    request: HttpRequest,
    link: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    require_own_page(
        &request,
        &service,
        "Open the link in the mail, and claim the account there.",
    )?;
    let claimed = signing_in::claim_account(&service, &request, link.into_inner()).await?;
    let account = claimed.account.id;
    let opened = signing_in::open(&service, &request, claimed.sign_in, Some(account)).await?;
    Ok(signed_in(&opened.secret, "/", &service.public_url))
}
