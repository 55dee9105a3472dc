//! How much of a request's body is read, and how long: one rule for every endpoint.
//!
//! Nobody is known when a body begins to arrive, so every body is a stranger's: 16 KiB. Whoever finds
//! out whose request it is raises that ([`admit`], [`allow`]). The limit is kept where the bytes
//! come in, before anything holds them, and a declared length is compared before any byte is read.
//! A body that does not come on in time ends the request with 408.

mod meter;
mod rest;
mod stream;
mod waiting;

use std::rc::Rc;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_LENGTH, RETRY_AFTER, TRANSFER_ENCODING};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError, web};

use super::admin::Problem;
use super::{Service, place, scim, sso};
use crate::scim::ScimError;
pub use meter::Ended;
use meter::Meter;
pub use waiting::Waiting;

/// Longest body of a stranger, in bytes.
pub const STRANGERS: usize = 16 * 1024;

/// How long bodies may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// From its first byte that was waited for to its last.
    pub whole: Duration,
    /// In each span of this length something has to arrive.
    pub span: Duration,
}

/// Bytes that have to arrive in each span: few enough for the slowest line, and many more than a
/// client sends that only wants to hold the connection.
pub const LEAST_IN_SPAN: usize = 1024;

impl Default for Patience {
    fn default() -> Self {
        Self { whole: Duration::from_secs(30), span: Duration::from_secs(10) }
    }
}

/// The caller is known: the body may be as long as the settings say.
pub fn admit(request: &HttpRequest) {
    if let Some(service) = request.app_data::<web::Data<Service>>() {
        allow(request, service.limits.max_body);
    }
}

/// The body may be this long.
pub fn allow(request: &HttpRequest, limit: usize) {
    if let Some(meter) = request.extensions().get::<Rc<Meter>>() {
        meter.allow(limit);
    }
}

/// Why the body was not read to its end, if the server itself ended it.
pub fn ended(request: &HttpRequest) -> Option<Ended> {
    request.extensions().get::<Rc<Meter>>()?.ended()
}

/// Bounds the body of every request, and answers where that ended it.
pub async fn bound(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let payload = request.take_payload();
    let Some(service) = request.app_data::<web::Data<Service>>().cloned() else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    if matches!(payload, Payload::None) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let meter = Rc::new(Meter::new(declared(&request), STRANGERS));
    let place = place::of(request.request());
    let stream = stream::Bounded::new(payload, Rc::clone(&meter), service, place);
    request.set_payload(Payload::Stream { payload: Box::pin(stream) });
    request.extensions_mut().insert(Rc::clone(&meter));
    let mut response = next.call(request).await?.map_into_boxed_body();
    if let Some(ended) = meter.ended()
        && response.status() != ended.status()
    {
        let answer = answer(response.request(), ended);
        response = response.into_response(answer);
    }
    if let Some(rest) = meter.rest().filter(|_| is_open_ended(response.request())) {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
        response = response.map_body(|_, body| BoxBody::new(rest::Answer::new(body, rest)));
    }
    Ok(response)
}

/// The length that the head declares.
fn declared(request: &ServiceRequest) -> Option<usize> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

fn is_open_ended(request: &HttpRequest) -> bool {
    request.headers().contains_key(TRANSFER_ENCODING)
}

/// The refusal, in the form of the endpoint.
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
