//! The OpenAPI 3.1 document, made from the declarations.

use serde_json::{Map, Value, json};

use super::examples::example;
use super::{Access, Api, BASE, Endpoint};
use crate::enterprise::permissions::Credential;

/// The document, but for where clients find the server.
pub fn document(mut api: Api) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let definitions = api.schemas.definitions().clone();
    for endpoint in &api.endpoints {
        let path = paths.entry(format!("{BASE}{}", endpoint.path)).or_insert_with(|| json!({}));
        path[endpoint.method.as_str().to_lowercase()] = operation(endpoint, &definitions);
    }
    let mut schemas = api.schemas.take_definitions(true);
    schemas.insert("Problem".to_owned(), problem());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Insomnia Enterprise: administration",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What an account's administrators do. Refusals are problem documents \
                (RFC 9457); lists are pages that next_cursor leads on from; times are RFC 3339.",
        },
        "servers": [],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "administrator": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A personal token (insomnia_admin_…) or a session's.",
                },
                "session": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A session's secret (insomnia_session_…), or its cookie.",
                },
                "operator": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token that the server's operator configured.",
                },
                "signature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Insomnia-Signature",
                    "description": "HMAC-SHA256 over time and body.",
                },
            },
        },
    })
}

fn operation(endpoint: &Endpoint, definitions: &Map<String, Value>) -> Value {
    let mut parameters: Vec<Value> = endpoint
        .parameters()
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect();
    for schema in &endpoint.query {
        parameters.extend(query_parameters(schema.as_value()));
    }
    if endpoint.idempotent {
        parameters.push(json!({
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Sent again within 24 hours with the same body, the call creates \
                nothing again and answers as it did.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255,
                "pattern": "^[!-~]+$"},
        }));
    }
    let mut responses = Map::new();
    for answer in &endpoint.answers {
        let mut response = json!({"description": "Done."});
        if let Some((media_type, schema)) = &answer.body {
            response["content"] = json!({*media_type: {"schema": schema}});
            if *media_type == "application/json" {
                response["content"][*media_type]["example"] =
                    example(schema.as_value(), definitions);
            }
        }
        responses.insert(answer.status.to_string(), response);
    }
    for status in endpoint.refused_with() {
        responses.insert(
            status.to_string(),
            json!({
                "description": "Refused; the detail says why and what to do.",
                "content": {"application/problem+json":
                    {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }),
        );
    }
    let mut operation = json!({
        "operationId": endpoint.id,
        "tags": [endpoint.thing()],
        "summary": endpoint.summary,
        "parameters": parameters,
        "responses": responses,
    });
    if let Some(description) = endpoint.description {
        operation["description"] = description.into();
    }
    if let Some((media_type, schema)) = &endpoint.body {
        operation["requestBody"] =
            json!({"required": true, "content": {*media_type: {"schema": schema}}});
    }
    operation["security"] = match endpoint.access {
        Access::Public => json!([]),
        Access::Member(_) | Access::MemberInFull(_) => json!([{"administrator": []}]),
        Access::MemberInPerson(_) | Access::Session | Access::Person => json!([{"session": []}]),
        Access::Operator => json!([{"operator": []}]),
        Access::Signature => json!([{"signature": []}]),
    };
    if let Some(needed) = endpoint.access.operation() {
        operation["x-permission"] = needed.as_str().into();
    }
    if endpoint.access != Access::Public {
        operation["x-admits"] = endpoint.access.admits().map(Credential::as_str).collect();
    }
    operation
}

/// The members of an object's schema, each as a parameter.
fn query_parameters(schema: &Value) -> Vec<Value> {
    let required: Vec<&str> = schema["required"]
        .as_array()
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let Some(properties) = schema["properties"].as_object() else { return Vec::new() };
    properties
        .iter()
        .map(|(name, schema)| {
            let mut schema = schema.clone();
            let description = schema.as_object_mut().and_then(|it| it.remove("description"));
            // A parameter is there or not; it is never null.
            if let Some(Value::Array(types)) = schema.get_mut("type") {
                types.retain(|one| one != "null");
                if let [only] = &types[..] {
                    schema["type"] = only.clone();
                }
            }
            let mut parameter = json!({
                "name": name,
                "in": "query",
                "required": required.contains(&name.as_str()),
                "schema": schema,
            });
            if let Some(description) = description {
                parameter["description"] = description;
            }
            parameter
        })
        .collect()
}

fn problem() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "pattern": "^urn:insomnia:problem:[a-z-]+$"},
            "title": {"type": "string"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string"},
        },
    })
}
