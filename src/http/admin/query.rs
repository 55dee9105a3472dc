//! Query strings as typed values.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::api::{Argument, Signature};
use crate::enterprise::Timestamp;
use crate::enterprise::search::{LONGEST, Search};
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

/// Checks a text parameter of the query.
pub fn text(name: &str, value: Option<String>) -> Result<Option<String>, Problem> {
    match value {
        Some(text) if text.contains('\0') => {
            Err(Problem::bad_request(format!("{name}: must not contain the character NUL.")))
        }
        value => Ok(value),
    }
}

/// Parses the `search` of a list; `None` if it is left out or blank.
///
/// # Errors
/// Returns 400 if the text is too long.
pub fn search(value: Option<String>) -> Result<Option<Search>, Problem> {
    let Some(value) = text("search", value)? else { return Ok(None) };
    if value.chars().count() > LONGEST {
        return Err(Problem::bad_request(format!("search: at most {LONGEST} characters.")));
    }
    Ok(Search::parse(&value))
}

/// Parses a time parameter of the query.
pub fn time(name: &str, text: Option<&str>) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let time = Timestamp::from_rfc3339(text).ok_or_else(|| {
        Problem::bad_request(format!(
            "{name}: a time such as 2026-01-31T12:00:00Z (a + in a query is written %2B)."
        ))
    })?;
    Ok(Some(time))
}
