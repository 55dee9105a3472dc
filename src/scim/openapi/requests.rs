//! The schemas of request bodies. They include the other forms that the reader accepts.

use serde_json::{Map, Value, json};

use super::names::{request_name, request_name_of, schema_reference};
use super::resources::describe;
use crate::patch::PATCH_SCHEMA;
use crate::schema::common::common_attribute;
use crate::schema::{Attribute, Kind, Mutability, ResourceType, Schema};

/// Returns the schema of the values that mean "unassigned" (RFC 7643 §2.5).
pub(super) fn unassigned() -> Value {
    json!({ "description": "No value.", "enum": [null, "", [], {}] })
}

/// Returns the schema of the body of POST and PUT. Read-only attributes are left out: clients may
/// send them, but they are ignored.
pub(super) fn resource(known: &ResourceType) -> Value {
    let urns: Vec<_> = std::iter::once(known.schema.id)
        .chain(known.extensions.iter().map(|schema| schema.id))
        .collect();
    let mut properties = Map::new();
    properties.insert("schemas".into(), listed(&urns, true));
    properties.extend(writable(known));
    let required: Vec<_> = known
        .schema
        .attributes
        .iter()
        .filter(|definition| definition.required)
        .map(|definition| definition.name)
        .collect();
    json!({
        "type": "object",
        "description": known.schema.description,
        "required": required,
        "properties": properties,
        "additionalProperties": true,
    })
}

/// Returns the schema of the body of PATCH (RFC 7644 §3.5.2).
pub(super) fn patch(known: &ResourceType) -> Value {
    let value = json!({
        "type": "object",
        "description": "Attributes with their new values.",
        "properties": writable(known),
        "additionalProperties": true,
    });
    let path = json!({
        "description": "An attribute, a value path such as emails[type eq \"work\"].value, or the \
                        URN of an extension.",
        "anyOf": [{ "enum": paths(known) }, { "type": "string", "minLength": 1 }],
    });
    let change = || one_of(&["add", "replace"]);
    let mut forms = vec![
        json!({
            "title": "Change several attributes",
            "type": "object",
            "required": ["op", "value"],
            "properties": { "op": change(), "path": { "enum": [null, ""] }, "value": value },
        }),
        json!({
            "title": "Remove what the path names",
            "type": "object",
            "required": ["op", "path"],
            "properties": { "op": one_of(&["remove"]), "path": path },
        }),
    ];
    forms.extend(targets(known).into_iter().map(|(path, value)| {
        json!({
            "title": format!("Change {path}"),
            "type": "object",
            "required": ["op", "path", "value"],
            "properties": { "op": change(), "path": { "const": path }, "value": value },
        })
    }));
    forms.push(json!({
        "title": "Change what another path names",
        "type": "object",
        "required": ["op", "path", "value"],
        "properties": { "op": change(), "path": path },
    }));
    json!({
        "type": "object",
        "required": ["schemas", "Operations"],
        "properties": {
            "schemas": listed(&[PATCH_SCHEMA], false),
            "Operations": {
                "type": "array",
                "minItems": 1,
                "description": "Applied one after the other, all or none.",
                "items": { "anyOf": forms },
            },
        },
        "additionalProperties": true,
    })
}

/// Returns the paths of whole attributes, each with the schema of its value.
fn targets(known: &ResourceType) -> Vec<(String, Value)> {
    let places = std::iter::once((known.schema, String::new(), request_name(known))).chain(
        known.extensions.iter().map(|schema| {
            let name = format!("{}/anyOf/0", request_name_of(schema));
            (*schema, format!("{}:", schema.id), name)
        }),
    );
    let mut targets = Vec::new();
    for (schema, prefix, place) in places {
        for definition in schema.attributes {
            if definition.mutability != Mutability::ReadOnly {
                let value = schema_reference(&format!("{place}/properties/{}", definition.name));
                targets.push((format!("{prefix}{}", definition.name), value));
            }
        }
    }
    targets
}

/// Returns the schema of an extension.
pub(super) fn extension(schema: &Schema) -> Value {
    json!({
        "description": schema.description,
        "anyOf": [
            {
                "type": "object",
                "properties": attributes(schema.attributes, true),
                "additionalProperties": true,
            },
            schema_reference("Unassigned"),
        ],
    })
}

/// Returns the schema of `schemas`: a list that contains one of the URNs, or a URN alone. With
/// `or_none` it may be missing.
pub(super) fn listed(urns: &[&str], or_none: bool) -> Value {
    let mut forms = vec![
        json!({ "type": "array", "items": { "type": "string" }, "contains": { "enum": urns } }),
        json!({ "enum": urns }),
    ];
    if or_none {
        forms.push(json!({ "enum": [null, []] }));
    }
    json!({ "description": "URNs of the schemas of the body.", "anyOf": forms })
}

/// Returns the schema of one of the words, in any letter case and with white space around it.
pub(super) fn one_of(words: &[&str]) -> Value {
    let patterns: Vec<_> = words.iter().map(|word| any_case(word)).collect();
    let pattern = format!(r"^\s*({})\s*$", patterns.join("|"));
    json!({ "anyOf": [{ "enum": words }, { "type": "string", "pattern": pattern }] })
}

