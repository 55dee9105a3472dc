//! Query parameters (RFC 7644 §3.4.2, §3.9; RFC 9865 §2), from a URL or from a `/.search` body.

use serde_json::Value;

use super::{ScimError, ScimType};

mod parameters;
#[cfg(test)]
mod tests;

use parameters::Parameters;

/// URN of the body of `POST /.search`.
pub const SEARCH_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
/// Most names in `attributes` or `excludedAttributes`.
pub const MAX_NAMES: usize = 100;
/// Longest value of a parameter, in bytes; of a list, of all its names together. It lies beyond the
/// limit of filters, so that a filter too long is refused as such.
pub const MAX_LENGTH: usize = 16 * 1024;

/// What is asked for. Names and the filter are not yet resolved: that needs the resource type.
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
    /// `sortOrder=descending`.
    pub descending: bool,
    /// Which page.
    pub page: PageRequest,
}

/// Which part of the results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageRequest {
    /// RFC 7644 §3.4.2.4.
    Index {
        /// Counted from 1.
        start_index: u64,
        /// At most so many; 0 asks for the total only.
        count: Option<u64>,
    },
    /// RFC 9865.
    Cursor {
        /// From the last page; none for the first page.
        cursor: Option<String>,
        /// At most so many; 0 asks for the total only.
        count: Option<u64>,
    },
}

impl Query {
    /// Reads decoded URL parameters. Parameter names are compared without case, unknown ones are
    /// ignored, empty ones are absent (but an empty `cursor` asks for the first page).
    ///
    /// # Errors
    /// 400 `invalidValue` naming the parameter; 400 `invalidCount` for a `count` that is no number
    /// when paging by cursor (RFC 9865 §2.1).
    pub fn from_pairs(
        pairs: impl Iterator<Item = (impl AsRef<str>, impl AsRef<str>)>,
    ) -> Result<Self, ScimError> {
        let mut parameters = Parameters::default();
        for (name, value) in pairs {
            parameters.set_text(name.as_ref(), value.as_ref())?;
        }
        parameters.into_query()
    }

    /// Reads the body of `POST /.search` (RFC 7644 §3.4.3). Keys are compared without case.
    ///
    /// # Errors
    /// 400 `invalidSyntax` if it is not a search request; else as [`Query::from_pairs`].
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
