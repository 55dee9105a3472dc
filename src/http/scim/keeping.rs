//! Collects what the request log keeps of each request; it is written after the answer.

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

/// The interval at which a token's use is recorded, in milliseconds.
const TOUCH: i64 = 60 * 60 * 1000;

/// The authenticated account of a request, as an extension of the request.
struct Admission {
    enterprise: AccountPk,
    personal: bool,
    touch: Option<UsedToken>,
}

/// Records that the request was authenticated.
pub fn admitted(request: &HttpRequest, admitted: &Admitted, now: Timestamp) {
    let is_due = admitted.last_used_at.is_none_or(|at| at <= now.minus_millis(TOUCH));
    request.extensions_mut().insert(Admission {
        enterprise: admitted.enterprise_pk,
        personal: admitted.log_personal_values,
        touch: is_due.then_some(admitted.token),
    });
}

/// The request body as received.
struct Received {
    length: usize,
    kept: Option<Vec<u8>>,
}

/// Records the body of a request.
pub fn received(request: &HttpRequest, bytes: &Bytes) {
    let received = Received { length: bytes.len(), kept: kept(bytes) };
    request.extensions_mut().insert(received);
}

fn kept(bytes: &Bytes) -> Option<Vec<u8>> {
    (bytes.len() <= LONGEST_BODY).then(|| bytes.to_vec())
}

/// Serves the request and adds it to the queue of the request log.
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
        // A streamed body is not kept.
        match sent.try_into_bytes() {
            Ok(bytes) => {
                body = kept(&bytes);
                BoxBody::new(bytes)
            }
            Err(sent) => sent,
        }
    });
    let mut known = describe(&response, at, started.elapsed());
    // The answer to HEAD has no content.
    if known.method != Method::HEAD.as_str() {
        (known.response_bytes, known.response_body) = (length, body);
    }
    // Anyone who knows a connector's URL could fill its log, so unauthenticated requests are
    // limited; a few are enough for the administrators to notice them. An invalid id belongs to no
    // connector and takes no room in the limit.
    let is_wanted = known.enterprise.is_some()
        || (masking::is_our_id(&known.connector)
            && service.strangers.spend(&known.connector).is_ok());
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
    // The body of an unauthenticated request was not read, so it is not kept.
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

/// Returns the id of the resource: from the path, or from the `Location` of a new resource.
fn resource(response: &ServiceResponse<BoxBody>) -> Option<String> {
    if let Some(id) = response.request().match_info().get("id") {
        return Some(id.to_owned());
    }
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    location.rsplit('/').next().map(str::to_owned)
}
