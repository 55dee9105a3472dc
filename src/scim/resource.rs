//! A resource as the engine holds it: a JSON object whose keys have the schema's letter case,
//! whose values have the schema's types, and which contains no null, empty string or empty list
//! (RFC 7643 §2.5: those mean unassigned). Extension attributes sit in an object under their URN.

use serde_json::{Map, Value};

use super::path::AttributeRef;
use super::schema::common::common_attribute;
use super::schema::{Attribute, Mutability, ResourceType};

/// A normalised resource. Made by the reader, changed by PATCH, read by filters and projection.
pub type Resource = Map<String, Value>;

/// Takes out what only the service provider sets: what is left is what clients have said.
pub fn strip_read_only(resource: &mut Resource, resource_type: &ResourceType) {
    let is_read_only = |found: Option<&Attribute>| {
        found.is_some_and(|attribute| attribute.mutability == Mutability::ReadOnly)
    };
    resource.retain(|name, _| {
        name != "schemas"
            && !is_read_only(common_attribute(name))
            && !is_read_only(resource_type.schema.attribute(name))
    });
    for schema in resource_type.extensions {
        if let Some(Value::Object(extension)) = resource.get_mut(schema.id) {
            extension.retain(|name, _| !is_read_only(schema.attribute(name)));
            if extension.is_empty() {
                resource.shift_remove(schema.id);
            }
        }
    }
}

/// The value of an attribute (without following its sub-attribute), if assigned.
pub fn value_of<'a>(resource: &'a Resource, reference: &AttributeRef) -> Option<&'a Value> {
    match &reference.extension {
        Some(urn) => {
            resource.get(urn.as_ref())?.as_object()?.get(reference.attribute.name.as_ref())
        }
        None => resource.get(reference.attribute.name.as_ref()),
    }
}
