//! Request bodies as typed JSON; a body that does not match is refused with a problem document.
//!
//! A page of another site can make a browser send a form or plain text to any server without
//! asking, but JSON only after a preflight, which this server never grants. So every endpoint
//! requires the JSON media type, also those without credentials: otherwise other sites' pages could
//! sign a browser in.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, web};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::api::{Argument, Signature};
use super::credentials::other_origin;
use crate::http::base::bodies;
use crate::http::base::browser::is_from_elsewhere;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;

/// An extractor for a JSON body of this type.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + JsonSchema + 'static> Argument for Body<T> {
    fn describe(signature: &mut Signature<'_>) {
        signature.body::<T>();
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = bytes(request, payload);
        Box::pin(async move { parse(&bytes.await?).map(Self) })
    }
}

/// Reads the bytes of a JSON body, up to the limit.
pub fn bytes(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<Bytes, Problem>> + use<> {
    let checked = check_origin_and_type(request);
    let bytes = read(request, payload);
    async move {
        checked?;
        bytes.await
    }
}

/// Reads the bytes of a body of any media type.
pub fn read(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<Bytes, Problem>> + use<> {
    let (bytes, request) = (Bytes::from_request(request, payload), request.clone());
    async move {
        bytes.await.map_err(|error| match bodies::ended(&request) {
            Some(ended) => Problem::new(ended.status(), ended.word(), ended.text()),
            None if error.as_response_error().status_code() == StatusCode::PAYLOAD_TOO_LARGE => {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too long.")
            }
            None => Problem::bad_request("The body could not be read to its end."),
        })
    }
}

/// Refuses a request that a page of another site may have made a browser send. A request with
/// `Authorization` is always intended: no browser adds that header by itself.
fn check_origin_and_type(request: &HttpRequest) -> Result<(), Problem> {
    if !request.headers().contains_key(AUTHORIZATION)
        && let Some(service) = request.app_data::<web::Data<Service>>()
        && is_from_elsewhere(request, &service.public_url)
    {
        return Err(other_origin());
    }
    if is_json(request) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "not-json",
        "The body must be JSON and say so: send the header Content-Type: application/json.",
    ))
}

/// Returns `true` for `application/json` or another JSON format (RFC 6839, section 3.1), with any
/// parameters.
fn is_json(request: &HttpRequest) -> bool {
    let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = header.unwrap_or_default().split(';').next().unwrap_or_default();
    let media_type = media_type.trim().to_ascii_lowercase();
    let Some(name) = media_type.strip_prefix("application/") else { return false };
    name == "json" || name.ends_with("+json")
}

/// Parses the body as JSON of this type.
pub fn parse<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, Problem> {
    // serde would read an array as the values of the struct's fields in order.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(Problem::bad_request("The body: must be a JSON object, and is a list."));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut reader).map_err(|error| refusal(&error))?;
    let end = reader.end();
    end.map_err(|error| Problem::bad_request(format!("The body: {error}.")))?;
    Ok(parsed)
}

/// Returns the refusal of a body. Of JSON with a wrong value, it names the field; of a text that is
/// not JSON, the place at which it stops being JSON.
fn refusal(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let reason = error.inner().to_string();
    if !error.inner().is_data() {
        return Problem::bad_request(format!("The body: {reason}."));
    }
    let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason);
    // An unknown field is named by the reason itself.
    let field = error.path().to_string();
    let field =
        if field == "." || reason.contains(&format!("`{field}`")) { "The body" } else { &field };
    Problem::bad_request(format!("{field}: {reason}."))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)] // only parsed
    struct Outer {
        name: String,
        inner: Option<Inner>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)] // only parsed
    struct Inner {
        number: i64,
    }

    #[test]
    fn a_wrong_value_is_named_by_its_field() {
        let refused = |text: &'static str| {
            parse::<Outer>(&Bytes::from_static(text.as_bytes())).err().unwrap().detail().to_owned()
        };
        assert_eq!(
            refused(r#"{"name": 7}"#),
            "name: invalid type: integer `7`, expected a string."
        );
        let deep = refused(r#"{"name": "x", "inner": {"number": "y"}}"#);
        assert_eq!(deep, "inner.number: invalid type: string \"y\", expected i64.");
        assert_eq!(refused(r#"{"name": "x", "inner": {}}"#), "inner: missing field `number`.");
        assert_eq!(refused("{}"), "The body: missing field `name`.");
        let unknown = "The body: unknown field `rank`, expected `name` or `inner`.";
        assert_eq!(refused(r#"{"name": "x", "rank": 1}"#), unknown);
        for text in ["{", r#"{"name" "x"}"#, r#"{"name": "x"} y"#] {
            assert!(refused(text).contains("line 1 column"), "{text}");
        }
        assert!(parse::<Outer>(&Bytes::from_static(br#"{"name": "x"}"#)).is_ok());
    }

    #[test]
    fn only_json_is_json() {
        let with = |media_type: &str| {
            is_json(
                &TestRequest::post().insert_header((CONTENT_TYPE, media_type)).to_http_request(),
            )
        };
        for media_type in
            ["application/json", "Application/JSON; charset=utf-8", "application/scim+json"]
        {
            assert!(with(media_type), "{media_type}");
        }
        for media_type in [
            "text/plain",
            "text/json",
            "text/plain; application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=json",
            "application/jsonx",
            "",
        ] {
            assert!(!with(media_type), "{media_type}");
        }
        assert!(!is_json(&TestRequest::post().to_http_request()));
    }
}
