//! A handler's signature is its endpoint's declaration: each argument says who is let in and what is
//! taken, and the result says what is answered.
//!
//! Arguments are had one after the other, in the order of the signature. actix-web has them side by
//! side; but who is let in must be known before anything else is looked at: a stranger learns nothing
//! about query and body, and the server keeps none for it.

use std::future::Future;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{Error, FromRequest, HttpRequest, Responder, web};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::endpoint::{Access, Described, Endpoint};
use super::inline;

/// An endpoint while its handler's signature is read.
pub struct Signature<'a> {
    pub(super) endpoint: &'a mut Endpoint,
    pub(super) schemas: &'a mut SchemaGenerator,
}

impl Signature<'_> {
    /// Only these are let in. Without this the endpoint is open to everybody.
    pub fn needs(&mut self, access: impl Into<Access>) {
        debug_assert!(
            self.endpoint.query.is_empty() && self.endpoint.body.is_none(),
            "{}: who is let in comes first in the handler's signature",
            self.endpoint.id
        );
        self.endpoint.access = access.into();
    }

    /// The query has the members of this object.
    pub fn query<T: JsonSchema>(&mut self) {
        self.endpoint.query.push(inline::<T>());
    }

    /// The body is this as JSON.
    pub fn body<T: JsonSchema>(&mut self) {
        self.endpoint.body = Some(("application/json", self.schemas.subschema_for::<T>()));
    }

    /// The call may be repeated with the same `Idempotency-Key`.
    pub fn idempotent(&mut self) {
        self.endpoint.idempotent = true;
    }

    /// It answers with this status and JSON.
    pub fn answers<T: JsonSchema>(&mut self, status: StatusCode) {
        let schema = self.schemas.subschema_for::<T>();
        self.answers_with(status, Some(("application/json", schema)));
    }

    /// It answers with this status and no body.
    pub fn answers_nothing(&mut self, status: StatusCode) {
        self.answers_with(status, None);
    }

    /// It answers with a text of this media type.
    pub fn answers_text(&mut self, media_type: &'static str) {
        let text = schemars::json_schema!({"type": "string"});
        self.answers_with(StatusCode::OK, Some((media_type, text)));
    }

    fn answers_with(&mut self, status: StatusCode, body: Option<(&'static str, Schema)>) {
        self.endpoint.answers.push(Described { status: status.as_u16(), body });
    }
}

/// An argument of a handler.
pub trait Argument: FromRequest {
    /// Says what it takes of the request. What stands in the path is described by the path.
    fn describe(signature: &mut Signature<'_>);
}

/// What a handler answers.
pub trait Answer: Responder {
    /// Says which statuses and bodies it can have.
    fn describe(signature: &mut Signature<'_>);
}

/// Implements [`Argument`] for what says nothing about the endpoint.
macro_rules! silent {
    ($([$($parameter:ident)?] $argument:ty),+ $(,)?) => {
        $(
            impl$(<$parameter>)? Argument for $argument
            where
                Self: FromRequest,
            {
                fn describe(_: &mut Signature<'_>) {}
            }
        )+
    };
}
silent!([] HttpRequest, [T] web::Data<T>, [T] web::Path<T>);

impl<T: JsonSchema> Answer for web::Json<T>
where
    Self: Responder,
{
    fn describe(signature: &mut Signature<'_>) {
        signature.answers::<T>(StatusCode::OK);
    }
}

impl<T: Answer, E: Into<Error>> Answer for Result<T, E> {
    fn describe(signature: &mut Signature<'_>) {
        T::describe(signature);
    }
}

/// All arguments of a handler.
pub trait Arguments: Sized + 'static {
    /// Says what they take of the request.
    fn describe(signature: &mut Signature<'_>);

    /// Takes them out of the request, one after the other.
    fn take(request: &HttpRequest, payload: Payload) -> impl Future<Output = Result<Self, Error>>;
}

/// Implements [`Arguments`] for tuples.
macro_rules! arguments {
    ($($argument:ident)*) => {
        impl<$($argument: Argument + 'static),*> Arguments for ($($argument,)*) {
            fn describe(signature: &mut Signature<'_>) {
                $($argument::describe(signature);)*
            }

            async fn take(request: &HttpRequest, mut payload: Payload) -> Result<Self, Error> {
                Ok(($($argument::from_request(request, &mut payload).await.map_err(Into::into)?,)*))
            }
        }
    };
}
arguments!(A);
arguments!(A B);
arguments!(A B C);
arguments!(A B C D);
