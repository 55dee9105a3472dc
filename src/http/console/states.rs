//! Refusals as pages: not signed in, not allowed, not in the plan, not there, not now. What a page can
//! do about a refusal stands on it; the texts of the use cases speak to programs, too.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{LOCATION, RETRY_AFTER};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError};
use maud::{Markup, html};

use crate::http::base::browser::path_of;
use crate::http::base::problem::Problem;
use crate::http::base::query::encoded;
use crate::http::base::request_id::RequestId;
use crate::http::base::state::Service;
use crate::http::pages::parts::{link, main_link};
use crate::http::pages::{Page, hidden, post_form};

/// Turns a refusal into a page of the console.
pub async fn as_pages(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    told(request, next, CONSOLE).await
}

/// Turns a refusal into one of the operator's pages.
pub async fn as_operators_pages(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    told(request, next, OPERATOR).await
}

/// Pages that belong together: where they begin, and where one signs in.
#[derive(Clone, Copy)]
struct Area {
    home: &'static str,
    sign_in: &'static str,
}

const CONSOLE: Area = Area { home: "/app", sign_in: "/sign-in" };
const OPERATOR: Area = Area { home: "/operator", sign_in: "/operator/sign-in" };

async fn told(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    area: Area,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let service = request.app_data::<Data<Service>>();
    let base = service.map(|service| path_of(&service.public_url).trim_end_matches('/').to_owned());
    let is_read = request.method() == Method::GET;
    let path = request.uri().path_and_query().map_or(area.home, |path| path.as_str());
    // What a form was sent to is a page, too; what was typed cannot be kept.
    let wanted = if is_read { path.to_owned() } else { request.path().to_owned() };
    let answer = next.call(request).await?;
    let error = answer.response().error().and_then(|error| error.as_error::<Problem>());
    let Some(problem) = error else { return Ok(answer.map_into_boxed_body()) };
    let reference = answer.request().extensions().get::<RequestId>().map(ToString::to_string);
    let place = Place { base: base.unwrap_or_default(), area, wanted, reference };
    let page = place.page(problem);
    Ok(answer.into_response(page))
}

/// Where somebody was refused.
struct Place {
    base: String,
    area: Area,
    wanted: String,
    /// The id of the request, for who asks about it.
    reference: Option<String>,
}

impl Place {
    fn page(&self, problem: &Problem) -> HttpResponse {
        if problem.status_code() == StatusCode::UNAUTHORIZED {
            let target = format!("{}?return_to={}", self.area.sign_in, encoded(&self.wanted));
            return self.leads_to(&target);
        }
        if problem.kind() == "no-account" {
            return self.leads_to(&format!("/accounts?return_to={}", encoded(&self.wanted)));
        }
        let (title, content) = self.content(problem);
        let mut answer = Page::new(title, content).with_status(problem.status_code()).respond();
        if let Some(seconds) = problem.retry_after() {
            answer.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        answer
    }

    fn content(&self, problem: &Problem) -> (&'static str, Markup) {
        let home = || main_link("Home", &format!("{}{}", self.base, self.area.home));
        let detail = html! { p { (problem.detail()) } };
        match (problem.status_code(), problem.kind()) {
            (_, "sign-in-again") => ("Confirm that it is you", self.proof()),
            (_, "plan-lacks") => (
                "Your plan does not include this",
                html! {
                    (detail)
                    div.actions {
                        (main_link("Start 14 day trial", &format!("{}/app/billing/trial", self.base)))
                        (link("Enter activation code", &format!("{}/app/subscription/update", self.base)))
                    }
                },
            ),
            (_, "plan-ended") => (
                "The account is inactive",
                html! {
                    p {
                        "Its Enterprise plan or trial has ended. The data is kept: its owner can read and \
                         export it, make the account smaller, and reactivate it."
                    }
                    @if problem.people().is_empty() {
                        div.actions { (main_link("Reactivate", &format!("{}/app/billing", self.base))) }
                    } @else {
                        (whom(problem))
                        (self.ways_out())
                    }
                },
            ),
            (StatusCode::FORBIDDEN, _) => (
                "You may not do this",
                html! {
                    p { (problem.reason()) }
                    @if !problem.people().is_empty() { (whom(problem)) }
                    (self.ways_out())
                },
            ),
            (StatusCode::NOT_FOUND, _) => (
                "This is not here",
                html! {
                    p { "It was removed, or never was, or it is not yours to see." }
                    div.actions { (home()) }
                },
            ),
            (StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE, _) => (
                "Not now",
                html! {
                    (detail)
                    div.actions { (main_link("Try again", &format!("{}{}", self.base, self.wanted))) }
                    (self.reference())
                },
            ),
            _ => (
                "This did not work",
                html! {
                    (detail)
                    div.actions {
                        (main_link("Try again", &format!("{}{}", self.base, self.wanted)))
                        (link("Home", &format!("{}{}", self.base, self.area.home)))
                    }
                    (self.reference())
                },
            ),
        }
    }

    /// Renders the pages that everybody has.
    fn ways_out(&self) -> Markup {
        let organizations = format!("{}/app/dashboard/organizations", self.base);
        if self.area.home != CONSOLE.home {
            let home = format!("{}{}", self.base, self.area.home);
            return html! { div.actions { (main_link("Home", &home)) } };
        }
        html! {
            div.actions {
                (main_link("Your organizations", &organizations))
                (link("My account", &format!("{}/app/account", self.base)))
                (link("Other accounts", &format!("{}/accounts", self.base)))
            }
        }
    }

    fn proof(&self) -> Markup {
        let fields = html! {
            (hidden("return_to", &self.wanted))
            button.main { "Confirm that it is you" }
        };
        html! {
            p {
                "You have been signed in for a while, and this needs a proof of who you are that is not \
                 older than 15 minutes. You come back to this page afterwards."
            }
            (post_form(&format!("{}/app/proof", self.base), &fields))
        }
    }

    fn reference(&self) -> Markup {
        html! {
            @if let Some(id) = &self.reference {
                p.muted { "If it happens again, name this request: " code { (id) } }
            }
        }
    }

    fn leads_to(&self, path: &str) -> HttpResponse {
        HttpResponse::SeeOther().insert_header((LOCATION, format!("{}{path}", self.base))).finish()
    }
}

fn whom(problem: &Problem) -> Markup {
    html! {
        p { "You can ask:" }
        ul {
            @for person in problem.people() {
                li { (person.name) @if let Some(email) = &person.email { ", " a href={ "mailto:" (email) } { (email) } } }
            }
        }
    }
}
