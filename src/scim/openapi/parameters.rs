//! Parameters in URLs and headers.

use serde_json::{Value, json};

/// Returns all parameters by the name that operations refer to.
pub(super) fn all() -> Value {
    let text = || json!({ "type": "string" });
    let query = |name, schema, description| parameter(name, "query", schema, description);
    let header = |name, schema, description| parameter(name, "header", schema, description);
    let versions = json!({ "anyOf": [{ "enum": ["*"] }, { "type": "string" }] });
    // An empty parameter counts as missing, and a negative number as zero.
    let number = || json!({ "anyOf": [{ "type": "integer" }, { "enum": [""] }] });
    let id = json!({
        "name": "id",
        "in": "path",
        "required": true,
        "description": "The resource's id.",
        "schema": { "type": "string" },
    });
    json!({
        "id": id,
        "attributes": query(
            "attributes",
            text(),
            "Attributes to answer with, separated by commas; not together with \
             excludedAttributes.",
        ),
        "excludedAttributes": query(
            "excludedAttributes",
            text(),
            "Attributes to leave out, separated by commas.",
        ),
        "filter": query(
            "filter",
            json!({ "type": "string", "minLength": 1 }),
            "Which resources (RFC 7644 §3.4.2.2), such as userName eq \"ada@example.com\".",
        ),
        "sortBy": query("sortBy", text(), "The attribute to sort by."),
        "sortOrder": query(
            "sortOrder",
            json!({ "enum": ["ascending", "descending", ""] }),
            "Ascending if it is not given.",
        ),
        "startIndex": query(
            "startIndex",
            number(),
            "Index of the first resource of the page, from 1; not together with cursor.",
        ),
        "count": query("count", number(), "Most resources on the page; 0 asks for the total."),
        "cursor": query(
            "cursor",
            text(),
            "Paging by cursor (RFC 9865): empty for the first page, then the last nextCursor.",
        ),
        "If-Match": header("If-Match", versions, "Change only one of these versions, or *."),
        "If-None-Match": header("If-None-Match", text(), "Return or change only a version other than these."),
    })
}

fn parameter(name: &str, place: &str, schema: Value, description: &str) -> Value {
    json!({ "name": name, "in": place, "description": description, "schema": schema })
}

/// Returns references to these parameters.
pub(super) fn references(names: &[&str]) -> Value {
    names.iter().map(|name| json!({ "$ref": format!("#/components/parameters/{name}") })).collect()
}
