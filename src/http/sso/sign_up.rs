//! `/sign-up`: the form, and the page that the link in the mail opens. That asks before it uses the
//! token, because programs that scan mails open the links in them.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use maud::html;
use serde::Deserialize;

use super::start::sign_in_after_proof;
use crate::administration::sign_up::SignUpName;
use crate::http::admin::sign_ups::{asked, confirmed};
use crate::http::base::browser::is_from_here;
use crate::http::base::prefix::at;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::pages::parts::{Field, Filled, Form, Input, main_link};
use crate::http::pages::{Page, button, hidden, post_form};

const TITLE: &str = "Sign up";

const FIELDS: &[Field<'_>] = &[
    Field::text("email", "E-mail address")
        .takes(Input::Own("email"))
        .answers(&["invalid-value", "too-many-mails"]),
    Field::text("given_name", "Given name").takes(Input::Own("given-name")),
    Field::text("family_name", "Family name").takes(Input::Own("family-name")),
];

/// The token of the link.
#[derive(Debug, Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

/// `GET /sign-up`, and `GET /sign-up?token=…`.
pub async fn show(link: web::Query<Link>) -> HttpResponse {
    if link.token.is_empty() {
        return page(&Filled::new()).respond();
    }
    let form = html! { (hidden("token", &link.token)) (button("Confirm the address")) };
    let content = html! {
        p { "Confirm your address to finish signing up." }
        (post_form(&at("/sign-up"), &form))
    };
    Page::new(TITLE, content).respond()
}

fn page(filled: &Filled) -> Page {
    let content = html! {
        (Form::new(&at("/sign-up"), FIELDS, "Sign up").render(filled))
        p.muted {
            "A mail with a link confirms the address. If your company has an account that takes people \
             of its domain in, you join that; otherwise you get an account of your own."
        }
        p { "You have signed up before? " a href=(at("/sign-in")) { "Sign in" } }
    };
    Page::new(TITLE, content)
}

/// What the pages' forms send.
#[derive(Debug, Deserialize)]
pub struct Sent {
    #[serde(default)]
    token: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    given_name: String,
    #[serde(default)]
    family_name: String,
}

/// `POST /sign-up`: sends the mail, or confirms the address with its token.
pub async fn send(
    service: web::Data<Service>,
    request: HttpRequest,
    sent: web::Form<Sent>,
) -> HttpResponse {
    if !is_from_here(&request, &service.public_url) {
        return Page::saying(TITLE, "Open the link in the mail, and confirm the address there.")
            .with_status(StatusCode::FORBIDDEN)
            .respond();
    }
    let sent = sent.into_inner();
    if sent.token.is_empty() {
        ask(&service, &request, sent).await
    } else {
        confirm(&service, &request, sent.token).await
    }
}

async fn ask(service: &Service, request: &HttpRequest, sent: Sent) -> HttpResponse {
    let Sent { email, given_name, family_name, .. } = sent;
    let name = SignUpName::Parts(given_name.clone(), family_name.clone());
    let Err(problem) = asked(service, request, email.clone(), name).await else {
        let content = html! {
            p {
                "A mail is on its way to " strong { (email.trim()) } ". Its link confirms the address; \
                 it works once, within 24 hours."
            }
            p { a href=(at("/sign-up")) { "Use another address" } }
        };
        return Page::new("Look in your mailbox", content).respond();
    };
    let refusal = Some((problem.kind().to_owned(), problem.detail().to_owned()));
    let filled = Filled::new()
        .with("email", email)
        .with("given_name", given_name)
        .with("family_name", family_name);
    page(&Filled { refusal, ..filled }).with_status(problem.status_code()).respond()
}

async fn confirm(service: &Service, request: &HttpRequest, token: String) -> HttpResponse {
    let person = match confirmed(service, request, token).await {
        Ok(person) => person,
        Err(problem) => return refused(&problem),
    };
    let email = &person.email;
    match sign_in_after_proof(service, request, email, person.account_id).await {
        Ok(leads) => leads,
        // The address is confirmed all the same.
        Err(problem) => {
            let content = html! {
                p { (email) " is confirmed." }
                p { (problem.detail()) }
                div.actions { (main_link("Sign in", &at("/sign-in"))) }
            };
            Page::new("Address confirmed", content).respond()
        }
    }
}

fn refused(problem: &Problem) -> HttpResponse {
    let way = match problem.kind() {
        "no-such-link" => main_link("Sign up again", &at("/sign-up")),
        _ => main_link("Sign in", &at("/sign-in")),
    };
    Page::refusing(TITLE, problem).followed_by(&html! { div.actions { (way) } }).respond()
}
