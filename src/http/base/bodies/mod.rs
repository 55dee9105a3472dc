//! Limits on the length and the duration of request bodies, the same for every endpoint.
//!
//! When a body begins to arrive its sender is not authenticated yet, so every body is limited to 16
//! KiB at first. The code that authenticates the request raises the limit ([`raise_limit`], [`allow`]).
//! The limit is enforced where the bytes arrive, before anything buffers them, and a declared
//! length is compared before any byte is read. A body that stalls ends the request with 408.

mod meter;
mod rest;
mod stream;
mod waiting;

use std::rc::Rc;
use std::time::Duration;

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::{HttpMessage, HttpRequest};

use super::place::Place;
pub use meter::{Ended, Meter};
pub use rest::Answer;
pub use waiting::Waiting;

/// The maximum length of an unauthenticated request's body, in bytes.
pub const STRANGERS: usize = 16 * 1024;

/// The timeouts of request bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The maximum time from the first wait for the body to its last byte.
    pub whole: Duration,
    /// The length of the spans in each of which [`LEAST_IN_SPAN`] bytes have to arrive.
    pub span: Duration,
}

/// The bytes that have to arrive in each span: few enough for the slowest line, and many more than
/// an attacker sends who only wants to keep the connection open.
pub const LEAST_IN_SPAN: usize = 1024;

impl Default for Patience {
    fn default() -> Self {
        Self { whole: Duration::from_secs(30), span: Duration::from_secs(10) }
    }
}

/// The limits for request bodies.
#[derive(Clone)]
pub struct Rules {
    /// The maximum length of an authenticated request's body, in bytes.
    pub longest: usize,
    /// The timeouts of request bodies.
    pub patience: Patience,
    /// The count of unauthenticated bodies that are awaited.
    pub waiting: Waiting,
}

/// Enforces these limits on the request's body. Returns `None` if there is no body.
pub fn bind(request: &mut ServiceRequest, rules: Rules, place: Place) -> Option<Rc<Meter>> {
    let payload = request.take_payload();
    if matches!(payload, Payload::None) {
        return None;
    }
    let meter = Rc::new(Meter::new(declared(request), STRANGERS, rules.longest));
    let stream = stream::Bounded::new(payload, Rc::clone(&meter), rules, place);
    request.set_payload(Payload::Stream { payload: Box::pin(stream) });
    request.extensions_mut().insert(Rc::clone(&meter));
    Some(meter)
}

/// Returns the length that the header declares.
fn declared(request: &ServiceRequest) -> Option<usize> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

/// Raises the limit to that of authenticated requests.
pub fn raise_limit(request: &HttpRequest) {
    if let Some(meter) = request.extensions().get::<Rc<Meter>>() {
        meter.raise();
    }
}

/// Sets the maximum length of this request's body.
pub fn allow(request: &HttpRequest, limit: usize) {
    if let Some(meter) = request.extensions().get::<Rc<Meter>>() {
        meter.allow(limit);
    }
}

/// Returns why the server stopped reading the body, if it did.
pub fn ended(request: &HttpRequest) -> Option<Ended> {
    request.extensions().get::<Rc<Meter>>()?.ended()
}
