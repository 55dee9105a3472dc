//! The names of the schemas in the description.

use serde_json::{Value, json};

use crate::schema::{ResourceType, Schema};

pub(super) fn request_name(known: &ResourceType) -> String {
    format!("{}Request", known.name)
}

pub(super) fn request_name_of(schema: &Schema) -> String {
    format!("{}Request", schema.name)
}

pub(super) fn patch_name(known: &ResourceType) -> String {
    format!("{}PatchRequest", known.name)
}

pub(super) fn list_name(name: &str) -> String {
    format!("{name}ListResponse")
}

/// Returns a reference to a schema of the description.
pub(super) fn schema_reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
