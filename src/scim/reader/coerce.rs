//! Converts a client's value to the type of the attribute. Tolerates what identity providers
//! send instead of the right form; simple values are in [`super::scalar`]. Errors name what cannot be
//! accepted.

use serde_json::{Map, Value};

use super::limits::max_values;
use super::location::Location;
use super::values::{self, kind_name};
use super::{is_unassigned, scalar};
use crate::ScimError;
use crate::schema::{Attribute, Kind, Mutability};

/// Converts a value to the type of the attribute; `location` is the attribute's name in errors.
///
/// Returns `None` if the value is unassigned: null, empty strings and lists, and complex values
/// with nothing left in them (RFC 7643 §2.5). Read-only and unknown sub-attributes are removed. A
/// multi-valued attribute becomes a list without equal values and with at most one primary value,
/// the first.
///
/// # Errors
/// Returns 400 `invalidValue` for a value of another type or above a limit.
pub(crate) fn coerce(
    value: Value,
    attribute: &'static Attribute,
    location: &Location<'_>,
) -> Result<Option<Value>, ScimError> {
    if attribute.multi_valued {
        list(value, attribute, location)
    } else {
        coerce_element(value, attribute, location)
    }
}

/// Returns the sub-attribute that a key of a complex value refers to.
pub(crate) fn sub_attribute_of_key(
    attribute: &'static Attribute,
    key: &str,
) -> Option<&'static Attribute> {
    attribute.sub_attribute(key).or_else(|| {
        // Entra and Postman use `displayName` for the display name of roles and members.
        let is_alias = attribute.multi_valued && key.eq_ignore_ascii_case("displayName");
        is_alias.then(|| attribute.sub_attribute("display")).flatten()
    })
}

fn list(
    value: Value,
    attribute: &'static Attribute,
    location: &Location<'_>,
) -> Result<Option<Value>, ScimError> {
    let given = match value {
        Value::Array(given) => given,
        single => vec![single],
    };
    check_count(given.len(), attribute, location)?;
    let mut list = Vec::with_capacity(given.len());
    for value in given {
        list.extend(coerce_element(value, attribute, location)?);
    }
    values::keep_primary(&mut list, 0, attribute);
    values::merge_equal(&mut list, attribute);
    Ok((!list.is_empty()).then_some(Value::Array(list)))
}

fn check_count(
    count: usize,
    attribute: &Attribute,
    location: &Location<'_>,
) -> Result<(), ScimError> {
    let most = max_values(attribute);
    if count <= most {
        return Ok(());
    }
    Err(ScimError::invalid_value(format!("{location} may have {most} values; there are {count}")))
}

/// Converts one value of an attribute to the attribute's type.
///
/// # Errors
/// The same as [`coerce`].
pub(crate) fn coerce_element(
    value: Value,
    attribute: &'static Attribute,
    location: &Location<'_>,
) -> Result<Option<Value>, ScimError> {
    if is_unassigned(&value) {
        return Ok(None);
    }
    if attribute.kind == Kind::Complex {
        complex(value, attribute, location)
    } else {
        scalar::scalar(value, attribute, location)
    }
}

fn complex(
    value: Value,
    attribute: &'static Attribute,
    location: &Location<'_>,
) -> Result<Option<Value>, ScimError> {
    match single(value) {
        Value::Null => Ok(None),
        Value::Object(object) => {
            complete(unpacked(object, attribute, location)?, attribute, location)
        }
        Value::String(text) => {
            if let Some(object) = packed(&text, attribute, location)? {
                return complete(object, attribute, location);
            }
            let Some(significant) = writable_value(attribute) else {
                return Err(not_an_object(attribute, location, "a string"));
            };
            let value = Value::String(text);
            let inner = Location::inside(location, significant.name);
            Ok(coerce(value, significant, &inner)?
                .map(|value| Value::Object(Map::from_iter([(significant.name.into(), value)]))))
        }
        other => Err(not_an_object(attribute, location, kind_name(&other))),
    }
}

/// Parses a string that contains a complex value as JSON. Returns `None` if such a string is an
/// ordinary value of the attribute.
///
/// # Errors
/// Returns 400 `invalidValue` if the JSON is not a value of the attribute. It is not taken for an
/// ordinary string, such as an address or a number.
pub(crate) fn packed(
    text: &str,
    attribute: &'static Attribute,
    location: &Location<'_>,
) -> Result<Option<Map<String, Value>>, ScimError> {
    let may_be_json = writable_value(attribute).is_some_and(|value| value.may_be_json);
    // Ignore a byte order mark.
    let text = text.trim_start_matches('\u{feff}').trim();
    if may_be_json || !text.starts_with(['{', '[']) {
        return Ok(None);
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(object))
            if object.keys().any(|key| sub_attribute_of_key(attribute, key).is_some()) =>
        {
            Ok(Some(object))
        }
        Ok(_) => Err(not_an_object(attribute, location, "a text that holds other JSON")),
        Err(_) => Err(not_an_object(
            attribute,
            location,
            "a text that begins like JSON but is not valid JSON",
        )),
    }
}

