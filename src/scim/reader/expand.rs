//! Resolves the keys of a body to paths: names in any letter case, dotted names, names after a URN,
//! value paths, and whole extensions. Used for bodies of POST and PUT and for PATCH values without
//! path.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::is_unassigned;
use super::limits::MAX_ASSIGNMENTS;
use super::stray;
use super::values::kind_name;
use crate::ScimError;
use crate::path::{AttributeRef, Named, Path, PathError, urn};
use crate::schema::common::OPEN;
use crate::schema::{ResourceType, Schema};

/// Returns one assignment per attribute, in the order of the body. An object of core attributes may
/// be under the core URN. Unknown attributes are left out; objects under URNs of the client's own
/// become open attributes.
///
/// # Errors
/// Returns 400 `invalidValue` for a schema that is not an object or not one of the resource type's,
/// for a key that resembles a known one, and for a body with too many attributes; 400
/// `invalidFilter` for a value path with an invalid filter.
pub(crate) fn expand(
    object: Map<String, Value>,
    resource_type: &ResourceType,
) -> Result<Vec<(Path, Value)>, ScimError> {
    let mut assignments = Vec::with_capacity(object.len());
    expand_into(&mut assignments, object, resource_type)?;
    Ok(assignments)
}

fn expand_into(
    assignments: &mut Vec<(Path, Value)>,
    object: Map<String, Value>,
    resource_type: &ResourceType,
) -> Result<(), ScimError> {
    for (key, value) in object {
        match (urn::known(&key, resource_type), value) {
            (Some((schema, "")), value) => {
                whole(assignments, schema, value, resource_type)?;
            }
            (None, Value::Object(object))
                if urn::is_urn(&key) && urn::dotted(&key, resource_type).is_none() =>
            {
                urn::check_own(&key, resource_type).map_err(|error| wrong_key(&key, &error))?;
                assignments.extend(expand_extension(&key, object, resource_type)?);
            }
            (_, value) => match Path::parse(&key, resource_type) {
                Ok(path) => assignments.push((path, value)),
                Err(error) => ignore(&key, error, None, resource_type)?,
            },
        }
        if assignments.len() > MAX_ASSIGNMENTS {
            return Err(ScimError::invalid_value(format!(
                "a body may assign {MAX_ASSIGNMENTS} attributes; this one assigns more"
            )));
        }
    }
    Ok(())
}

/// Adds the attributes of an object under the URN of their schema.
fn whole(
    assignments: &mut Vec<(Path, Value)>,
    schema: &'static Schema,
    value: Value,
    resource_type: &ResourceType,
) -> Result<(), ScimError> {
    let is_core = schema.id == resource_type.schema.id;
    match value {
        value if is_unassigned(&value) && is_core => {}
        value if is_unassigned(&value) => {
            assignments.push((Path::Extension(Cow::Borrowed(schema.id)), Value::Null));
        }
        Value::Object(object) if is_core => expand_into(assignments, object, resource_type)?,
        Value::Object(object) => {
            assignments.extend(expand_extension(schema.id, object, resource_type)?);
        }
        other => {
            return Err(ScimError::invalid_value(format!(
                "{} must be an object with the {} attributes; it is {}",
                schema.id,
                if is_core { "core" } else { "extension's" },
                kind_name(&other)
            )));
        }
    }
    Ok(())
}

/// Returns the assignments of the object of one extension, known or not.
///
/// # Errors
/// Returns 400 `invalidValue` for a key that resembles a known one.
pub(crate) fn expand_extension(
    urn: &str,
    object: Map<String, Value>,
    resource_type: &ResourceType,
) -> Result<Vec<(Path, Value)>, ScimError> {
    let schema = extension(urn, resource_type);
    let mut assignments = Vec::with_capacity(object.len());
    for (key, value) in object {
        let reference = match schema {
            Some(schema) => {
                let read = if key.contains(':') {
                    AttributeRef::parse(&key, resource_type)
                } else {
                    AttributeRef::of_schema(&key, schema, resource_type)
                };
                match read {
                    Ok(reference) if reference.attribute.definition == &OPEN => {
                        return Err(ScimError::invalid_value(format!(
                            "{} is inside {urn}; write it outside",
                            reference.in_an_error()
                        )));
                    }
                    Ok(reference) => reference,
                    Err(error) => {
                        ignore(&key, error, Some(schema), resource_type)?;
                        continue;
                    }
                }
            }
            None => AttributeRef {
                extension: Some(Cow::Owned(urn.to_owned())),
                attribute: Named { name: Cow::Owned(key), definition: &OPEN },
                sub_attribute: None,
            },
        };
        assignments.push((Path::Attribute { reference, filter: None }, value));
    }
    Ok(assignments)
}

/// Ignores an invalid key, unless it resembles a known name. An unknown attribute must not block a
/// deactivation in the same request; but ignoring a misspelt name would report success without
/// doing anything. `within` is the schema in whose object the key is.
fn ignore(
    key: &str,
    error: PathError,
    within: Option<&'static Schema>,
    resource_type: &ResourceType,
) -> Result<(), ScimError> {
    let is_ours = match &error {
        PathError::Filter(_) | PathError::ForeignSchema { .. } => true,
        PathError::UnknownAttribute { .. } => stray::is_meant(key, within, resource_type),
        PathError::Syntax { .. } => urn::is_meant(key) || stray::names_ours(key, resource_type),
    };
    match error {
        PathError::Filter(error) => Err(error.into()),
        error if is_ours => Err(wrong_key(key, &error)),
        _ => Ok(()),
    }
}

fn wrong_key(key: &str, error: &PathError) -> ScimError {
    let key = crate::excerpt::excerpt(key);
    ScimError::invalid_value(format!("The body has the attribute \"{key}\": {error}"))
}

/// Returns the extension with this URN.
pub(crate) fn extension(urn: &str, resource_type: &ResourceType) -> Option<&'static Schema> {
    resource_type.extensions.iter().copied().find(|schema| schema.id.eq_ignore_ascii_case(urn))
}
