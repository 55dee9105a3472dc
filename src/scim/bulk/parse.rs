//! Parses bulk requests.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::ScimError;
use crate::excerpt::excerpt;
use crate::reader::{listed_schemas, member};

/// URN of the bulk request message.
pub const BULK_REQUEST_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// A bulk request.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkRequest {
    /// Stop after this number of failures; `None` means never.
    pub fail_on_errors: Option<u64>,
    /// The operations, in the order of the request.
    pub operations: Vec<BulkOperation>,
}

/// One operation of a bulk request.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkOperation {
    /// The HTTP method.
    pub method: Method,
    /// The endpoint, such as `/Users`.
    pub endpoint: String,
    /// The id of the resource, possibly `bulkId:…`; `None` for POST.
    pub id: Option<String>,
    /// The name of the operation inside the request; always present for POST.
    pub bulk_id: Option<String>,
    /// The version that the resource must have, as in `If-Match`.
    pub version: Option<String>,
    /// The body; always present except for DELETE.
    pub data: Option<Value>,
}

/// The methods that a bulk operation can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // HTTP's words.
pub enum Method {
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// Returns the method as it is written in a request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl BulkRequest {
    /// Parses the body of a bulk request. Names and methods are case-insensitive.
    ///
    /// # Errors
    /// Returns 400 `invalidSyntax` with the position of the operation (from 1) if it is not a bulk
    /// request, and 413 for more than `max_operations` operations.
    pub fn parse(body: Value, max_operations: usize) -> Result<Self, ScimError> {
        let Value::Object(body) = body else {
            return Err(ScimError::invalid_syntax("The body must be a JSON object: a BulkRequest"));
        };
        let listed = listed_schemas(&body)?;
        if !listed.iter().any(|urn| urn.eq_ignore_ascii_case(BULK_REQUEST_SCHEMA)) {
            return Err(ScimError::invalid_syntax(format!(
                "schemas must contain {BULK_REQUEST_SCHEMA} in a bulk request"
            )));
        }
        let fail_on_errors = match member(&body, "failOnErrors") {
            None | Some(Value::Null) => None,
            Some(value) => Some(value.as_u64().filter(|count| *count > 0).ok_or_else(|| {
                ScimError::invalid_syntax("failOnErrors must be a whole number, at least 1")
            })?),
        };
        let Some(Value::Array(given)) = member(&body, "Operations") else {
            return Err(ScimError::invalid_syntax("Operations must be a list of operations"));
        };
        if given.len() > max_operations {
            return Err(ScimError::new(
                413,
                format!(
                    "A bulk request may have {max_operations} operations; this one has {}",
                    given.len()
                ),
            ));
        }
        let mut bulk_ids = HashSet::new();
        let mut operations = Vec::with_capacity(given.len());
        for (index, operation) in given.iter().enumerate() {
            let refused = |detail: String| {
                ScimError::invalid_syntax(format!("Operation {}: {detail}", index + 1))
            };
            let operation = read(operation).map_err(refused)?;
            if let Some(bulk_id) = &operation.bulk_id
                && !bulk_ids.insert(bulk_id.clone())
            {
                return Err(refused(format!(
                    "bulkId \"{}\" is used by an earlier operation; each needs its own",
                    excerpt(bulk_id)
                )));
            }
            operations.push(operation);
        }
        Ok(Self { fail_on_errors, operations })
    }
}

fn read(operation: &Value) -> Result<BulkOperation, String> {
    let Value::Object(operation) = operation else { return Err("it must be an object".into()) };
    let method = method(&text(operation, "method")?.unwrap_or_default())?;
    let path = text(operation, "path")?.unwrap_or_default();
    let (endpoint, id) = split_path(&path)?;
    let bulk_id = text(operation, "bulkId")?;
    let data = member(operation, "data").filter(|data| !data.is_null()).cloned();
    match method {
        Method::Post if id.is_some() => {
            return Err(format!(
                "POST needs the path of an endpoint without an id; it is \"{}\"",
                excerpt(&path)
            ));
        }
        Method::Post if bulk_id.is_none() => return Err("POST needs a bulkId".into()),
        Method::Post => {}
        _ if id.is_none() => {
            return Err(format!("{} needs the path of a resource", method.as_str()));
        }
        _ => {}
    }
    if method != Method::Delete && data.is_none() {
        return Err(format!("{} needs data", method.as_str()));
    }
    let version = text(operation, "version")?;
    Ok(BulkOperation { method, endpoint, id, bulk_id, version, data })
}

/// Returns a string member; an empty string counts as missing.
fn text(object: &Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match member(object, name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok((!text.is_empty()).then(|| text.clone())),
        Some(_) => Err(format!("{name} must be a string")),
    }
}

