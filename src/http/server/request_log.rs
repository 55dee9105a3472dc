//! One log line for each request, with an id that is also in the answer. The line has the pattern
//! of the route, never the path or the query: those can contain names and addresses.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderValue;
use actix_web::middleware::Next;
use actix_web::{Error, web};

use crate::http::base::state::Service;
use crate::http::base::{metrics, request_id};

/// Logs the request and adds its id to the answer.
pub async fn log(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let id = request_id::give(&request);
    let service = request.app_data::<web::Data<Service>>().cloned();
    let method = metrics::label(request.method());
    let mut response = next.call(request).await?;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(request_id::REQUEST_ID, value);
    }
    let route = response.request().match_pattern().unwrap_or_else(|| "unknown".to_owned());
    let status = response.status().as_u16();
    let duration = started.elapsed();
    match (status, response.response().error()) {
        // The store logs once that the database is unreachable; requests do not repeat it.
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
