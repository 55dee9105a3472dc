//! Query parameters (RFC 7644 §3.4.2, §3.9; RFC 9865 §2), from a URL or from a `/.search` body.

use serde_json::Value;

use super::{ScimError, ScimType};

mod parameters;
#[cfg(test)]
mod tests;

use parameters::Parameters;

/// The URN of the body of `POST /.search`.
pub const SEARCH_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
/// The largest number of names in `attributes` or `excludedAttributes`.
pub const MAX_NAMES: usize = 100;
/// The longest value of a parameter, in bytes; for a list, of all its names together. It is larger
/// than the limit of filters, so that a filter that is too long gets the error of a filter.
pub const MAX_LENGTH: usize = 16 * 1024;

/// The parameters of a query. Names and the filter are not resolved yet, because that needs the
/// resource type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// `filter`.
    pub filter: Option<String>,
    /// `attributes`; empty if not given.
    pub attributes: Vec<String>,
    /// `excludedAttributes`; empty if not given.
    pub excluded_attributes: Vec<String>,
    /// `sortBy`.
    pub sort_by: Option<String>,
    /// `true` for `sortOrder=descending`.
    pub descending: bool,
    /// The page to return.
    pub page: PageRequest,
}

/// The page that the client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageRequest {
    /// Paging by index (RFC 7644 §3.4.2.4).
    Index {
        /// The index of the first resource, counted from 1.
        start_index: u64,
        /// The largest number of resources; 0 asks for the total only.
        count: Option<u64>,
    },
    /// Paging by cursor (RFC 9865).
    Cursor {
        /// The cursor from the previous page; `None` for the first page.
        cursor: Option<String>,
        /// The largest number of resources; 0 asks for the total only.
        count: Option<u64>,
    },
}

impl Query {
    /// Parses decoded URL parameters. Names of parameters are case-insensitive, unknown parameters
    /// are ignored, and empty ones count as missing (but an empty `cursor` asks for the first
    /// page).
    ///
    /// # Errors
    /// Returns 400 `invalidValue` with the name of the parameter, and 400 `invalidCount` if `count`
    /// is not a number when paging by cursor (RFC 9865 §2.1).
    pub fn from_pairs(
        pairs: impl Iterator<Item = (impl AsRef<str>, impl AsRef<str>)>,
    ) -> Result<Self, ScimError> {
        let mut parameters = Parameters::default();
        for (name, value) in pairs {
            parameters.set_text(name.as_ref(), value.as_ref())?;
        }
        parameters.into_query()
    }

    /// Parses the body of `POST /.search` (RFC 7644 §3.4.3). Keys are case-insensitive.
    ///
    /// # Errors
    /// Returns 400 `invalidSyntax` if it is not a search request, and the errors of
    /// [`Query::from_pairs`].
    pub fn from_search_request(body: Value) -> Result<Self, ScimError> {
        let Value::Object(body) = body else {
            return Err(ScimError::invalid_syntax("a search request is a JSON object"));
        };
        let is_search = |value: &Value| {
            value.as_str().is_some_and(|urn| urn.trim().eq_ignore_ascii_case(SEARCH_SCHEMA))
        };
        let has_schema = body
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case("schemas"))
            .any(|(_, value)| value.as_array().is_some_and(|urns| urns.iter().any(is_search)));
        if !has_schema {
            return Err(ScimError::invalid_syntax(format!(
                "schemas of a search request must be [\"{SEARCH_SCHEMA}\"]"
            )));
        }
        let mut parameters = Parameters::default();
        for (key, value) in body {
            parameters.set_json(&key, value)?;
        }
        parameters.into_query()
    }
}

fn invalid_value(parameter: &str, message: &str) -> ScimError {
    ScimError::invalid_value(format!("{parameter} {message}"))
}

fn invalid_count() -> ScimError {
    ScimError::bad_request(
        ScimType::InvalidCount,
        "count must be a whole number, such as count=100",
    )
}
