//! Responses: their headers, and the errors that operations share.

use serde_json::{Map, Value, json};

use super::names::schema_reference;

const MEDIA_TYPE: &str = "application/scim+json";

/// Returns the headers by the name that responses refer to.
pub(super) fn headers() -> Value {
    let header = |description: &str, schema: Value| json!({ "description": description, "required": true, "schema": schema });
    let uri = || json!({ "type": "string", "format": "uri" });
    json!({
        "ETag": header("Version of the resource.", json!({ "type": "string" })),
        "Location": header("Address of the new resource.", uri()),
        "Content-Location": header("Address of the resource.", uri()),
        "Retry-After": header("Seconds to wait.", json!({ "type": "integer", "minimum": 0 })),
        "Allow": header("The methods that the endpoint supports.", json!({ "type": "string" })),
        "WWW-Authenticate": header("How to authenticate.", json!({ "type": "string" })),
    })
}

/// Returns the errors by the name that operations refer to, which is the status.
pub(super) fn refusals() -> Value {
    let known: [(u16, &str, &[&str]); 13] = [
        (400, "The request is invalid; scimType and detail say why.", &[]),
        (401, "The token is missing, expired, or not of this connector.", &["WWW-Authenticate"]),
        (403, "Refused by a rule of the account, such as its plan, seats or domains.", &[]),
        (404, "There is no such resource.", &[]),
        (405, "The endpoint has no such method.", &["Allow"]),
        (409, "The name is taken.", &[]),
        (412, "The resource has another version than If-Match names.", &[]),
        (413, "The body, or the number of its operations, is too large.", &[]),
        (415, "The body's media type is not supported.", &[]),
        (429, "Too many requests.", &["Retry-After"]),
        (500, "The server failed on its side.", &[]),
        (501, "The token belongs to a connector and stands for no user.", &[]),
        (503, "The server cannot reach its database.", &["Retry-After"]),
    ];
    let mut refusals = Map::new();
    for (status, description, headers) in known {
        let refusal = answer(description, Some("Error"), headers);
        refusals.insert(status.to_string(), refusal);
    }
    Value::Object(refusals)
}

/// Returns a response, with a body of this schema if one is given.
pub(super) fn answer(description: &str, schema: Option<&str>, headers: &[&str]) -> Value {
    let mut answer = json!({ "description": description });
    if !headers.is_empty() {
        let headers: Map<_, _> = headers
            .iter()
            .map(|name| {
                let reference = format!("#/components/headers/{name}");
                ((*name).to_owned(), json!({ "$ref": reference }))
            })
            .collect();
        answer["headers"] = Value::Object(headers);
    }
    if let Some(schema) = schema {
        answer["content"] = json!({ MEDIA_TYPE: { "schema": schema_reference(schema) } });
    }
    answer
}

/// Returns the responses of an operation: its own, and errors with these statuses besides those
/// that every operation has.
pub(super) fn all(own: Vec<(u16, Value)>, refused: &[u16]) -> Value {
    let shared = [401, 403, 429, 500, 503];
    let mut statuses: Vec<_> = refused.iter().chain(&shared).copied().collect();
    statuses.sort_unstable();
    let refusals = statuses
        .into_iter()
        .map(|status| (status, json!({ "$ref": format!("#/components/responses/{status}") })));
    let answers: Map<_, _> =
        own.into_iter().chain(refusals).map(|(code, answer)| (code.to_string(), answer)).collect();
    Value::Object(answers)
}
