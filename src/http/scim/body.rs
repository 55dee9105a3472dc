//! Request bodies: media type, size, JSON.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, web};
use serde_json::Value;

use super::failure::Failure;
use super::keeping;
use crate::http::base::bodies::{self, Ended};
use crate::http::base::sound;
use crate::http::base::state::Service;
use crate::scim::ScimError;

/// A JSON body.
pub struct Body(pub Value);

impl FromRequest for Body {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let understood = if sound::is_coded(request.headers()) {
            Err(Failure::unknown_coding())
        } else {
            check_media_type(request).map_err(Failure::from)
        };
        let limit =
            request.app_data::<web::Data<Service>>().map_or(0, |service| service.limits.max_body);
        let (bytes, request) = (Bytes::from_request(request, payload), request.clone());
        Box::pin(async move {
            understood?;
            let bytes = bytes.await.map_err(|error| match bodies::ended(&request) {
                Some(Ended::Longer(_)) | None => unreadable(&error, limit),
                Some(ended) => ScimError::new(ended.status().as_u16(), ended.text()),
            })?;
            keeping::received(&request, &bytes);
            let value = serde_json::from_slice(&bytes).map_err(|error| {
                ScimError::invalid_syntax(format!("The body is not valid JSON: {error}."))
            })?;
            Ok(Self(value))
        })
    }
}

fn check_media_type(request: &HttpRequest) -> Result<(), ScimError> {
    let Some(header) = request.headers().get(CONTENT_TYPE) else { return Ok(()) };
    let sent = header.to_str().unwrap_or_default();
    let media_type = sent.split(';').next().unwrap_or_default().trim();
    let accepted = ["application/scim+json", "application/json", ""];
    if accepted.iter().any(|accepted| media_type.eq_ignore_ascii_case(accepted)) {
        return Ok(());
    }
    Err(ScimError::new(
        415,
        "The body's Content-Type is not supported. Send application/scim+json or application/json.",
    ))
}

fn unreadable(error: &actix_web::Error, limit: usize) -> ScimError {
    if error.as_response_error().status_code() == 413 {
        ScimError::new(
            413,
            format!("The body is longer than {limit} bytes. Split the request into smaller ones."),
        )
    } else {
        ScimError::invalid_syntax("The body could not be read to its end.")
    }
}
