//! The keys of a body as paths: names in any letter case, dotted names, names behind a URN, value
//! paths, and whole extensions. Bodies of POST and PUT and path-less PATCH values read alike.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::is_unassigned;
use super::limits::MAX_ASSIGNMENTS;
use super::values::kind_name;
use crate::scim::ScimError;
use crate::scim::path::{AttributeRef, Named, Path, PathError};
use crate::scim::schema::common::OPEN;
use crate::scim::schema::{ResourceType, Schema};

/// One assignment per attribute, in the order of the body. Attributes that the resource type does
/// not have are left out; objects under URNs that it does not know become open attributes.
///
/// # Errors
/// 400 `invalidValue` for an extension that is not an object and for a body with too many
/// attributes; 400 `invalidFilter` for a value path whose filter cannot be read.
pub(in crate::scim) fn expand(
    object: Map<String, Value>,
    resource_type: &ResourceType,
) -> Result<Vec<(Path, Value)>, ScimError> {
    let mut assignments = Vec::with_capacity(object.len());
    for (key, value) in object {
        if let Some(schema) = extension(&key, resource_type) {
            match value {
                value if is_unassigned(&value) => {
                    assignments.push((Path::Extension(Cow::Borrowed(schema.id)), Value::Null));
                }
                Value::Object(object) => {
                    assignments.extend(expand_extension(schema.id, object, resource_type));
                }
                other => {
                    return Err(ScimError::invalid_value(format!(
                        "{} must be an object with the extension's attributes; it is {}",
                        schema.id,
                        kind_name(&other)
                    )));
                }
            }
        } else if is_urn(&key)
            && !is_within_known(&key, resource_type)
            && let Value::Object(object) = value
        {
            assignments.extend(expand_extension(&key, object, resource_type));
        } else {
            match Path::parse(&key, resource_type) {
                Ok(path) => assignments.push((path, value)),
                Err(PathError::Filter(error)) => return Err(error.into()),
                // Unknown attributes are ignored: one of them must not block a deactivation that
                // stands in the same request.
                Err(_) => {}
            }
        }
        if assignments.len() > MAX_ASSIGNMENTS {
            return Err(ScimError::invalid_value(format!(
                "a body may assign {MAX_ASSIGNMENTS} attributes; this one assigns more"
            )));
        }
    }
    Ok(assignments)
}

/// The same for the object of one extension, known or not.
pub(in crate::scim) fn expand_extension(
    urn: &str,
    object: Map<String, Value>,
    resource_type: &ResourceType,
) -> Vec<(Path, Value)> {
    let schema = extension(urn, resource_type);
    object
        .into_iter()
        .filter_map(|(key, value)| {
            let reference = match schema {
                Some(_) if key.contains(':') => {
                    AttributeRef::parse(&format!("{urn}:{key}"), resource_type).ok()?
                }
                Some(schema) => AttributeRef::of_schema(&key, schema, resource_type).ok()?,
                None => AttributeRef {
                    extension: Some(Cow::Owned(urn.to_owned())),
                    attribute: Named { name: Cow::Owned(key), definition: &OPEN },
                    sub_attribute: None,
                },
            };
            Some((Path::Attribute { reference, filter: None }, value))
        })
        .collect()
}

/// The extension with this URN.
pub(in crate::scim) fn extension(
    urn: &str,
    resource_type: &ResourceType,
) -> Option<&'static Schema> {
    resource_type.extensions.iter().copied().find(|schema| schema.id.eq_ignore_ascii_case(urn))
}

fn is_urn(key: &str) -> bool {
    key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:"))
}

/// Whether the key is the core URN, or a known URN in front of an attribute.
fn is_within_known(key: &str, resource_type: &ResourceType) -> bool {
    let is_core = |urn: &str| urn.eq_ignore_ascii_case(resource_type.schema.id);
    let is_known = |urn: &str| is_core(urn) || extension(urn, resource_type).is_some();
    is_core(key) || key.rsplit_once(':').is_some_and(|(urn, _)| is_known(urn))
}
