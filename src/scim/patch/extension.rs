//! Applies operations to whole extensions.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::target::{Naming, NewValue, Step};
use super::{OperationKind, apply, foreign};
use crate::excerpt::excerpt;
use crate::path::Path;
use crate::reader::limits::MAX_ASSIGNMENTS;
use crate::reader::{self, Location, expand_extension, is_unassigned};
use crate::schema::{Attribute, Mutability, ResourceType};
use crate::{Resource, ScimError};

/// Applies an operation to a whole extension.
///
/// # Errors
/// The same as [`super::apply`].
pub(super) fn write(
    resource: &mut Resource,
    urn: &str,
    step: Step<'_>,
    value: NewValue<'_>,
    resource_type: &ResourceType,
) -> Result<(), ScimError> {
    match value.map(Cow::into_owned) {
        Some(Value::Object(object)) if step.kind != OperationKind::Remove => {
            check_size(&object, urn)?;
            let said = object.iter().find(|(_, value)| !is_unassigned(value));
            let said = said.map(|(key, _)| key.clone());
            let assignments = expand_extension(urn, object, resource_type)?;
            if let (Naming::Path, Some(key)) = (step.naming, said) {
                check_known(&assignments, urn, &key)?;
            }
            for (path, value) in assignments {
                let Path::Attribute { reference, .. } = &path else { continue };
                let naming = match step.naming {
                    Naming::Path => Naming::Extension,
                    other => other,
                };
                let inner = Step { naming, ..step };
                apply::attribute(resource, inner, Some(Cow::Owned(value)), reference, None)?;
            }
            Ok(())
        }
        Some(value) if step.kind != OperationKind::Remove && !is_unassigned(&value) => {
            Err(ScimError::invalid_value(format!(
                "\"{}\" must be an object with the extension's attributes",
                excerpt(urn)
            )))
        }
        _ => {
            let key = existing_key(resource, urn);
            check_removal(resource.get(key.as_ref()), urn, resource_type)?;
            resource.shift_remove(key.as_ref());
            Ok(())
        }
    }
}

/// Refuses an object of which nothing can be written: the path names the extension, so the client
/// means to change it.
fn check_known(assignments: &[(Path, Value)], urn: &str, key: &str) -> Result<(), ScimError> {
    let foreign = |(path, value): &(Path, Value)| match path {
        Path::Attribute { reference, .. } if reference.sub_attribute.is_none() => {
            foreign::is_foreign(value, reference.attribute.definition)
        }
        _ => false,
    };
    if !assignments.iter().all(foreign) {
        return Ok(());
    }
    Err(match assignments.first() {
        Some((Path::Attribute { reference, .. }, value)) => {
            let name = reference.attribute.name.as_ref();
            let label = Location::of_extension(reference.extension.as_ref(), name);
            foreign::refused(value, reference.attribute.definition, &label)
        }
        _ => ScimError::invalid_value(format!(
            "{urn} has no attribute \"{}\"; the schema lists the attributes it has",
            excerpt(key)
        )),
    })
}

/// Refuses to remove an extension with an attribute that is set only once.
fn check_removal(
    present: Option<&Value>,
    urn: &str,
    resource_type: &ResourceType,
) -> Result<(), ScimError> {
    let attributes = reader::extension(urn, resource_type).map_or(&[][..], |it| it.attributes);
    let is_kept = |it: &&Attribute| {
        it.mutability == Mutability::Immutable
            && present.is_some_and(|present| present.get(it.name).is_some())
    };
    match attributes.iter().find(is_kept) {
        None => Ok(()),
        Some(kept) => Err(ScimError::mutability(format!(
            "{urn}:{} is set only once, so the extension cannot be removed; remove its other \
             attributes one by one",
            kept.name
        ))),
    }
}

/// Checks the number of attributes in an extension.
///
/// # Errors
/// Returns 400 `invalidValue` if there are too many.
pub(super) fn check_size(extension: &Map<String, Value>, urn: &str) -> Result<(), ScimError> {
    if extension.len() <= MAX_ASSIGNMENTS {
        return Ok(());
    }
    Err(ScimError::invalid_value(format!(
        "\"{}\" may have {MAX_ASSIGNMENTS} attributes",
        excerpt(urn)
    )))
}

/// Returns the key of the object that equals the name in any letter case, or else the name.
pub(super) fn existing_key<'a>(object: &Map<String, Value>, name: &'a str) -> Cow<'a, str> {
    if object.contains_key(name) {
        return Cow::Borrowed(name);
    }
    match object.keys().find(|key| key.eq_ignore_ascii_case(name)) {
        Some(key) => Cow::Owned(key.clone()),
        None => Cow::Borrowed(name),
    }
}
