//! One line for each request, with an id that is also in the answer. Routes are logged as patterns,
//! never the path or the query: those can hold names and addresses.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, web};
use uuid::Uuid;

use super::{Service, metrics};

/// The header that carries the id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request that is served.
#[derive(Clone, Debug)]
struct RequestId(String);

/// The id of this request.
pub fn id_of(request: &HttpRequest) -> Option<String> {
    request.extensions().get::<RequestId>().map(|id| id.0.clone())
}

/// Logs the request and marks the answer.
pub async fn log(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let id = given_id(&request).unwrap_or_else(|| Uuid::now_v7().simple().to_string());
    let service = request.app_data::<web::Data<Service>>().cloned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = metrics::label(request.method());
    let mut response = next.call(request).await?;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let route = response.request().match_pattern().unwrap_or_else(|| "unknown".to_owned());
    let status = response.status().as_u16();
    let duration = started.elapsed();
    match (status, response.response().error()) {
        // Said once, by who looks after the database, and not by each request.
        (503, Some(error)) => {
            log::debug!(target: "insomnia_scim::request", "{error} request_id={id}");
        }
        (500 | 502 | 504.., Some(error)) => {
            log::error!(target: "insomnia_scim::request", "{error} request_id={id}");
        }
        _ => {}
    }
    log::info!(
        target: "insomnia_scim::request",
        "method={method} route={route} status={status} duration_us={} request_id={id}",
        duration.as_micros()
    );
    if let Some(service) = service {
        service.metrics.count(method, &route, status, duration);
    }
    Ok(response)
}

/// An id that the caller chose, if it is harmless: a proxy's, usually.
fn given_id(request: &ServiceRequest) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let harmless = (8..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    harmless.then(|| id.to_owned())
}
