//! Entering and leaving the operator's pages.

use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, SET_COOKIE};
use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use maud::html;
use serde::Deserialize;

use super::{ACCOUNTS, OperatorVisit};
use crate::http::admin::credentials::other_origin;
use crate::http::admin::operator::Operator;
use crate::http::base::browser::is_from_here;
use crate::http::base::cookies::{forget_operator, keep_operator};
use crate::http::base::prefix::at;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::console::routing::{form, sent as posted, shown};
use crate::http::console::sent::Sent;
use crate::http::console::visit::Answer;
use crate::http::pages::Page;
use crate::http::pages::parts::{Field, Filled, Form, Input};

const SIGN_IN: &str = "/operator/sign-in";

const FIELDS: &[Field<'_>] = &[
    Field::text("token", "Operator's token")
        .takes(Input::Secret)
        .hint("What the server was started with in INSOMNIA_SCIM_OPERATOR_TOKEN.")
        .answers(&["unauthorized", "too-many-attempts"]),
    Field::text("return_to", "").takes(Input::Hidden).optional(),
];

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("", home))
        .service(form("/sign-in", ask, enter))
        .service(posted("/sign-out", leave));
}

/// `GET /operator`.
async fn home(visit: OperatorVisit) -> Answer {
    Ok(lead(&visit.at(ACCOUNTS)))
}

/// The query of the page: where to go afterwards.
#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    return_to: String,
}

/// `GET /operator/sign-in`.
async fn ask(service: Data<Service>, wanted: Query<Wanted>) -> Answer {
    let wanted = wanted.into_inner().return_to;
    Ok(page(&service, &Filled::new().with("return_to", wanted)).respond())
}

fn page(service: &Service, filled: &Filled) -> Page {
    if !service.secrets.has_operator() {
        let content = html! {
            p {
                "This server has no operator's token, so nobody can enter. Start it with "
                code { "INSOMNIA_SCIM_OPERATOR_TOKEN" } " (or " code { "--operator-token" } "), at least 16 \
                 characters, to open these pages and the operator's API."
            }
            p.muted { "The command insomnia-scim operator works without it, on the server's database." }
        };
        return Page::new("The operator's pages are closed", content)
            .with_status(StatusCode::FORBIDDEN);
    }
    let content = html! {
        p {
            "For who runs this server: accounts, activation codes, and the way out where nobody of an \
             account can sign in. It lasts until you close the browser, or for 12 hours."
        }
        (Form::new(&at(SIGN_IN), FIELDS, "Sign in").render(filled))
    };
    Page::new("Operator", content)
}

/// `POST /operator/sign-in`.
async fn enter(service: Data<Service>, request: HttpRequest, sent: Sent) -> Answer {
    if !is_from_here(&request, &service.public_url) {
        return Err(other_origin());
    }
    if let Err(problem) = Operator::check(&request, &service, sent.text("token")).await {
        let refusal = Some((problem.kind().to_owned(), told(&problem)));
        let filled = Filled { refusal, ..Filled::new() }.with("return_to", sent.text("return_to"));
        // A 401 would lead here once more.
        let status = match problem.status_code() {
            StatusCode::UNAUTHORIZED => StatusCode::FORBIDDEN,
            status => status,
        };
        return Ok(page(&service, &filled).with_status(status).respond());
    }
    let now = service.store.clock().now();
    let Some(pass) = service.secrets.operator_pass(now) else {
        return Ok(page(&service, &Filled::new()).respond());
    };
    log::info!("the operator signed in, in a browser");
    let mut answer = lead(&at(after(sent.text("return_to"))));
    if let Ok(cookie) = keep_operator(&pass, &service.public_url).parse() {
        answer.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(answer)
}

fn told(problem: &Problem) -> String {
    if problem.status_code() == StatusCode::UNAUTHORIZED {
        return "This is not the operator's token of this server.".to_owned();
    }
    problem.detail().to_owned()
}

/// Returns where to go on: one of the operator's pages.
fn after(wanted: &str) -> &str {
    let is_plain = wanted.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_plain && wanted.starts_with("/operator/") { wanted } else { ACCOUNTS }
}

/// `POST /operator/sign-out`.
async fn leave(visit: OperatorVisit) -> Answer {
    let mut answer = lead(&visit.at(SIGN_IN));
    if let Ok(cookie) = forget_operator(&visit.operator.service.public_url).parse() {
        answer.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(answer)
}

fn lead(target: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, target.to_owned())).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_to_the_operators_pages_only() {
        assert_eq!(
            after("/operator/activation-codes?search=a"),
            "/operator/activation-codes?search=a"
        );
        for wanted in
            ["", "/app", "//evil.example", "/operator/\r\nx: y", "/operator", "https://x/operator/"]
        {
            assert_eq!(after(wanted), ACCOUNTS, "{wanted}");
        }
    }
}
