//! The page on which a person who has signed in by mail chooses an account, and joins or declines
//! accounts that have added them.

use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};
use serde::Deserialize;

use super::page::{Refused, require_own_page};
use super::start::redirect;
use crate::administration::AdministrationError;
use crate::administration::persons::claims;
use crate::administration::sessions::{self, Choice, Current};
use crate::enterprise::permissions::Power;
use crate::enterprise::sso::return_path;
use crate::enterprise::token;
use crate::http::base::cookies::Cookie;
use crate::http::base::prefix::at;
use crate::http::base::query::encoded;
use crate::http::base::state::Service;
use crate::http::pages::parts::{Tone, badge};
use crate::http::pages::{Page, hidden, post_form};
use crate::http::signing_in;
use crate::store::Cost;

/// The path of the page.
pub const PATH: &str = "/accounts";

/// Returns the session of this browser, if it is signed in.
///
/// # Errors
/// Fails if the database does.
pub async fn find(service: &Service, request: &HttpRequest) -> Result<Option<Current>, Refused> {
    let Some(secret) = Cookie::Session.read(request, &service.public_url) else { return Ok(None) };
    let (now, hash) = (service.store.clock().now(), token::hash(secret));
    let read = move |conn: &mut _| sessions::current(conn, &hash, now);
    Ok(service.store.read(Cost::Point, read).await?)
}

/// Returns the session of this browser.
///
/// # Errors
/// Leads to the page to sign in, and back, if the browser is not signed in.
pub async fn current(service: &Service, request: &HttpRequest) -> Result<Current, Refused> {
    let found = find(service, request).await?;
    found.ok_or_else(|| {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        Refused::signed_out(path)
    })
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

/// `GET /accounts`. Who is a member of no account is led to where they get into one.
pub async fn show(
    service: web::Data<Service>,
    request: HttpRequest,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Refused> {
    let Current { session, person, .. } = current(&service, &request).await?;
    let (acting, now) = (session.member_pk, service.store.clock().now());
    let (mine, waiting) = service
        .store
        .read(Cost::Point, move |conn| {
            let mine = sessions::choices(conn, &session, now)?;
            let waiting = if session.credential().may(Power::Person) {
                claims::waiting(conn, session.user_pk)?
            } else {
                Vec::new()
            };
            Ok::<_, AdministrationError>((mine, waiting))
        })
        .await?;
    if mine.is_empty() && waiting.is_empty() {
        return Ok(redirect(&at("/app/start")));
    }
    let action = at(PATH);
    let wanted = wanted.into_inner().return_to;
    let wanted = html! { @if let Some(path) = &wanted { (hidden("return_to", path)) } };
    let page = html! {
        p { "You are signed in as " (person.email) ". Where do you want to go on?" }
        @for one in &mine {
            (choice(&action, &wanted, one, acting == Some(one.membership.member_pk)))
        }
        @for account in &waiting {
            section.stack.tight {
                h2 { (account.account_name) " has added you: join?" }
                p.muted { "You would be " (account.role) " there, as " (account.email_key) "." }
                (post_form(&action, &html! {
                    (wanted)
                    div.actions {
                        button name="join" value=(account.member_id) { "Join " (account.account_name) }
                        button name="decline" value=(account.member_id) { "Decline" }
                    }
                }))
            }
        }
        p { a href=(at("/app/account")) { "My account and invitations" } }
    };
    Ok(Page::new("Your accounts", page).respond())
}

fn choice(action: &str, wanted: &Markup, one: &Choice, is_current: bool) -> Markup {
    let Choice { membership, plan, is_active } = one;
    html! {
        section.stack.tight {
            h2 { (membership.account_name) }
            p {
                "You are " (membership.role) " there. Plan: " (plan) "."
                @if !is_active { " " (badge(Tone::Bad, "Inactive")) }
                @if is_current { " " (badge(Tone::Good, "Current")) }
            }
            (post_form(action, &html! {
                (wanted)
                button name="account" value=(membership.account_id) {
                    "Go on in " (membership.account_name)
                }
            }))
        }
    }
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
        return Ok(redirect(&at(&chooser)));
    }
    let Some(account) = account else { return Ok(redirect(&at(&chooser))) };
    signing_in::choose(&service, &request, &person.email, &session, account).await?;
    Ok(redirect(&at(wanted.unwrap_or("/"))))
}