fn method(word: &str) -> Result<Method, String> {
    [Method::Post, Method::Put, Method::Patch, Method::Delete]
        .into_iter()
        .find(|method| method.as_str().eq_ignore_ascii_case(word))
        .ok_or_else(|| {
            format!("method must be POST, PUT, PATCH or DELETE; it is \"{}\"", excerpt(word))
        })
}

/// Splits `/Users` and `/Users/{id}`.
fn split_path(path: &str) -> Result<(String, Option<String>), String> {
    let mut parts = path.trim_matches('/').splitn(2, '/');
    let endpoint = parts.next().unwrap_or_default();
    let id = parts.next().filter(|id| !id.is_empty());
    if endpoint.is_empty() || id.is_some_and(|id| id.contains('/')) {
        return Err(format!(
            "path must be an endpoint or a resource, such as /Users or /Users/{{id}}; it is \"{}\"",
            excerpt(path)
        ));
    }
    Ok((format!("/{endpoint}"), id.map(str::to_owned)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(operations: Value) -> Result<BulkRequest, ScimError> {
        let body = json!({"schemas": [BULK_REQUEST_SCHEMA], "Operations": operations});
        BulkRequest::parse(body, 3)
    }

    #[test]
    fn operations_are_read_in_any_letter_case() {
        let read = parse(json!([
            {"method": "post", "path": "/Users", "bulkId": "a", "data": {"userName": "a"}},
            {"Method": "Patch", "path": "/Groups/bulkId:g", "version": "W/\"1\"", "data": {}},
            {"method": "DELETE", "path": "Users/7"},
        ]))
        .unwrap();
        assert_eq!(read.operations[0].method, Method::Post);
        assert_eq!(read.operations[0].endpoint, "/Users");
        assert_eq!(read.operations[0].id, None);
        assert_eq!(read.operations[1].id.as_deref(), Some("bulkId:g"));
        assert_eq!(read.operations[1].version.as_deref(), Some("W/\"1\""));
        assert_eq!(read.operations[2].endpoint, "/Users");
        assert_eq!(read.operations[2].id.as_deref(), Some("7"));
        assert_eq!(read.fail_on_errors, None);
    }

    #[test]
    fn what_is_wrong_is_named_with_the_place_of_the_operation() {
        for (operation, expected) in [
            (json!({"method": "GET", "path": "/Users"}), "POST, PUT, PATCH or DELETE"),
            (json!({"method": "POST", "path": "/Users", "data": {}}), "bulkId"),
            (json!({"method": "POST", "path": "/Users", "bulkId": "b"}), "data"),
            (json!({"method": "POST", "path": "/Users/1", "bulkId": "b", "data": {}}), "endpoint"),
            (json!({"method": "PUT", "path": "/Users", "data": {}}), "path of a resource"),
            (json!({"method": "DELETE", "path": "/Users/1/2"}), "/Users/{id}"),
            (json!({"method": "DELETE"}), "/Users/{id}"),
            (json!({"method": "DELETE", "path": 5}), "path must be a string"),
            (json!(7), "object"),
        ] {
            let error = parse(json!([
                {"method": "DELETE", "path": "/Users/1"},
                operation,
            ]))
            .unwrap_err();
            assert_eq!(error.status, 400);
            assert!(error.detail.starts_with("Operation 2: "), "{error}");
            assert!(error.detail.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_bulk_id_is_used_once() {
        let post = json!({"method": "POST", "path": "/Users", "bulkId": "a", "data": {}});
        let error = parse(json!([post, post])).unwrap_err();
        assert!(error.detail.contains("\"a\" is used by an earlier operation"), "{error}");
    }

    #[test]
    fn too_many_operations_are_413_with_the_limit() {
        let delete = json!({"method": "DELETE", "path": "/Users/1"});
        let error = parse(json!([delete, delete, delete, delete])).unwrap_err();
        assert_eq!(error.status, 413);
        assert!(error.detail.contains("may have 3 operations"), "{error}");
    }

    #[test]
    fn the_message_and_its_parts_are_checked() {
        let refuse = |body: Value| BulkRequest::parse(body, 3).unwrap_err().detail;
        assert!(refuse(json!({"Operations": []})).contains(BULK_REQUEST_SCHEMA));
        assert!(refuse(json!([])).contains("BulkRequest"));
        let schemas = [BULK_REQUEST_SCHEMA];
        assert!(refuse(json!({"schemas": schemas})).contains("Operations"));
        let body = json!({"schemas": schemas, "Operations": [], "failOnErrors": 0});
        assert!(refuse(body).contains("failOnErrors"));
        let body = json!({"schemas": schemas, "Operations": [], "failOnErrors": 1});
        assert_eq!(BulkRequest::parse(body, 3).unwrap().fail_on_errors, Some(1));
    }
}
