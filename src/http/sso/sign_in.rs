//! The page to sign in, and the page that says to look for the mail.

use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use maud::html;
use serde::Deserialize;

use super::accounts::find;
use super::page::{Refused, require_own_page};
use super::start::redirect;
use crate::enterprise::sso::return_path;
use crate::http::base::prefix::at;
use crate::http::base::problem::Problem;
use crate::http::base::query::with_query;
use crate::http::base::state::Service;
use crate::http::pages::parts::{Field, Filled, Form, Input, link};
use crate::http::pages::{Page, hidden, post_form};
use crate::http::signing_in;

const TITLE: &str = "Sign in";

const FIELDS: &[Field<'_>] = &[
    Field::text("email", "E-mail address").takes(Input::Own("email")).answers(&[
        "invalid-value",
        "too-many-links",
        "too-many-requests",
    ]),
    Field::text("return_to", "").takes(Input::Hidden).optional(),
];

/// The query of the page: where to go afterwards.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    return_to: String,
}

/// `GET /`: leads to the console, or to the page to sign in.
pub async fn home(
    service: web::Data<Service>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let page = match find(&service, &request).await? {
        Some(current) if current.member.is_some() => "/app",
        Some(_) => "/accounts",
        None => "/sign-in",
    };
    Ok(redirect(&at(page)))
}

/// `GET /sign-in`.
pub async fn show(
    service: web::Data<Service>,
    request: HttpRequest,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Refused> {
    let signed_in = find(&service, &request).await?.map(|current| current.person.email);
    Ok(page(&Filled::new().with("return_to", &wanted.return_to), signed_in.as_deref()).respond())
}

fn page(filled: &Filled, signed_in: Option<&str>) -> Page {
    let on = Some(filled.value("return_to")).filter(|path| !path.is_empty());
    let content = html! {
        @if let Some(email) = signed_in {
            p { "You are signed in as " (email) " in this browser." }
            div.actions { (link("Go on", &at(return_path(Some(on.unwrap_or("/app")))))) }
        }
        (Form::new(&at("/sign-in"), FIELDS, "Continue").render(filled))
        p.muted {
            "You get a link by mail, or go on to where your company signs in. There is no password."
        }
        p { "New here? " a href=(at("/sign-up")) { "Sign up" } }
    };
    Page::new(TITLE, content)
}

/// What the page's form sends, or the form of a page that offers a new link.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    email: String,
    #[serde(default)]
    return_to: String,
    /// A link that does not work any more.
    link: Option<String>,
}

/// `POST /sign-in`: leads to the identity provider of the address's domain, or sends a link. The
/// answer is the same whether or not somebody has the address.
pub async fn ask(
    service: web::Data<Service>,
    request: HttpRequest,
    asked: web::Form<Asked>,
) -> Result<HttpResponse, Refused> {
    require_own_page(&request, &service, "Sign in on this server's own page.")?;
    let Asked { email, return_to, link } = asked.into_inner();
    let email = email.trim().to_owned();
    let wanted = Some(return_to.as_str()).filter(|path| !path.is_empty());
    let sent = match link {
        Some(link) => signing_in::ask_anew(&service, &request, link).await,
        None => {
            let wanted = wanted.map(str::to_owned);
            signing_in::ask(&service, &request, email.clone(), wanted).await.map(|()| email.clone())
        }
    };
    let problem = match sent {
        Ok(email) => return Ok(told(&email, &return_to)),
        Err(error) => Problem::from(error),
    };
    if problem.kind() == "sso-required" && !email.is_empty() {
        let way = [("email", email.as_str()), ("return_to", wanted.unwrap_or("/app"))];
        return Ok(redirect(&at(&with_query("/sso/start", &way))));
    }
    let filled = Filled::new().with("email", email).with("return_to", return_to);
    let refusal = Some((problem.kind().to_owned(), problem.detail().to_owned()));
    let page = page(&Filled { refusal, ..filled }, None);
    Ok(page.with_status(problem.status_code()).respond())
}

fn told(email: &str, return_to: &str) -> HttpResponse {
    let again = html! {
        (hidden("email", email))
        @if !return_to.is_empty() { (hidden("return_to", return_to)) }
        button data-after="60" { "Send again" }
    };
    let content = html! {
        p {
            "If " strong { (email) } " is known here, a link to sign in is on its way to it. It works \
             once, for 15 minutes."
        }
        p.muted { "Nothing came after a minute? Look among unwanted mails, or:" }
        (post_form(&at("/sign-in"), &again))
        p { a href=(at("/sign-in")) { "Use another address" } }
    };
    Page::new("Look in your mailbox", content).improved().respond()
}
