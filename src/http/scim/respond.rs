//! Builds answers: media type, entity tag, location.

use actix_web::HttpResponse;
use actix_web::body::BodyStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LOCATION, ETAG, LOCATION};
use actix_web::web::Bytes;
use futures_util::TryStreamExt;
use serde::Serialize;

use super::failure::Failure;
use crate::provisioning::{Answer, Content};
use crate::scim::{MEDIA_TYPE, ScimError};

/// Answers with this status and body.
pub fn json(status: StatusCode, body: &impl Serialize) -> Result<HttpResponse, Failure> {
    let body = serde_json::to_vec(body).map_err(|error| {
        log::error!("an answer could not be serialized: {error}");
        ScimError::new(500, "The server failed on its side.")
    })?;
    Ok(HttpResponse::build(status).content_type(MEDIA_TYPE).body(body))
}

/// Answers with this status and the content that a use case has composed.
pub fn content(status: StatusCode, content: Content) -> Result<HttpResponse, Failure> {
    let mut response = HttpResponse::build(status);
    response.content_type(MEDIA_TYPE);
    match content {
        Content::Value(value) => json(status, &value),
        Content::Text(text) => Ok(response.body(text)),
        // An error aborts the connection before the end of the body.
        Content::Pieces(pieces) => Ok(response.body(BodyStream::new(
            pieces
                .map_ok(Bytes::from)
                .inspect_err(|error| log::warn!("an answer was aborted: {error}")),
        ))),
    }
}

/// Answers with a resource, or without a body if there is no content.
pub fn resource(
    status: StatusCode,
    answer: &Answer,
    body: Option<Content>,
) -> Result<HttpResponse, Failure> {
    let mut response = match body {
        Some(body) => content(status, body)?,
        None if status == StatusCode::OK => HttpResponse::NoContent().finish(),
        None => HttpResponse::new(status),
    };
    let headers = response.headers_mut();
    let mut insert = |name, value: &str| {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    };
    insert(ETAG, &answer.version);
    // RFC 7644 §3.3: `Location` is required at creation, and gives the resource's URL elsewhere.
    insert(
        if status == StatusCode::CREATED { LOCATION } else { CONTENT_LOCATION },
        &answer.location,
    );
    Ok(response)
}