/// Merges the JSON in the object's `value` into the object. The object's other members take
/// precedence.
fn unpacked(
    mut object: Map<String, Value>,
    attribute: &'static Attribute,
    location: &Location<'_>,
) -> Result<Map<String, Value>, ScimError> {
    let text = super::member(&object, "value").and_then(Value::as_str);
    let packed = text.map(|text| packed(text, attribute, location)).transpose()?.flatten();
    let Some(mut inner) = packed else { return Ok(object) };
    object.retain(|key, _| !key.eq_ignore_ascii_case("value"));
    inner.extend(object);
    Ok(inner)
}

/// Returns the value of a list of one, and any other value unchanged.
fn single(value: Value) -> Value {
    match value {
        Value::Array(mut values) if values.len() == 1 => values.swap_remove(0),
        other => other,
    }
}

fn writable_value(attribute: &'static Attribute) -> Option<&'static Attribute> {
    attribute.sub_attribute("value").filter(|found| found.mutability != Mutability::ReadOnly)
}

fn complete(
    object: Map<String, Value>,
    attribute: &'static Attribute,
    location: &Location<'_>,
) -> Result<Option<Value>, ScimError> {
    let says_something = object.values().any(|value| !is_unassigned(value));
    let completed = if is_canonical(&object, attribute) {
        in_place(object, attribute, location)?
    } else {
        renamed(object, attribute, location)?
    };
    // What has none of the sub-attributes that it must have is refused, even if nothing of it is
    // known: a list of such members would otherwise count as a list of no members.
    let is_required = attribute.sub_attributes.iter().any(|found| found.required);
    if completed.is_empty() && !(says_something && is_required) {
        return Ok(None);
    }
    // JSON was already unpacked once. JSON packed twice would be stored as it is and refused later.
    let text = completed.get("value").and_then(Value::as_str);
    if text.map(|text| packed(text, attribute, location)).transpose()?.flatten().is_some() {
        return Err(not_an_object(attribute, location, "a text of JSON inside of another value"));
    }
    let missing = attribute
        .sub_attributes
        .iter()
        .find(|found| found.required && !completed.keys().any(|key| key == found.name));
    match missing {
        Some(missing) => Err(ScimError::invalid_value(format!(
            "{} is required in every value of {location}",
            Location::inside(location, missing.name)
        ))),
        None => Ok(Some(Value::Object(completed))),
    }
}

/// Returns `true` if every key is the name of a writable sub-attribute in the schema's letter case.
fn is_canonical(object: &Map<String, Value>, attribute: &Attribute) -> bool {
    object.keys().all(|key| {
        named(attribute, key).is_some_and(|found| found.mutability != Mutability::ReadOnly)
    })
}

fn named(attribute: &Attribute, key: &str) -> Option<&'static Attribute> {
    attribute.sub_attributes.iter().find(|found| found.name == key)
}

/// Converts the values of an object whose keys are already correct, which most are.
fn in_place(
    mut object: Map<String, Value>,
    attribute: &Attribute,
    location: &Location<'_>,
) -> Result<Map<String, Value>, ScimError> {
    for (key, value) in &mut object {
        let Some(found) = named(attribute, key) else { continue };
        let location = Location::inside(location, found.name);
        *value = coerce(value.take(), found, &location)?.unwrap_or_default();
    }
    object.retain(|_, value| !value.is_null());
    Ok(object)
}

fn renamed(
    object: Map<String, Value>,
    attribute: &'static Attribute,
    location: &Location<'_>,
) -> Result<Map<String, Value>, ScimError> {
    let mut completed = Map::with_capacity(object.len());
    for (key, value) in object {
        let Some(found) = sub_attribute_of_key(attribute, &key) else { continue };
        if found.mutability == Mutability::ReadOnly {
            continue;
        }
        let Some(value) = coerce(value, found, &Location::inside(location, found.name))? else {
            continue;
        };
        if key == found.name {
            completed.insert(key, value);
        } else if key.eq_ignore_ascii_case(found.name) {
            completed.insert(found.name.into(), value);
        } else {
            completed.entry(found.name).or_insert(value);
        }
    }
    Ok(completed)
}

fn not_an_object(attribute: &Attribute, location: &Location<'_>, found: &str) -> ScimError {
    let names: Vec<_> = attribute.sub_attributes.iter().map(|found| found.name).collect();
    ScimError::invalid_value(format!(
        "{location} must be an object with {}; it is {found}",
        names.join(", ")
    ))
}
