//! A resource as the engine holds it: a JSON object whose keys have the schema's letter case,
//! whose values have the schema's types, and which contains no null, empty string or empty list
//! (RFC 7643 §2.5: those mean unassigned). Extension attributes sit in an object under their URN.

use serde_json::{Map, Value};

use super::path::AttributeRef;

/// A normalised resource. Made by the reader, changed by PATCH, read by filters and projection.
pub type Resource = Map<String, Value>;

/// The value of an attribute (without following its sub-attribute), if assigned.
pub fn value_of<'a>(resource: &'a Resource, reference: &AttributeRef) -> Option<&'a Value> {
    match &reference.extension {
        Some(urn) => {
            resource.get(urn.as_ref())?.as_object()?.get(reference.attribute.name.as_ref())
        }
        None => resource.get(reference.attribute.name.as_ref()),
    }
}
