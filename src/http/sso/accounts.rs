//! The page on which a person who has signed in by mail chooses an account, and joins or declines
//! accounts that have added them.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use maud::html;
use serde::Deserialize;

use super::page::{Refused, require_own_page};
use crate::administration::persons::claims;
use crate::administration::sessions::{self, Current};
use crate::enterprise::permissions::Power;
use crate::enterprise::sso::return_path;
use crate::enterprise::token;
use crate::http::base::cookies::Cookie;
use crate::http::base::query::encoded;
use crate::http::base::state::Service;
use crate::http::pages::{Page, hidden, post_form};
use crate::http::signing_in;
use crate::store::Cost;

/// The path of the page.
pub const PATH: &str = "/accounts";

/// Returns the session of this browser.
///
/// # Errors
/// Fails with a page if the browser is not signed in.
pub async fn current(service: &Service, request: &HttpRequest) -> Result<Current, Refused> {
    let nobody = || {
        Refused::unauthorized(
            "You are not signed in. Sign in where your company signs in, or by a link that comes by \
             mail: `insomnia-scim admin session request-link --email YOUR-ADDRESS` sends one.",
        )
    };
    let secret = Cookie::Session.read(request, &service.public_url).ok_or_else(nobody)?;
    let (now, hash) = (service.store.clock().now(), token::hash(secret));
    let found =
        service.store.read(Cost::Point, move |conn| sessions::current(conn, &hash, now)).await?;
    found.ok_or_else(nobody)
}

/// Returns the path of the page, which leads to this page of the server once an account is chosen.
pub fn path(return_to: Option<&str>) -> String {
    match return_to {
        Some(wanted) => format!("{PATH}?return_to={}", encoded(wanted)),
        None => PATH.to_owned(),
    }
}

/// The query of the page.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    return_to: Option<String>,
}

/// `GET /accounts`.
pub async fn show(
    service: web::Data<Service>,
    request: HttpRequest,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Refused> {
    let Current { session, person, .. } = current(&service, &request).await?;
    let (mine, waiting) = service
        .store
        .read(Cost::Point, move |conn| {
            let mine = sessions::accounts_of(conn, &session)?;
            let waiting = if session.credential().may(Power::Person) {
                claims::waiting(conn, session.user_pk)?
            } else {
                Vec::new()
            };
            Ok::<_, crate::administration::AdministrationError>((mine, waiting))
        })
        .await?;
    let action = format!("{}{PATH}", service.public_url);
    let text = if mine.is_empty() && waiting.is_empty() {
        format!("You are signed in as {}, who is a member of no account.", person.email)
    } else {
        format!("You are signed in as {}. Where do you want to go on?", person.email)
    };
    let wanted = wanted.into_inner().return_to;
    let wanted = html! { @if let Some(path) = &wanted { (hidden("return_to", path)) } };
    let page = html! {
        p { (text) }
        @for account in &mine {
            (post_form(&action, &html! {
                (wanted)
                button name="account" value=(account.account_id) {
                    "Go on in " (account.account_name)
                }
            }))
        }
        @for account in &waiting {
            h2 { (account.account_name) " has added you: join?" }
            (post_form(&action, &html! {
                (wanted)
                button name="join" value=(account.member_id) { "Join " (account.account_name) }
                button.quiet name="decline" value=(account.member_id) { "Decline" }
            }))
        }
    };
    Ok(Page::new("Your accounts", page).respond())
}

/// The form of the button that was pressed.
#[derive(Debug, Deserialize)]
pub struct Pressed {
    account: Option<String>,
    join: Option<String>,
    decline: Option<String>,
    return_to: Option<String>,
}

/// `POST /accounts`.
pub async fn answer(
    service: web::Data<Service>,
    request: HttpRequest,
    pressed: web::Form<Pressed>,
) -> Result<HttpResponse, Refused> {
    require_own_page(&request, &service, "Choose an account on this server's own page.")?;
    let Current { session, person, .. } = current(&service, &request).await?;
    let pressed = pressed.into_inner();
    let wanted = pressed.return_to.as_deref().map(|path| return_path(Some(path)));
    let chooser = path(wanted);
    let mut account = pressed.account;
    if let Some(member) = pressed.join {
        let joined = signing_in::join(&service, &request, &session, &person, member).await?;
        account = Some(joined.account_id);
    }
    if let Some(member) = pressed.decline {
        signing_in::decline(&service, &request, &session, &person, member).await?;
        return Ok(leads_to(&service, &chooser));
    }
    let Some(account) = account else { return Ok(leads_to(&service, &chooser)) };
    signing_in::choose(&service, &request, &person.email, &session, account).await?;
    Ok(leads_to(&service, wanted.unwrap_or("/")))
}

fn leads_to(service: &Service, path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, format!("{}{path}", service.public_url)))
        .finish()
}
