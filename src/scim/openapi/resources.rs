//! The schemas of resources in responses: exactly the attributes of their schemas, with their
//! types.

use serde_json::{Map, Value, json};

use super::names::schema_reference;
use crate::schema::common::common_attribute;
use crate::schema::{Attribute, Kind, Mutability, ResourceType, Returned, Schema};

/// Returns the schema of a resource of this type. Only required attributes that no projection
/// removes are required in a response.
pub(super) fn resource(known: &ResourceType) -> Value {
    let mut properties = Map::new();
    for name in ["schemas", "id", "externalId"] {
        properties.extend(common_attribute(name).map(|found| (name.into(), attribute(found))));
    }
    properties.insert("meta".into(), schema_reference("Meta"));
    properties.extend(attributes(known.schema.attributes));
    for schema in known.extensions {
        properties.insert(schema.id.into(), schema_reference(schema.name));
    }
    json!({
        "type": "object",
        "description": known.schema.description,
        "required": ["schemas", "id"],
        "properties": properties,
        // Extensions of unknown schemas are stored and returned unchanged.
        "patternProperties": { "^[uU][rR][nN]:": { "type": "object" } },
        "additionalProperties": false,
    })
}

/// Returns the schema of an extension.
pub(super) fn extension(schema: &Schema) -> Value {
    json!({
        "type": "object",
        "description": schema.description,
        "properties": attributes(schema.attributes),
        "additionalProperties": false,
    })
}

/// Returns the schema of a discovery document. It is always returned as a whole.
pub(super) fn discovery(schema: &Schema) -> Value {
    let mut properties = attributes(schema.attributes);
    properties.extend(common_attribute("schemas").map(|it| ("schemas".into(), attribute(it))));
    properties.insert("meta".into(), schema_reference("Meta"));
    let mut required = vec!["schemas", "meta"];
    required.extend(schema.attributes.iter().filter(|it| it.required).map(|it| it.name));
    json!({
        "type": "object",
        "description": schema.description,
        "required": required,
        "properties": properties,
        "additionalProperties": false,
    })
}

/// Returns the schema of `meta`.
pub(super) fn meta() -> Value {
    common_attribute("meta").map(attribute).unwrap_or_default()
}

fn attributes(definitions: &[Attribute]) -> Map<String, Value> {
    definitions
        .iter()
        .filter(|definition| definition.returned != Returned::Never)
        .map(|definition| (definition.name.into(), attribute(definition)))
        .collect()
}

fn attribute(definition: &Attribute) -> Value {
    let single = one(definition);
    let mut schema =
        if definition.multi_valued { json!({ "type": "array", "items": single }) } else { single };
    describe(&mut schema, definition);
    if definition.mutability == Mutability::ReadOnly {
        schema["readOnly"] = true.into();
    }
    schema
}

/// Adds the attribute's description and its usual values.
pub(super) fn describe(schema: &mut Value, definition: &Attribute) {
    let mut description = definition.description.to_owned();
    if !definition.canonical_values.is_empty() {
        if !description.ends_with('.') {
            description.push('.');
        }
        description.push_str(" Usual values: ");
        description.push_str(&definition.canonical_values.join(", "));
        description.push('.');
    }
    schema["description"] = description.into();
}

fn one(definition: &Attribute) -> Value {
    match definition.kind {
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Integer => json!({ "type": "integer" }),
        Kind::Decimal => json!({ "type": "number" }),
        Kind::DateTime => json!({ "type": "string", "format": "date-time" }),
        Kind::Binary => json!({ "type": "string", "contentEncoding": "base64" }),
        // References from clients are kept unchanged; those from the server are URIs.
        Kind::Reference if definition.mutability == Mutability::ReadOnly => {
            json!({ "type": "string", "format": "uri-reference" })
        }
        Kind::String | Kind::Reference => json!({ "type": "string" }),
        Kind::Complex => json!({
            "type": "object",
            "properties": attributes(definition.sub_attributes),
            "additionalProperties": false,
        }),
        Kind::Any => json!({}),
    }
}
