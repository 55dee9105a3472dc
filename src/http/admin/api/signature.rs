//! A handler's signature is its endpoint's declaration: the arguments say who may call it and what
//! it takes, the result says what it answers.
//!
//! Arguments are extracted in the order of the signature (see [`crate::http::base::in_order`]), so
//! authentication comes first.

use actix_web::http::StatusCode;
use actix_web::{Error, FromRequest, HttpRequest, Responder, web};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::endpoint::{Access, DescribedAnswer, Endpoint};
use super::inline;
use crate::enterprise::permissions::Effect;
use crate::http::base::in_order::Arguments;

/// A builder that a handler's signature describes itself to.
pub struct Signature<'a> {
    pub(super) endpoint: &'a mut Endpoint,
    pub(super) schemas: &'a mut SchemaGenerator,
}

impl Signature<'_> {
    /// Restricts the endpoint to these callers. Without this it is public.
    pub fn needs(&mut self, access: impl Into<Access>) {
        debug_assert!(
            self.endpoint.query.is_empty() && self.endpoint.body.is_none(),
            "{}: who is let in comes first in the handler's signature",
            self.endpoint.id
        );
        self.endpoint.access = access.into();
    }

    /// Declares what the endpoint does to the account.
    pub fn has_effect(&mut self, effect: Effect) {
        self.endpoint.effect = effect;
    }

    /// Declares that a session needs a second proof.
    pub fn fresh(&mut self) {
        self.endpoint.fresh = true;
    }

    /// Declares the members of this object as query parameters.
    pub fn query<T: JsonSchema>(&mut self) {
        self.endpoint.query.push(inline::<T>());
    }

    /// Declares this type as the JSON body.
    pub fn body<T: JsonSchema>(&mut self) {
        self.endpoint.body = Some(("application/json", self.schemas.subschema_for::<T>()));
    }

    /// Declares that the endpoint accepts `Idempotency-Key`.
    pub fn idempotent(&mut self) {
        self.endpoint.idempotent = true;
    }

    /// Declares an answer with this status and this type as JSON.
    pub fn answers<T: JsonSchema>(&mut self, status: StatusCode) {
        let schema = self.schemas.subschema_for::<T>();
        self.answers_with(status, Some(("application/json", schema)));
    }

    /// Declares an answer with this status and no body.
    pub fn answers_nothing(&mut self, status: StatusCode) {
        self.answers_with(status, None);
    }

    /// Declares an answer with a text of this media type.
    pub fn answers_text(&mut self, media_type: &'static str) {
        let text = schemars::json_schema!({"type": "string"});
        self.answers_with(StatusCode::OK, Some((media_type, text)));
    }

    fn answers_with(&mut self, status: StatusCode, body: Option<(&'static str, Schema)>) {
        self.endpoint.answers.push(DescribedAnswer { status: status.as_u16(), body });
    }
}

/// An argument of a handler.
pub trait Argument: FromRequest {
    /// Describes what the argument takes from the request, except for parameters in the path, which
    /// the path describes.
    fn describe(signature: &mut Signature<'_>);
}

/// The result of a handler.
pub trait Answer: Responder {
    /// Describes the possible statuses and bodies.
    fn describe(signature: &mut Signature<'_>);
}

/// Implements [`Argument`] for types that say nothing about the endpoint.
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

/// All arguments of a handler, with their descriptions.
pub trait Described: Arguments {
    /// Describes what the arguments take from the request.
    fn describe(signature: &mut Signature<'_>);
}

/// Implements [`Described`] for tuples.
macro_rules! described {
    ($($argument:ident)*) => {
        impl<$($argument: Argument + 'static),*> Described for ($($argument,)*) {
            fn describe(signature: &mut Signature<'_>) {
                $($argument::describe(signature);)*
            }
        }
    };
}
described!(A);
described!(A B);
described!(A B C);
described!(A B C D);
