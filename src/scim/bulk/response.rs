//! The response to a bulk request.

use serde_json::{Map, Value, json};

use super::Method;

/// URN of the bulk response message.
pub const BULK_RESPONSE_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

/// The result of one operation.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkResult {
    /// The method of the operation.
    pub method: Method,
    /// The bulkId of the operation.
    pub bulk_id: Option<String>,
    /// The version of the resource after the operation.
    pub version: Option<String>,
    /// The URL of the resource; `None` for a POST that failed.
    pub location: Option<String>,
    /// The HTTP status code.
    pub status: u16,
    /// The body; always present for an error (RFC 7644 §3.7.3).
    pub response: Option<Value>,
}

impl BulkResult {
    /// Returns `true` if the operation counts for `failOnErrors`.
    pub fn is_error(&self) -> bool {
        self.status >= 400
    }

    /// Returns the result as an item of the response; `status` is a string (RFC 7644 §3.7.3).
    pub fn to_json(&self) -> Value {
        let mut item = Map::new();
        item.insert("method".into(), self.method.as_str().into());
        let optional =
            [("bulkId", &self.bulk_id), ("version", &self.version), ("location", &self.location)];
        for (name, value) in optional {
            if let Some(value) = value {
                item.insert(name.into(), value.as_str().into());
            }
        }
        item.insert("status".into(), self.status.to_string().into());
        if let Some(response) = &self.response {
            item.insert("response".into(), response.clone());
        }
        Value::Object(item)
    }
}

/// Returns the complete response, in the order of the results.
pub fn bulk_response(results: &[BulkResult]) -> Value {
    let operations: Vec<_> = results.iter().map(BulkResult::to_json).collect();
    json!({ "schemas": [BULK_RESPONSE_SCHEMA], "Operations": operations })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ScimError;

    #[test]
    fn results_are_written_without_what_they_do_not_have() {
        let made = BulkResult {
            method: Method::Post,
            bulk_id: Some("a".into()),
            version: Some("W/\"1\"".into()),
            location: Some("https://x/Users/1".into()),
            status: 201,
            response: None,
        };
        let error = ScimError::uniqueness("taken").to_json();
        let failed = BulkResult {
            version: None,
            location: None,
            status: 409,
            response: Some(error.clone()),
            ..made.clone()
        };
        assert!(failed.is_error() && !made.is_error());
        assert_eq!(
            bulk_response(&[made, failed]),
            json!({
                "schemas": [BULK_RESPONSE_SCHEMA],
                "Operations": [
                    {
                        "method": "POST",
                        "bulkId": "a",
                        "version": "W/\"1\"",
                        "location": "https://x/Users/1",
                        "status": "201",
                    },
                    {"method": "POST", "bulkId": "a", "status": "409", "response": error},
                ],
            })
        );
    }
}
