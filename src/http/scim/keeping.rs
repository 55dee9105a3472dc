//! What the request log keeps of each request: gathered here, written behind the answer.

use std::time::{Duration, Instant};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{LOCATION, USER_AGENT};
use actix_web::middleware::Next;
use actix_web::web::{self, Bytes};
use actix_web::{Error, HttpMessage, HttpRequest};

use super::connector::header;
use super::failure::Failure;
use crate::background::requests::{LONGEST_BODY, Request};
use crate::enterprise::{AccountPk, Timestamp, masking};
use crate::http::base::state::Service;
use crate::http::base::{head_method, request_id, sound};
use crate::store::connectors::{Admitted, UsedToken};

/// How often it is noted that a token is used.
const TOUCH: i64 = 60 * 60 * 1000;

/// Who was let in.
struct Admission {
    enterprise: AccountPk,
    personal: bool,
    touch: Option<UsedToken>,
}

/// Notes who was let in.
pub fn admitted(request: &HttpRequest, admitted: &Admitted, now: Timestamp) {
    let is_due = admitted.last_used_at.is_none_or(|at| at <= now.minus_millis(TOUCH));
    request.extensions_mut().insert(Admission {
        enterprise: admitted.enterprise_pk,
        personal: admitted.log_personal_values,
        touch: is_due.then_some(admitted.token),
    });
}

/// A body as it came.
struct Received {
    length: usize,
    kept: Option<Vec<u8>>,
}

/// Notes the body of a request.
pub fn received(request: &HttpRequest, bytes: &Bytes) {
    let received = Received { length: bytes.len(), kept: kept(bytes) };
    request.extensions_mut().insert(received);
}

fn kept(bytes: &Bytes) -> Option<Vec<u8>> {
    (bytes.len() <= LONGEST_BODY).then(|| bytes.to_vec())
}

/// Answers, and puts what is known of the request into the log's queue.
pub async fn keep(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(service) = request.app_data::<web::Data<Service>>().cloned() else {
        return next.call(request).await;
    };
    let (at, started) = (service.store.clock().now(), Instant::now());
    let target = request.head().uri.path_and_query().map_or("", |target| target.as_str());
    let response = match sound::flaw_of_target(target) {
        Some(flaw) => request.error_response(Failure::from(flaw)),
        None => next.call(request).await?,
    };
    let (mut length, mut body) = (0, None);
    let response = response.map_body(|_, sent| {
        if let BodySize::Sized(size) = sent.size() {
            length = usize::try_from(size).unwrap_or(usize::MAX);
        }
        // A body that is streamed is not kept.
        match sent.try_into_bytes() {
            Ok(bytes) => {
                body = kept(&bytes);
                BoxBody::new(bytes)
            }
            Err(sent) => sent,
        }
    });
    let mut known = describe(&response, at, started.elapsed());
    // A HEAD is answered without the content.
    if known.method != Method::HEAD.as_str() {
        (known.response_bytes, known.response_body) = (length, body);
    }
    // Whoever knows a connector's URL could fill its log; so many are enough to see it. What cannot
    // be the id of one is nobody's, and is not counted by.
    let is_wanted = known.enterprise.is_some()
        || (masking::is_our_id(&known.connector)
            && service.strangers.admit(&known.connector).is_ok());
    if is_wanted {
        service.requests.push(known);
    }
    Ok(response)
}

fn describe(response: &ServiceResponse<BoxBody>, at: Timestamp, duration: Duration) -> Request {
    let request = response.request();
    let mut known = Request {
        connector: request.match_info().get("connector").unwrap_or_default().to_owned(),
        at,
        method: head_method::method_of(request).as_str().to_owned(),
        path: request.path().split('/').skip(4).map(|part| format!("/{part}")).collect(),
        query: pairs(request.query_string()),
        status: response.status().as_u16(),
        duration,
        resource: resource(response),
        request_id: request_id::id_of(request),
        user_agent: header(request, &USER_AGENT).to_owned(),
        ..Request::default()
    };
    if let Some(error) = response.response().error() {
        known.detail = error.as_error::<Failure>().map(Failure::detail);
    }
    let extensions = request.extensions();
    if let Some(admission) = extensions.get::<Admission>() {
        known.enterprise = Some(admission.enterprise);
        known.personal = admission.personal;
        known.touch = admission.touch;
    }
    // Nothing is kept of the body of somebody who was not let in: it was not read.
    if let Some(received) = extensions.get::<Received>() {
        known.request_bytes = received.length;
        known.request_body = received.kept.clone();
    }
    known
}

fn pairs(query: &str) -> Vec<(String, String)> {
    if query.is_empty() {
        return Vec::new();
    }
    match web::Query::<Vec<(String, String)>>::from_query(query) {
        Ok(pairs) => pairs.into_inner(),
        Err(_) => vec![("unreadable".to_owned(), query.to_owned())],
    }
}

/// The id of the resource: in the path, or at the end of where the new one is.
fn resource(response: &ServiceResponse<BoxBody>) -> Option<String> {
    if let Some(id) = response.request().match_info().get("id") {
        return Some(id.to_owned());
    }
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    location.rsplit('/').next().map(str::to_owned)
}
