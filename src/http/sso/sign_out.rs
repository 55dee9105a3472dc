//! Signing out.

use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, HttpResponse, web};
use maud::html;

use super::accounts::find;
use super::page::{Refused, require_own_page};
use super::start::redirect;
use crate::administration::sessions;
use crate::http::base::cookies::forget_session;
use crate::http::base::prefix::at;
use crate::http::base::state::Service;
use crate::http::pages::parts::main_link;
use crate::http::pages::{Page, button, post_form};
use crate::http::signing_in;
use crate::store::Scope;

/// `GET /sign-out`: says that nobody is signed in, or asks.
pub async fn show(
    service: web::Data<Service>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    Ok(match find(&service, &request).await? {
        Some(current) => {
            let content = html! {
                p { "You are signed in as " (current.person.email) "." }
                (post_form(&at("/sign-out"), &button("Sign out")))
                p { a href=(at("/app")) { "Stay signed in" } }
            };
            Page::new("Sign out?", content).respond()
        }
        None => {
            let content = html! {
                p { "Nobody is signed in to Insomnia Enterprise in this browser." }
                div.actions { (main_link("Sign in again", &at("/sign-in"))) }
            };
            Page::new("You are signed out", content).respond()
        }
    })
}

/// `POST /sign-out`: ends the session.
pub async fn sign_out(
    service: web::Data<Service>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    require_own_page(&request, &service, "Sign out on this server's own page.")?;
    if let Some(current) = find(&service, &request).await? {
        let account = Scope::from(current.account());
        let by = signing_in::by_person(&request, account, &current.person.email);
        service
            .store
            .write(by, move |transaction| sessions::sign_out(transaction, &current))
            .await?;
    }
    let mut response = redirect(&at("/sign-out"));
    let cookie = forget_session(&service.public_url);
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}
