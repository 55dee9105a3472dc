//! Refusals as pages: not signed in, not allowed, not in the plan, not there, not now.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::LOCATION;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse, ResponseError};
use maud::html;

use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::pages::Page;
use crate::http::pages::parts::main_link;

/// Turns a refusal into a page.
pub async fn as_pages(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let base = request.app_data::<Data<Service>>().map(|service| service.public_url.clone());
    let wanted = match *request.method() {
        Method::GET => request.uri().path_and_query().map(ToString::to_string),
        _ => None,
    };
    let answer = next.call(request).await?;
    let error = answer.response().error().and_then(|error| error.as_error::<Problem>());
    let Some(page) = error.map(|problem| page(problem, base.as_deref(), wanted.as_deref())) else {
        return Ok(answer.map_into_boxed_body());
    };
    Ok(answer.into_response(page))
}

fn page(problem: &Problem, base: Option<&str>, wanted: Option<&str>) -> HttpResponse {
    let base = base.unwrap_or_default();
    let (title, link) = match (problem.status_code(), problem.word()) {
        (StatusCode::UNAUTHORIZED, _) => return sign_in(base, wanted),
        (_, "no-account") => {
            let accounts = format!("{base}/accounts");
            return HttpResponse::SeeOther().insert_header((LOCATION, accounts)).finish();
        }
        (_, "plan-lacks") => ("Your plan does not include this", Some(("See plans", "/app/billing"))),
        (_, "plan-ended") => ("The account is inactive", Some(("Plan & billing", "/app/billing"))),
        (StatusCode::FORBIDDEN, _) => ("You may not do this", None),
        (StatusCode::NOT_FOUND, _) => ("This is not here", None),
        (StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE, _) => {
            ("Not now", None)
        }
        _ => ("This did not work", None),
    };
    let (label, path) = link.unwrap_or(("Home", "/app"));
    let content = html! {
        p { (problem.detail()) }
        div.actions { (main_link(label, &format!("{base}{path}"))) }
    };
    let mut answer = Page::new(title, content).with_status(problem.status_code()).respond();
    if let Some(seconds) = problem.retry_after() {
        answer.headers_mut().insert(actix_web::http::header::RETRY_AFTER, seconds.into());
    }
    answer
}

/// Leads to the sign-in page, and from there back to the page that was wanted.
fn sign_in(base: &str, wanted: Option<&str>) -> HttpResponse {
    let back = percent_encoding::utf8_percent_encode(
        wanted.unwrap_or("/app"),
        percent_encoding::NON_ALPHANUMERIC,
    );
    let target = format!("{base}/sign-in?return_to={back}");
    HttpResponse::SeeOther().insert_header((LOCATION, target)).finish()
}
