//! The schemas of the protocol's messages: lists, errors, search and bulk requests.

use serde_json::{Value, json};

use super::names::{patch_name, request_name, schema_reference};
use super::requests::{listed, one_of};
use crate::bulk::{BULK_REQUEST_SCHEMA, BULK_RESPONSE_SCHEMA};
use crate::error::{ERROR_SCHEMA, ScimType};
use crate::list::LIST_SCHEMA;
use crate::query::SEARCH_SCHEMA;
use crate::schema::ResourceType;

/// Returns the schema of a page of these resources.
pub(super) fn list(names: &[&str]) -> Value {
    let kinds: Vec<_> = names.iter().map(|name| schema_reference(name)).collect();
    let items = match kinds.as_slice() {
        [one] => one.clone(),
        _ => json!({ "anyOf": kinds }),
    };
    json!({
        "type": "object",
        "required": ["schemas", "totalResults", "itemsPerPage", "Resources"],
        "properties": {
            "schemas": { "const": [LIST_SCHEMA] },
            "totalResults": {
                "type": "integer",
                "minimum": 0,
                "description": "Number of matching resources on all pages.",
            },
            "itemsPerPage": {
                "type": "integer",
                "minimum": 0,
                "description": "Number of resources on this page.",
            },
            "startIndex": {
                "type": "integer",
                "minimum": 1,
                "description": "Index of the first resource; absent when paging by cursor.",
            },
            "nextCursor": {
                "type": "string",
                "description": "Cursor of the next page; absent on the last one.",
            },
            "Resources": { "type": "array", "items": items },
        },
        "additionalProperties": false,
    })
}

/// Returns the schema of an error (RFC 7644 §3.12).
pub(super) fn error() -> Value {
    let keywords: Vec<_> = ScimType::ALL.iter().map(|known| known.as_str()).collect();
    json!({
        "type": "object",
        "required": ["schemas", "status", "detail"],
        "properties": {
            "schemas": { "const": [ERROR_SCHEMA] },
            "status": { "type": "string", "pattern": "^[45][0-9][0-9]$" },
            "scimType": { "enum": keywords },
            "detail": { "type": "string", "description": "What is wrong and how to fix it." },
        },
        "additionalProperties": false,
    })
}

/// Returns the schema of the body of `POST …/.search` (RFC 7644 §3.4.3).
pub(super) fn search_request() -> Value {
    let text = json!({ "type": ["string", "null"] });
    let number = json!({ "anyOf": [
        { "type": ["integer", "null"] },
        { "type": "string", "pattern": r"^\s*([+-]?[0-9]+\s*)?$" },
    ] });
    let names = json!({
        "description": "Names of attributes, in a list or separated by commas.",
        "anyOf": [
            { "type": "array", "items": { "type": "string" } },
            { "type": ["string", "null"] },
        ],
    });
    json!({
        "type": "object",
        "required": ["schemas"],
        "properties": {
            "schemas": {
                "type": "array",
                "contains": { "enum": [SEARCH_SCHEMA] },
            },
            "filter": text,
            "attributes": names,
            "excludedAttributes": names,
            "sortBy": text,
            "sortOrder": { "anyOf": [
                one_of(&["ascending", "descending"]),
                { "type": "null" },
                { "type": "string", "pattern": r"^\s*$" },
            ] },
            "startIndex": number,
            "count": number,
            "cursor": text,
        },
        "additionalProperties": true,
    })
}

/// Returns the schema of the body of `POST /Bulk` (RFC 7644 §3.7).
pub(super) fn bulk_request(types: &[&ResourceType]) -> Value {
    let data: Vec<_> = types
        .iter()
        .flat_map(|known| [request_name(known), patch_name(known)])
        .map(|name| schema_reference(&name))
        // Data of any JSON type is accepted here: errors in it are reported in the operation's
        // result.
        .chain([json!({ "type": ["object", "array", "string", "number", "boolean"] })])
        .collect();
    let data = json!({
        "description": "The body that the operation would have as a request of its own.",
        "anyOf": data,
    });
    let endpoints: Vec<_> = types.iter().map(|known| known.endpoint).collect();
    let text = json!({ "type": ["string", "null"] });
    json!({
        "type": "object",
        "required": ["schemas", "Operations"],
        "properties": {
            "schemas": listed(&[BULK_REQUEST_SCHEMA], false),
            "failOnErrors": {
                "type": ["integer", "null"],
                "minimum": 1,
                "description": "Stop after this number of failures.",
            },
            "Operations": { "type": "array", "items": { "anyOf": [
                {
                    "title": "Create",
                    "type": "object",
                    "required": ["method", "path", "bulkId", "data"],
                    "properties": {
                        "method": one_of(&["POST"]),
                        "path": { "anyOf": [
                            { "enum": endpoints },
                            { "type": "string", "pattern": "^/?[^/]+/?$" },
                        ] },
                        "bulkId": { "type": "string", "minLength": 1 },
                        "version": text,
                        "data": data,
                    },
                },
                {
                    "title": "Change",
                    "type": "object",
                    "required": ["method", "path", "data"],
                    "properties": {
                        "method": one_of(&["PUT", "PATCH"]),
                        "path": { "type": "string", "pattern": "^/?[^/]+/[^/]+$" },
                        "bulkId": text,
                        "version": text,
                        "data": data,
                    },
                },
                {
                    "title": "Delete",
                    "type": "object",
                    "required": ["method", "path"],
                    "properties": {
                        "method": one_of(&["DELETE"]),
                        "path": { "type": "string", "pattern": "^/?[^/]+/[^/]+$" },
                        "bulkId": text,
                        "version": text,
                    },
                },
            ] } },
        },
        "additionalProperties": true,
    })
}

/// Returns the schema of a bulk response (RFC 7644 §3.7.3).
pub(super) fn bulk_response() -> Value {
    json!({
        "type": "object",
        "required": ["schemas", "Operations"],
        "properties": {
            "schemas": { "const": [BULK_RESPONSE_SCHEMA] },
            "Operations": { "type": "array", "items": {
                "type": "object",
                "required": ["method", "status"],
                "properties": {
                    "method": { "enum": ["POST", "PUT", "PATCH", "DELETE"] },
                    "bulkId": { "type": "string" },
                    "version": { "type": "string" },
                    "location": { "type": "string", "format": "uri" },
                    "status": { "type": "string", "pattern": "^[2-5][0-9][0-9]$" },
                    "response": schema_reference("Error"),
                },
                "additionalProperties": false,
            } },
        },
        "additionalProperties": false,
    })
}