/// Returns a pattern for the word in any letter case.
fn any_case(word: &str) -> String {
    word.chars()
        .map(|letter| format!("[{}{}]", letter.to_ascii_lowercase(), letter.to_ascii_uppercase()))
        .collect()
}

fn writable(known: &ResourceType) -> Map<String, Value> {
    let mut properties = Map::new();
    properties
        .extend(common_attribute("externalId").map(|it| (it.name.into(), attribute(it, false))));
    properties.extend(attributes(known.schema.attributes, true));
    for schema in known.extensions {
        properties.insert(schema.id.into(), schema_reference(&request_name_of(schema)));
    }
    properties
}

/// Returns the paths of the attributes that PATCH can change.
fn paths(known: &ResourceType) -> Vec<String> {
    let mut paths = Vec::new();
    let mut add = |prefix: &str, attributes: &[Attribute]| {
        for definition in attributes.iter().filter(|it| it.mutability != Mutability::ReadOnly) {
            let path = format!("{prefix}{}", definition.name);
            if !definition.multi_valued {
                let inner = definition.sub_attributes.iter();
                paths.extend(
                    inner
                        .filter(|it| it.mutability != Mutability::ReadOnly)
                        .map(|it| format!("{path}.{}", it.name)),
                );
            }
            paths.push(path);
        }
    };
    add("", known.schema.attributes);
    for schema in known.extensions {
        add(&format!("{}:", schema.id), schema.attributes);
    }
    paths
}

/// Returns the schemas of the writable attributes. Only attributes of a schema can be required, not
/// sub-attributes.
fn attributes(definitions: &'static [Attribute], of_schema: bool) -> Map<String, Value> {
    definitions
        .iter()
        .filter(|definition| definition.mutability != Mutability::ReadOnly)
        .map(|definition| {
            let required = of_schema && definition.required;
            (definition.name.into(), attribute(definition, required))
        })
        .collect()
}

/// Returns the schema of an attribute; `required` says whether it must have a value. Sub-attributes
/// cannot be required: a complex value without any is itself unassigned.
fn attribute(definition: &'static Attribute, required: bool) -> Value {
    let mut forms = forms(definition, required);
    if definition.multi_valued {
        forms.push(schema_reference("Unassigned"));
        let items = json!({ "anyOf": forms.clone() });
        // A single value is accepted as a list of one.
        forms.insert(0, json!({ "type": "array", "items": items }));
    } else if definition.kind == Kind::Complex {
        // A list of one is accepted as a single value.
        forms.push(list_of_one(&forms));
        forms.push(schema_reference("Unassigned"));
    } else if !required {
        forms.push(schema_reference("Unassigned"));
    }
    let mut schema = json!({ "anyOf": forms });
    describe(&mut schema, definition);
    if definition.mutability == Mutability::WriteOnly {
        schema["writeOnly"] = true.into();
    }
    schema
}

/// Returns the forms in which one value is accepted, the correct one first.
fn forms(definition: &'static Attribute, required: bool) -> Vec<Value> {
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    match definition.kind {
        Kind::String | Kind::Reference if required => {
            vec![json!({ "type": "string", "minLength": 1 })]
        }
        Kind::String | Kind::Reference => vec![json!({ "type": "string" })],
        Kind::Boolean => {
            let words = format!(r"^\s*({}|{})\s*$", any_case("true"), any_case("false"));
            vec![json!({ "type": "boolean" }), text(&words)]
        }
        Kind::Integer => vec![json!({ "type": "integer" }), text(r"^\s*[+-]?[0-9]+\s*$")],
        Kind::Decimal => vec![json!({ "type": "number" }), json!({ "type": "string" })],
        Kind::DateTime => vec![json!({ "type": "string", "format": "date-time" })],
        Kind::Binary => vec![json!({
            "type": "string",
            "pattern": r"^[A-Za-z0-9+/_\s-]*[=\s]*$",
            "contentEncoding": "base64",
        })],
        Kind::Complex => complex(definition),
        Kind::Any => vec![json!({})],
    }
}

/// Returns the forms of a complex value. If it has a writable `value`, a string is accepted in its
/// place; in lists, objects may be wrapped once more.
fn complex(definition: &'static Attribute) -> Vec<Value> {
    let mut forms = vec![json!({
        "type": "object",
        "properties": attributes(definition.sub_attributes, false),
        "additionalProperties": true,
    })];
    let value = definition.sub_attribute("value");
    if value.is_some_and(|found| found.mutability != Mutability::ReadOnly) {
        forms.push(json!({ "type": "string" }));
    }
    if definition.multi_valued {
        forms.push(list_of_one(&forms));
    }
    forms
}

/// Returns the schema of a list with one value or null.
fn list_of_one(forms: &[Value]) -> Value {
    let mut forms = forms.to_vec();
    forms.push(json!({ "type": "null" }));
    let items = json!({ "anyOf": forms });
    json!({ "type": "array", "items": items, "minItems": 1, "maxItems": 1 })
}
