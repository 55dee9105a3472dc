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

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::{HttpMessage, HttpRequest};

use super::place::Place;
pub use meter::{Ended, Meter};
pub use rest::Answer;
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

/// The rules for bodies.
#[derive(Clone)]
pub struct Rules {
    /// Longest body of somebody who is known, in bytes.
    pub longest: usize,
    /// How long bodies may take.
    pub patience: Patience,
    /// Bodies of strangers that are waited for.
    pub waiting: Waiting,
}

/// Lets the body of a request be read by these rules only. None where there is no body.
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

/// The length that the head declares.
fn declared(request: &ServiceRequest) -> Option<usize> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

/// The caller is known: the body may be as long as the settings say.
pub fn admit(request: &HttpRequest) {
    if let Some(meter) = request.extensions().get::<Rc<Meter>>() {
        meter.admit();
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
