//! What every answer has: it is not cached, its media type is not guessed, and its links have the
//! path of the public URL.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::prefix;
use super::state::Service;

/// The headers. Answers are about people and hold secrets. A conditional request by a client that
/// has kept an answer by itself still gets a 304: no cache is involved.
pub const ALWAYS: [(HeaderName, HeaderValue); 2] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];

/// Adds the headers to the answer.
pub async fn add(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let service = request.app_data::<Data<Service>>().cloned();
    let mut response = prefix::within(service, next.call(request)).await?;
    for (name, value) in ALWAYS {
        // The stylesheet sets its own caching.
        if !response.headers().contains_key(&name) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}
