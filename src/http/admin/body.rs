//! Request bodies as typed JSON; what does not fit is a problem document.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// A JSON body of this type.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = bytes(request, payload);
        Box::pin(async move { parse(&bytes.await?).map(Self) })
    }
}

/// The body's bytes, as many as the server takes.
pub fn bytes(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<Bytes, Problem>> + use<> {
    let bytes = Bytes::from_request(request, payload);
    async move {
        bytes.await.map_err(|error| match error.as_response_error().status_code() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too long.")
            }
            _ => Problem::bad_request("The body could not be read to its end."),
        })
    }
}

/// The body as JSON of this type.
pub fn parse<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, Problem> {
    // A list would be taken for an object's values without their names.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(Problem::bad_request("The body: must be a JSON object, and is a list."));
    }
    serde_json::from_slice(bytes)
        .map_err(|error| Problem::bad_request(format!("The body: {error}.")))
}
