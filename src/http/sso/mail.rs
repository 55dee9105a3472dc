//! The link in a mail. Opening it only shows a button, because programs that scan mails open links,
//! too.

use actix_web::{HttpRequest, HttpResponse, web};
use maud::html;

use super::page::{Refused, require_own_page};
use super::{accounts, start::signed_in};
use crate::administration::sign_in;
use crate::http::base::state::Service;
use crate::http::pages::{Page, button, post_form};
use crate::http::signing_in;
use crate::store::{Conn, Cost, StoreError};

/// `GET /sign-in/{link}`: shows the button.
pub async fn ask(
    service: web::Data<Service>,
    link: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    let now = service.store.clock().now();
    let action = format!("{}/sign-in/{link}", service.public_url);
    let secret = link.clone();
    let look = move |conn: &mut Conn| sign_in::look(conn, &secret, None, now);
    let email = service.store.read(Cost::Point, look).await;
    let email = email.map_err(|error| Refused::from(error).or_new_link(&link))?;
    let page = html! {
        p { "You are about to sign in as " (email) "." }
        (post_form(&action, &button("Sign in")))
    };
    Ok(Page::new("Sign in to Insomnia Enterprise", page).respond())
}

/// `POST /sign-in/{link}`: signs in.
pub async fn sign_in(
    service: web::Data<Service>,
    request: HttpRequest,
    link: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    require_own_page(&request, &service, "Open the link in the mail, and sign in there.")?;
    let link = link.into_inner();
    let asked = link.clone();
    let read = move |conn: &mut Conn| sign_in::wanted_page(conn, &asked);
    let wanted = service.store.read::<_, StoreError>(Cost::Point, read).await?;
    let opened = signing_in::by_link(&service, &request, link.clone(), None).await;
    let opened = opened.map_err(|error| Refused::from(error).or_new_link(&link))?;
    let return_to = match opened.session.member_pk {
        Some(_) => wanted.unwrap_or_else(|| "/".to_owned()),
        // The person has several accounts, or accounts that wait for an answer.
        None => accounts::path(wanted.as_deref()),
    };
    Ok(signed_in(&opened.secret, &return_to, &service.public_url))
}
