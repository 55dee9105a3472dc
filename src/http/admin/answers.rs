//! Answers other than plain JSON: a created resource, an empty answer, a file.

use std::marker::PhantomData;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, TryIntoHeaderPair};
use actix_web::{HttpRequest, HttpResponse, Responder};
use schemars::JsonSchema;
use serde::Serialize;

use super::api::{Answer, Signature};

/// A 201 with the created resource.
pub struct Created<T> {
    response: HttpResponse,
    body: PhantomData<T>,
}

impl<T: Serialize> Created<T> {
    /// Serializes the created resource.
    pub fn new(created: &T) -> Self {
        Self { response: HttpResponse::Created().json(created), body: PhantomData }
    }
}

impl<T> Created<T> {
    /// Wraps a created resource that is JSON already.
    pub fn from_json(text: String) -> Self {
        let mut response = HttpResponse::Created();
        response.insert_header((CONTENT_TYPE, "application/json"));
        Self { response: response.body(text), body: PhantomData }
    }

    /// Adds a header.
    #[must_use]
    pub fn with(self, header: impl TryIntoHeaderPair) -> Self {
        Self { response: with(self.response, header), body: PhantomData }
    }
}

impl<T> Responder for Created<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.response
    }
}

impl<T: JsonSchema> Answer for Created<T> {
    fn describe(signature: &mut Signature<'_>) {
        signature.answers::<T>(StatusCode::CREATED);
    }
}

/// An answer without a body.
pub struct Empty<const STATUS: u16>(HttpResponse);

/// A 202: the request was accepted and is carried out later.
pub type Accepted = Empty<202>;
/// A 204: the request was carried out.
pub type NoContent = Empty<204>;

impl<const STATUS: u16> Empty<STATUS> {
    fn status() -> StatusCode {
        StatusCode::from_u16(STATUS).unwrap_or(StatusCode::NO_CONTENT)
    }

    /// Adds a header.
    #[must_use]
    pub fn with(self, header: impl TryIntoHeaderPair) -> Self {
        Self(with(self.0, header))
    }
}

impl<const STATUS: u16> From<()> for Empty<STATUS> {
    fn from((): ()) -> Self {
        Self(HttpResponse::new(Self::status()))
    }
}

impl<const STATUS: u16> Responder for Empty<STATUS> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.0
    }
}

impl<const STATUS: u16> Answer for Empty<STATUS> {
    fn describe(signature: &mut Signature<'_>) {
        signature.answers_nothing(Self::status());
    }
}

/// The media type of a file.
pub trait MediaType {
    /// The value of `Content-Type`.
    const NAME: &'static str;
}

/// Comma-separated values.
pub struct Csv;

impl MediaType for Csv {
    const NAME: &'static str = "text/csv; charset=utf-8";
}

/// Lines of JSON.
pub struct JsonLines;

impl MediaType for JsonLines {
    const NAME: &'static str = "application/x-ndjson";
}

/// A file that is streamed section by section.
pub struct Download<M> {
    response: HttpResponse,
    media_type: PhantomData<M>,
}

impl<M> Download<M> {
    /// Marks a response as a file of this media type.
    pub fn new(response: HttpResponse) -> Self {
        Self { response, media_type: PhantomData }
    }
}

impl<M> Responder for Download<M> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.response
    }
}

impl<M: MediaType> Answer for Download<M> {
    fn describe(signature: &mut Signature<'_>) {
        signature.answers_text(M::NAME);
    }
}

/// Adds a header to a response.
fn with(mut response: HttpResponse, header: impl TryIntoHeaderPair) -> HttpResponse {
    // Cannot fail: the server's own headers have only valid characters.
    if let Ok((name, value)) = header.try_into_pair() {
        response.headers_mut().append(name, value);
    }
    response
}
