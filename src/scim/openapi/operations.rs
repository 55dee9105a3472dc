//! Paths and their operations (RFC 7644 §3.2).

use serde_json::{Map, Value, json};

use super::names::{list_name, patch_name, request_name, schema_reference};
use super::parameters;
use super::responses::{all, answer};
use crate::schema::ResourceType;

/// The parameters of a query in a URL.
const QUERY: &[&str] = &[
    "filter",
    "attributes",
    "excludedAttributes",
    "sortBy",
    "sortOrder",
    "startIndex",
    "count",
    "cursor",
];
const PROJECTION: &[&str] = &["attributes", "excludedAttributes"];
const READ: &[&str] = &["attributes", "excludedAttributes", "If-None-Match"];
const WRITE: &[&str] = &["attributes", "excludedAttributes", "If-Match", "If-None-Match"];

/// Returns all paths with their operations, relative to the base URL.
pub(super) fn paths(types: &[&ResourceType]) -> Value {
    let mut paths = Map::new();
    let mut put = |path: &str, item: Value| paths.insert(path.to_owned(), item);
    for known in types {
        let endpoint = known.endpoint;
        put(endpoint, json!({ "get": query(known), "post": create(known) }));
        put(
            &format!("{endpoint}/{{id}}"),
            json!({
                "parameters": parameters::references(&["id"]),
                "get": read(known),
                "put": replace(known),
                "patch": patch(known),
                "delete": delete(known),
            }),
        );
        let search = search(known.name, &list_name(known.name));
        put(&format!("{endpoint}/.search"), json!({ "post": search }));
    }
    put("/", json!({ "get": root_query() }));
    put("/.search", json!({ "post": search("Search", "ListResponse") }));
    put("/Bulk", json!({ "post": bulk() }));
    put("/Me", me());
    for (path, name, schema) in [
        ("/ServiceProviderConfig", "getServiceProviderConfig", "ServiceProviderConfig"),
        ("/ResourceTypes", "listResourceTypes", "ResourceTypeListResponse"),
        ("/Schemas", "listSchemas", "SchemaListResponse"),
    ] {
        put(path, json!({ "get": discovery(name, schema, &[400]) }));
    }
    for (path, name, schema) in [
        ("/ResourceTypes/{id}", "getResourceType", "ResourceType"),
        ("/Schemas/{id}", "getSchema", "Schema"),
    ] {
        let one = discovery(name, schema, &[400, 404]);
        put(path, json!({ "parameters": parameters::references(&["id"]), "get": one }));
    }
    put("/openapi.json", json!({ "get": description() }));
    Value::Object(paths)
}

fn operation(tag: &str, id: &str, summary: &str, parameters: &[&str], responses: Value) -> Value {
    json!({
        "tags": [tag],
        "operationId": id,
        "summary": summary,
        "parameters": parameters::references(parameters),
        "responses": responses,
    })
}

fn with_body(mut operation: Value, schema: &str) -> Value {
    let schema = schema_reference(schema);
    operation["requestBody"] = json!({
        "required": true,
        "content": {
            "application/scim+json": { "schema": schema },
            "application/json": { "schema": schema },
        },
    });
    operation
}

fn query(known: &ResourceType) -> Value {
    let page = answer("A page of what matches.", Some(&list_name(known.name)), &[]);
    let id = format!("query{}s", known.name);
    operation(known.name, &id, "Query", QUERY, all(vec![(200, page)], &[400]))
}

fn create(known: &ResourceType) -> Value {
    let name = known.name;
    let mut created = answer("Created.", Some(name), &["ETag", "Location"]);
    created["links"] = ["get", "replace", "patch", "delete"]
        .iter()
        .map(|verb| {
            let target = format!("{verb}{name}");
            let link = json!({
                "operationId": target,
                "parameters": { "id": "$response.body#/id" },
            });
            (target, link)
        })
        .collect::<Map<_, _>>()
        .into();
    let responses = all(vec![(201, created)], &[400, 409, 413, 415]);
    let operation = operation(name, &format!("create{name}"), "Create", PROJECTION, responses);
    with_body(operation, &request_name(known))
}

fn found(known: &ResourceType) -> (u16, Value) {
    (200, answer("The resource.", Some(known.name), &["ETag", "Content-Location"]))
}

// 405 is listed because `.search` in place of an id is an endpoint that only accepts POST.

fn read(known: &ResourceType) -> Value {
    let unchanged = answer("If-None-Match names its version.", None, &["ETag", "Content-Location"]);
    let responses = all(vec![found(known), (304, unchanged)], &[400, 404, 405]);
    operation(known.name, &format!("get{}", known.name), "Read", READ, responses)
}

fn replace(known: &ResourceType) -> Value {
    let responses = all(vec![found(known)], &[400, 404, 405, 409, 412, 413, 415]);
    let id = format!("replace{}", known.name);
    with_body(operation(known.name, &id, "Replace", WRITE, responses), &request_name(known))
}

fn patch(known: &ResourceType) -> Value {
    let silent = answer(
        "Changed; a group with more than 100 members is not answered.",
        None,
        &["ETag", "Content-Location"],
    );
    let refused = [400, 404, 405, 409, 412, 413, 415];
    let responses = all(vec![found(known), (204, silent)], &refused);
    let id = format!("patch{}", known.name);
    with_body(operation(known.name, &id, "Change", WRITE, responses), &patch_name(known))
}

fn delete(known: &ResourceType) -> Value {
    let responses = all(vec![(204, answer("Deleted.", None, &[]))], &[404, 405, 412]);
    let conditions = &["If-Match", "If-None-Match"];
    operation(known.name, &format!("delete{}", known.name), "Delete", conditions, responses)
}

fn root_query() -> Value {
    let page = answer("A page of what matches.", Some("ListResponse"), &[]);
    let responses = all(vec![(200, page)], &[400]);
    operation("Search", "query", "Query all resource types", QUERY, responses)
}

fn search(tag: &str, list: &str) -> Value {
    let page = answer("A page of what matches.", Some(list), &[]);
    let responses = all(vec![(200, page)], &[400, 413, 415]);
    let id = if tag == "Search" { "search".to_owned() } else { format!("search{tag}s") };
    with_body(operation(tag, &id, "Query by POST", &[], responses), "SearchRequest")
}

fn bulk() -> Value {
    let done = answer("What each operation came to.", Some("BulkResponse"), &[]);
    let responses = all(vec![(200, done)], &[400, 413, 415]);
    let operation = operation("Bulk", "bulk", "Do several operations", &[], responses);
    with_body(operation, "BulkRequest")
}

/// A token represents a connector and not a user, so every method of `/Me` fails.
fn me() -> Value {
    ["get", "post", "put", "patch", "delete"]
        .iter()
        .map(|method| {
            let id = format!("{method}Me");
            let responses = all(Vec::new(), &[501]);
            let summary = "The signed-in user; not supported";
            ((*method).to_owned(), operation("Discovery", &id, summary, &[], responses))
        })
        .collect::<Map<_, _>>()
        .into()
}

fn discovery(id: &str, schema: &str, refused: &[u16]) -> Value {
    let found = answer("The document; it cannot be filtered.", Some(schema), &[]);
    let mut read = operation("Discovery", id, "Read", &[], all(vec![(200, found)], refused));
    // This document needs no token.
    read["security"] = json!([]);
    read
}

fn description() -> Value {
    let document = json!({
        "description": "This description.",
        "content": { "application/json": { "schema": { "type": "object" } } },
    });
    let responses = all(vec![(200, document)], &[]);
    operation("Discovery", "getOpenApi", "Read this description", &[], responses)
}
