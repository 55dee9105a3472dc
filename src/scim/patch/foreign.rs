//! Detects values of which nothing can be written: every key is unknown or read-only. Beside others
//! such keys are passed over; alone they would make an operation that succeeds and does nothing.

use serde_json::Value;

use crate::ScimError;
use crate::excerpt::excerpt;
use crate::reader::{Location, is_unassigned, sub_attribute_of_key};
use crate::schema::{Attribute, Kind, Mutability};

/// How many keys an error names.
const SHOWN: usize = 4;

/// Returns `true` if the value says something and nothing of it is a sub-attribute that a client may
/// write. A value of an attribute with required sub-attributes is left to the reader, which refuses
/// it.
pub(super) fn is_foreign(value: &Value, definition: &'static Attribute) -> bool {
    if definition.kind != Kind::Complex || definition.sub_attributes.iter().any(|it| it.required) {
        return false;
    }
    match value {
        Value::Array(values) => {
            let mut said = values.iter().filter(|value| !is_unassigned(value)).peekable();
            said.peek().is_some() && said.all(|value| has_foreign_keys(value, definition))
        }
        value => has_foreign_keys(value, definition),
    }
}

fn has_foreign_keys(value: &Value, definition: &'static Attribute) -> bool {
    let Value::Object(object) = value else { return false };
    let may_write = |key: &String| {
        sub_attribute_of_key(definition, key)
            .is_some_and(|found| found.mutability != Mutability::ReadOnly)
    };
    object.values().any(|value| !is_unassigned(value)) && !object.keys().any(may_write)
}

/// Creates the error for such a value: 400 `mutability` if it names a read-only sub-attribute, else
/// 400 `invalidValue`.
pub(super) fn refused(
    value: &Value,
    definition: &'static Attribute,
    label: &Location<'_>,
) -> ScimError {
    let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let keys = || values.iter().filter_map(Value::as_object).flat_map(|object| object.keys());
    if let Some(known) = keys().find_map(|key| sub_attribute_of_key(definition, key)) {
        return ScimError::mutability(format!(
            "{} is set by the service provider and cannot be changed; leave it out of the request",
            Location::inside(label, known.name)
        ));
    }
    let given: Vec<String> = keys().take(SHOWN).map(|key| excerpt(key)).collect();
    let parts: Vec<&str> = definition
        .sub_attributes
        .iter()
        .filter(|part| part.mutability != Mutability::ReadOnly)
        .map(|part| part.name)
        .collect();
    ScimError::invalid_value(format!(
        "{label} has no sub-attribute \"{}\"; give one of {}",
        given.join("\", \""),
        parts.join(", ")
    ))
}
