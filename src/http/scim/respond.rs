//! Answers: media type, entity tag, location.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LOCATION, ETAG, LOCATION};
use serde::Serialize;

use super::failure::Failure;
use crate::provisioning::Answer;
use crate::scim::ScimError;

/// The protocol's media type, exactly so (RFC 7644 §8.1).
pub const MEDIA_TYPE: &str = "application/scim+json";

/// A body with this status.
pub fn json(status: StatusCode, body: &impl Serialize) -> Result<HttpResponse, Failure> {
    let body = serde_json::to_vec(body).map_err(|error| {
        log::error!("an answer cannot be written: {error}");
        ScimError::new(500, "The server failed on its side.")
    })?;
    Ok(HttpResponse::build(status).content_type(MEDIA_TYPE).body(body))
}

/// A resource after a use case; 204 where it carries none.
pub fn resource(status: StatusCode, answer: Answer) -> Result<HttpResponse, Failure> {
    let mut builder = match &answer.resource {
        Some(resource) => json(status, resource)?,
        None => HttpResponse::NoContent().finish(),
    };
    let headers = builder.headers_mut();
    let mut insert = |name, value: &str| {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    };
    insert(ETAG, &answer.version);
    // RFC 7644 §3.3: Location at creation; elsewhere the resource's own place.
    insert(if status == StatusCode::CREATED { LOCATION } else { CONTENT_LOCATION }, &answer.location);
    Ok(builder)
}
