//! What endpoints answer beside plain JSON: something new, nothing, a file.

use std::marker::PhantomData;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, TryIntoHeaderPair};
use actix_web::{HttpRequest, HttpResponse, Responder};
use schemars::JsonSchema;
use serde::Serialize;

use super::api::{Answer, Signature};

/// 201 with what was created.
pub struct Created<T> {
    response: HttpResponse,
    body: PhantomData<T>,
}

impl<T: Serialize> Created<T> {
    /// This was created.
    pub fn new(created: &T) -> Self {
        Self { response: HttpResponse::Created().json(created), body: PhantomData }
    }
}

impl<T> Created<T> {
    /// What was created, as JSON already.
    pub fn from_json(text: String) -> Self {
        let mut response = HttpResponse::Created();
        response.insert_header((CONTENT_TYPE, "application/json"));
        Self { response: response.body(text), body: PhantomData }
    }

    /// The same with one more header.
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

/// 202: what was asked for is on its way.
pub type Accepted = Empty<202>;
/// 204: it is done.
pub type NoContent = Empty<204>;

impl<const STATUS: u16> Empty<STATUS> {
    fn status() -> StatusCode {
        StatusCode::from_u16(STATUS).unwrap_or(StatusCode::NO_CONTENT)
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(self, header: impl TryIntoHeaderPair) -> Self {
        Self(with(self.0, header))
    }
}

/// Done: nothing is left to say.
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
    /// As the header says it.
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

/// A file, sent section by section.
pub struct Download<M> {
    response: HttpResponse,
    media_type: PhantomData<M>,
}

impl<M> Download<M> {
    /// A file of this media type.
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

/// The response with one more header.
fn with(mut response: HttpResponse, header: impl TryIntoHeaderPair) -> HttpResponse {
    // The server's own headers are made of valid characters.
    if let Ok((name, value)) = header.try_into_pair() {
        response.headers_mut().append(name, value);
    }
    response
}
