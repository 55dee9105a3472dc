//! Query strings as typed values.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::api::{Argument, Signature};
use crate::http::base::problem::Problem;

/// An extractor for a query of this type.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + JsonSchema + 'static> Argument for Query<T> {
    fn describe(signature: &mut Signature<'_>) {
        signature.query::<T>();
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(
            web::Query::<T>::from_query(request.query_string())
                .map(|query| Self(query.into_inner()))
                .map_err(|error| Problem::bad_request(format!("The query: {error}."))),
        )
    }
}
