//! Limits every request body, and answers requests whose body exceeded its limits.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{RETRY_AFTER, TRANSFER_ENCODING};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError, web};

use crate::http::base::bodies::{self, Answer, Ended, Rules};
use crate::http::base::caller;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::{scim, sso};
use crate::scim::ScimError;

/// Enforces the limits on the request's body, and answers if the body exceeded them.
pub async fn bound(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let rules = request.app_data::<web::Data<Service>>().map(|service| Rules {
        longest: service.limits.max_body,
        patience: service.limits.patience,
        waiting: service.waiting.clone(),
    });
    let place = caller::place(request.request());
    let meter = rules.and_then(|rules| bodies::bind(&mut request, rules, place));
    let mut response = next.call(request).await?.map_into_boxed_body();
    let Some(meter) = meter else { return Ok(response) };
    if let Some(ended) = meter.ended()
        && response.status() != ended.status()
    {
        let answer = answer(response.request(), ended);
        response = response.into_response(answer);
    }
    if let Some(rest) = meter.rest().filter(|_| is_open_ended(response.request())) {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
        response = response.map_body(|_, body| BoxBody::new(Answer::new(body, rest)));
    }
    Ok(response)
}

fn is_open_ended(request: &HttpRequest) -> bool {
    request.headers().contains_key(TRANSFER_ENCODING)
}

/// Returns the refusal in the form of the endpoint.
fn answer(request: &HttpRequest, ended: Ended) -> HttpResponse {
    let path = request.path();
    let mut response = if path.starts_with("/scim/") {
        scim::refusal(ScimError::new(ended.status().as_u16(), ended.text()))
    } else if path.starts_with("/api/") || path.starts_with("/oauth/") {
        Problem::new(ended.status(), ended.word(), ended.text()).error_response()
    } else {
        sso::refusal(ended.status(), &ended.text())
    };
    if ended.status() == StatusCode::TOO_MANY_REQUESTS {
        response.headers_mut().insert(RETRY_AFTER, 1.into());
    }
    response
}
