//! The OpenAPI 3.1 description of the endpoints, generated from the definitions that the engine
//! uses. Requests are described as they are accepted, tolerance included; responses as they are
//! written.

mod messages;
mod names;
mod operations;
mod parameters;
mod requests;
mod resources;
mod responses;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use self::names::{list_name, patch_name, request_name, request_name_of};
use super::schema::ResourceType;
use super::schema::resource_type::RESOURCE_TYPE;
use super::schema::schema_schema::SCHEMA;
use super::schema::service_provider_config::SERVICE_PROVIDER_CONFIG;

/// The parts of the description that depend on the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About<'a> {
    /// The name of the service.
    pub title: &'a str,
    /// The version of the service.
    pub version: &'a str,
    /// The URL of the SCIM endpoint, to which the paths are relative.
    pub base_url: &'a str,
}

const DESCRIPTION: &str = "SCIM 2.0 (RFC 7643, RFC 7644, RFC 9865). Names of attributes, \
    parameters and keywords are compared without letter case; this description spells them as the \
    RFCs do. A body may also name attributes by their full URN or with dots, and hold attributes \
    that no schema knows, which are ignored, as read-only ones are. null, the empty string, the \
    empty list and the empty object mean that an attribute is unassigned. Every path has the \
    methods listed here; others are answered 405 with Allow.";

/// Returns the description of a service with these resource types.
pub fn document(types: &[&ResourceType], about: &About<'_>) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": about.title,
            "version": about.version,
            "description": DESCRIPTION,
        },
        "servers": [{ "url": about.base_url }],
        "security": [{ "bearer": [] }],
        "tags": tags(types),
        "paths": operations::paths(types),
        "components": {
            "securitySchemes": { "bearer": {
                "type": "http",
                "scheme": "bearer",
                "description": "The connector's token. A token alone, without the word Bearer, is \
                                accepted too.",
            } },
            "schemas": schemas(types),
            "parameters": parameters::all(),
            "headers": responses::headers(),
            "responses": responses::refusals(),
        },
    })
}

fn tags(types: &[&ResourceType]) -> Value {
    let resources = types.iter().map(|known| (known.name, known.description));
    let others = [
        ("Search", "Queries across resource types."),
        ("Bulk", "Several operations in one request."),
        ("Discovery", "What the service provider supports."),
    ];
    resources
        .chain(others)
        .map(|(name, description)| json!({ "name": name, "description": description }))
        .collect()
}

fn schemas(types: &[&ResourceType]) -> Value {
    let mut schemas = Map::new();
    for known in types {
        schemas.insert(known.name.into(), resources::resource(known));
        schemas.insert(request_name(known), requests::resource(known));
        schemas.insert(patch_name(known), requests::patch(known));
        schemas.insert(list_name(known.name), messages::list(&[known.name]));
        for schema in known.extensions {
            schemas.insert(schema.name.into(), resources::extension(schema));
            schemas.insert(request_name_of(schema), requests::extension(schema));
        }
    }
    let names: Vec<_> = types.iter().map(|known| known.name).collect();
    schemas.insert("ListResponse".into(), messages::list(&names));
    for schema in [&SERVICE_PROVIDER_CONFIG, &RESOURCE_TYPE, &SCHEMA] {
        schemas.insert(schema.name.into(), resources::discovery(schema));
    }
    for schema in [&RESOURCE_TYPE, &SCHEMA] {
        schemas.insert(list_name(schema.name), messages::list(&[schema.name]));
    }
    schemas.insert("Meta".into(), resources::meta());
    schemas.insert("Unassigned".into(), requests::unassigned());
    schemas.insert("SearchRequest".into(), messages::search_request());
    schemas.insert("BulkRequest".into(), messages::bulk_request(types));
    schemas.insert("BulkResponse".into(), messages::bulk_response());
    schemas.insert("Error".into(), messages::error());
    Value::Object(schemas)
}
