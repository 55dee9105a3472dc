//! The tolerant reader: converts the body of a POST or PUT to a [`Resource`]. What
//! identity providers send in another form than the standard's is read here: values in [`coerce`] and
//! [`scalar`], keys in [`expand`]. Filters and paths have their own tolerance for literals and names.

use serde_json::{Map, Value};

use super::path::Path;
use super::schema::{Mutability, ResourceType};
use super::{Resource, ScimError, patch};

mod coerce;
mod expand;
pub mod limits;
mod location;
#[cfg(test)]
mod properties;
mod scalar;
mod stray;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use coerce::{coerce, coerce_element, packed, sub_attribute_of_key};
pub(crate) use expand::{expand, expand_extension, extension};
pub(crate) use location::Location;
pub(crate) use values::{keep_primary, merge_equal};

/// Parses the body of a POST or PUT.
///
/// The resource contains no read-only attributes, no `schemas` (see [`schemas`]), and no password,
/// which is only checked for its type.
///
/// # Errors
/// Returns 400 `invalidSyntax` if the body is not an object, and 400 `invalidValue`, with the name
/// of the attribute, for wrong types, wrong `schemas`, missing required attributes and exceeded
/// [`limits`].
pub fn read(body: Value, resource_type: &ResourceType) -> Result<Resource, ScimError> {
    let Value::Object(body) = body else {
        return Err(ScimError::invalid_syntax(format!(
            "The body must be a JSON object: the {} resource",
            resource_type.name
        )));
    };
    check_schemas(&body, resource_type)?;
    let mut resource = Resource::new();
    for (path, value) in expand(body, resource_type)? {
        if is_unassigned(&value) || is_read_only(&path) {
            continue;
        }
        patch::assign(&mut resource, &path, value, resource_type)?;
    }
    check_required(&resource, resource_type)?;
    Ok(resource)
}

/// Returns the `schemas` of a resource: the core schema and every extension of the resource type
/// that the resource contains. Extensions of the client's own are not listed (RFC 7643 §3).
pub fn schemas<'a>(
    resource: &'a Resource,
    resource_type: &'a ResourceType,
) -> impl Iterator<Item = &'a str> {
    let is_there = |id: &str| resource.get(id).is_some_and(Value::is_object);
    let extensions = resource_type.extensions.iter().map(|schema| schema.id);
    std::iter::once(resource_type.schema.id).chain(extensions.filter(move |id| is_there(id)))
}

/// Returns `true` for null, the empty string and the empty list (RFC 7643 §2.5), and for lists and
/// objects that contain nothing else.
pub(crate) fn is_unassigned(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Returns the member of a JSON object with this name in any letter case.
pub(crate) fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| {
        object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    })
}

/// Returns the URNs in the `schemas` of a message; empty if there is no such member.
///
/// # Errors
/// Returns 400 `invalidValue` unless it is a list of strings or one string.
pub(crate) fn listed_schemas(body: &Map<String, Value>) -> Result<Vec<&str>, ScimError> {
    let refused = || ScimError::invalid_value("schemas must be a list of strings: schema URNs");
    match member(body, "schemas") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::String(urn)) => Ok(vec![urn]),
        Some(Value::Array(urns)) => {
            urns.iter().map(|urn| urn.as_str().ok_or_else(refused)).collect()
        }
        Some(_) => Err(refused()),
    }
}

/// Checks `schemas`. Unknown URNs are accepted besides a known one: Entra adds a legacy one for
/// groups.
fn check_schemas(body: &Map<String, Value>, resource_type: &ResourceType) -> Result<(), ScimError> {
    let listed = listed_schemas(body)?;
    let is_known = |urn: &&str| {
        urn.eq_ignore_ascii_case(resource_type.schema.id) || extension(urn, resource_type).is_some()
    };
    if listed.is_empty() || listed.iter().any(is_known) {
        return Ok(());
    }
    let listed: Vec<String> = listed.into_iter().take(4).map(crate::excerpt::excerpt).collect();
    Err(ScimError::invalid_value(format!(
        "schemas must contain {}, because this is a {}; it contains \"{}\"",
        resource_type.schema.id,
        resource_type.name,
        listed.join("\", \"")
    )))
}

fn is_read_only(path: &Path) -> bool {
    match path {
        Path::Extension(_) => false,
        Path::Attribute { reference, .. } => {
            [Some(&reference.attribute), reference.sub_attribute.as_ref()]
                .into_iter()
                .flatten()
                .any(|named| named.definition.mutability == Mutability::ReadOnly)
        }
    }
}

fn check_required(resource: &Resource, resource_type: &ResourceType) -> Result<(), ScimError> {
    let missing: Vec<_> = resource_type
        .schema
        .attributes
        .iter()
        .filter(|attribute| attribute.required && !resource.contains_key(attribute.name))
        .map(|attribute| attribute.name)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(ScimError::invalid_value(format!(
        "{} is required in every {} and must not be empty",
        missing.join(", "),
        resource_type.name
    )))
}
