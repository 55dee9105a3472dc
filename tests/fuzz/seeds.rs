//! What identity providers send: the requests of the transcripts that the conformance suite plays.

use std::path::Path;

use serde_json::Value;

/// A request of a transcript.
struct Request {
    /// Method and target, as `POST /Users`.
    line: String,
    body: Option<Value>,
}

/// Words that mean something in SCIM.
pub const WORDS: &[&str] = &[
    "userName",
    "displayName",
    "name",
    "givenName",
    "emails",
    "value",
    "type",
    "primary",
    "display",
    "roles",
    "addresses",
    "locality",
    "phoneNumbers",
    "x509Certificates",
    "photos",
    "active",
    "password",
    "id",
    "meta",
    "schemas",
    "groups",
    "members",
    "$ref",
    "externalId",
    "manager",
    "entitlements",
    "profileUrl",
    "lastModified",
    "urn",
    ":",
    ".",
    "urn:custom:2.0:User",
    "urn:ietf:params:scim:schemas:core:2.0:User",
    "urn:ietf:params:scim:schemas:core:2.0:Group",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "urn:insomnia:params:scim:schemas:extension:account:2.0:User",
    "urn:ietf:params:scim:api:messages:2.0:PatchOp",
    "Operations",
    "op",
    "path",
    "add",
    "Replace",
    "remove",
    "eq",
    "ne",
    "co",
    "sw",
    "ew",
    "gt",
    "ge",
    "lt",
    "le",
    "pr",
    "and",
    "or",
    "not",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "\\",
    "\\u0041",
    "\\ud83d",
    "true",
    "false",
    "null",
    "-1.5e3",
    "1e999",
    "work",
    "2026-01-01T00:00:00Z",
    "emails[type eq \"work\"].value",
    "bulkId",
    "bulkId:a",
    "method",
    "data",
    "version",
    "failOnErrors",
    "POST",
    "DELETE",
    "/Users",
    "/Groups/bulkId:a",
];

fn transcripts() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/transcripts");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    assert!(files.len() > 10, "the transcripts are not where they were");
    let read = |file| serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    files.into_iter().map(read).collect()
}

/// All of them.
fn requests() -> Vec<Request> {
    let mut requests = Vec::new();
    for transcript in transcripts() {
        collect(&transcript, &mut requests);
    }
    requests
}

/// Steps may stand in steps.
fn collect(value: &Value, requests: &mut Vec<Request>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, requests)),
        Value::Object(object) => {
            if let Some(line) = object.get("do").and_then(Value::as_str) {
                requests.push(Request { line: line.to_owned(), body: object.get("send").cloned() });
            }
            object.values().for_each(|value| collect(value, requests));
        }
        _ => {}
    }
}

/// Bodies of requests that begin so.
pub fn bodies(line: &str) -> Vec<Value> {
    requests()
        .into_iter()
        .filter(|request| request.line.starts_with(line))
        .filter_map(|request| request.body)
        .collect()
}

/// Texts of the members of this name, wherever they stand.
pub fn texts(name: &str) -> Vec<String> {
    fn walk(value: &Value, name: &str, found: &mut Vec<String>) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| walk(value, name, found)),
            Value::Object(object) => {
                found.extend(object.get(name).and_then(Value::as_str).map(str::to_owned));
                object.values().for_each(|value| walk(value, name, found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for transcript in transcripts() {
        walk(&transcript, name, &mut found);
    }
    found.retain(|text| text.len() < 2_000);
    found
}
