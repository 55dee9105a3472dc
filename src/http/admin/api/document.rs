//! The OpenAPI 3.1 document, generated from the declarations.

use serde_json::{Map, Value, json};

use super::examples::example;
use super::{Access, Api, BASE, Endpoint};
use crate::administration::responsible;
use crate::enterprise::Role;
use crate::enterprise::permissions::Credential;

/// Returns the document, without the URL of the server.
pub fn document(mut api: Api) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let definitions = api.schemas.definitions().clone();
    for endpoint in &api.endpoints {
        let path = paths.entry(format!("{BASE}{}", endpoint.path)).or_insert_with(|| json!({}));
        path[endpoint.method.as_str().to_lowercase()] = operation(endpoint, &definitions);
    }
    let mut schemas = api.schemas.take_definitions(true);
    schemas.values_mut().for_each(forget_defaults);
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
        operation["x-effect"] = endpoint.effect.as_str().into();
    }
    if endpoint.fresh {
        operation["x-fresh-session"] = true.into();
    }
    if endpoint.access != Access::Public {
        operation["x-admits"] = endpoint.access.admits().map(Credential::as_str).collect();
    }
    operation
}

/// Returns the members of an object's schema as query parameters.
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
            // A query parameter can be missing, but never null.
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

/// Takes the defaults out of a schema. Generators of clients take a property that has one for a
/// property that is always there, and make callers send it. The descriptions tell the defaults.
fn forget_defaults(schema: &mut Value) {
    for property in
        schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
    {
        if let Some(property) = property.1.as_object_mut() {
            property.remove("default");
        }
    }
}

fn problem() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {
                "type": "string",
                "pattern": "^urn:insomnia:problem:[a-z-]+$",
                "description": "Which problem it is, for programs.",
            },
            "title": {"type": "string", "description": "The status in words."},
            "status": {
                "type": "integer",
                "minimum": 400,
                "maximum": 599,
                "description": "The HTTP status.",
            },
            "detail": {
                "type": "string",
                "description": "What happened, why, and what to do about it, for people.",
            },
            "who_can": {
                "type": "array",
                "maxItems": responsible::MOST,
                "description": "People of the account who can do what your role may not, owners \
                    first; left out where the role is not the reason.",
                "items": {
                    "type": "object",
                    "required": ["name", "email", "role"],
                    "properties": {
                        "name": {"type": "string", "description": "What the account calls them."},
                        "email": {
                            "type": ["string", "null"],
                            "description": "Their address; null if they have none.",
                        },
                        "role": {
                            "type": "string",
                            "enum": Role::ALL,
                            "description": "Their role in the account.",
                        },
                    },
                },
            },
        },
    })
}
