//! Applies one operation to a resource: finds the container of the attribute and has the rules of
//! [`super::mutability`] checked. Values are changed in [`super::single`] and [`super::list`].

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::extension::{check_size, existing_key};
use super::mutability::{check_once, check_required, may_write};
use super::open::{self, Meant};
use super::target::{Naming, NewValue, Step, Target};
use super::{Operation, OperationKind, extension, foreign, list, single};
use crate::path::{AttributeRef, Path, urn};
use crate::reader::{Location, coerce};
use crate::schema::{Kind, Mutability, ResourceType};
use crate::{Filter, Resource, ScimError};

/// Applies one operation (RFC 7644 §3.5.2.1 to §3.5.2.3, and what Entra and Okta need beyond it).
///
/// The resource may contain its read-only attributes; keys of a value that name them are ignored.
/// Passwords are checked and dropped. After an error the resource may be partly changed and must be
/// discarded.
///
/// # Errors
/// Returns 400 `mutability` for read-only and immutable attributes and for removing a required one,
/// 400 `noTarget` if no value matches a filter and none can be created from it, and 400
/// `invalidValue` for values of a wrong type, empty required attributes and exceeded limits.
pub fn apply(
    resource: &mut Resource,
    operation: &Operation,
    resource_type: &ResourceType,
) -> Result<(), ScimError> {
    let naming = if operation.pathless { Naming::Key } else { Naming::Path };
    let step = Step { kind: operation.kind, path: &operation.path, naming };
    let value = operation.value.as_ref().map(Cow::Borrowed);
    write(resource, step, value, resource_type)
}

/// Assigns an attribute of a body, as an add without path does. Consumes the value.
///
/// # Errors
/// The same as [`apply`].
pub(crate) fn assign(
    resource: &mut Resource,
    path: &Path,
    value: Value,
    resource_type: &ResourceType,
) -> Result<(), ScimError> {
    let step = Step { kind: OperationKind::Add, path, naming: Naming::Key };
    write(resource, step, Some(Cow::Owned(value)), resource_type)
}

fn write(
    resource: &mut Resource,
    step: Step<'_>,
    value: NewValue<'_>,
    resource_type: &ResourceType,
) -> Result<(), ScimError> {
    match step.path {
        Path::Extension(urn) => extension::write(resource, urn, step, value, resource_type),
        Path::Attribute { reference, filter } => {
            match open::meant(resource, reference, filter.as_ref()) {
                Meant::Attribute => {}
                Meant::Extension(urn) => {
                    return extension::write(resource, &urn, step, value, resource_type);
                }
                Meant::Within(inner) => return attribute(resource, step, value, &inner, None),
                Meant::Nothing if step.kind == OperationKind::Remove => return Ok(()),
                Meant::Nothing => {
                    return Err(ScimError::no_target(format!(
                        "No value matches {}: the path before the filter names an extension",
                        step.path.in_an_error()
                    )));
                }
            }
            if is_schemas(reference) && matches!(step.naming, Naming::Path) {
                return announce(step.kind, value.as_deref(), resource_type);
            }
            attribute(resource, step, value, reference, filter.as_ref())
        }
    }
}

/// Applies an operation to an attribute, in the object of its extension if it has one.
///
/// # Errors
/// The same as [`apply`].
pub(super) fn attribute(
    resource: &mut Resource,
    step: Step<'_>,
    value: NewValue<'_>,
    reference: &AttributeRef,
    filter: Option<&Filter>,
) -> Result<(), ScimError> {
    // `schemas` is derived from the attributes of the resource. As one key among others it is an
    // echo, which is ignored.
    if is_schemas(reference) {
        return Ok(());
    }
    let Some(urn) = &reference.extension else {
        return in_container(resource, step, value, reference, filter);
    };
    let urn = existing_key(resource, urn);
    let slot = match resource.get_mut(urn.as_ref()) {
        Some(slot) => slot,
        None => resource.entry(urn.as_ref()).or_insert(Value::Null),
    };
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    let Value::Object(container) = slot else { return Ok(()) };
    let result = in_container(container, step, value, reference, filter)
        .and_then(|()| check_size(container, &urn));
    if container.is_empty() {
        resource.shift_remove(urn.as_ref());
    }
    result
}

fn is_schemas(reference: &AttributeRef) -> bool {
    reference.extension.is_none() && reference.attribute.definition.name == "schemas"
}

/// Accepts operations that add schemas the resource type has: some clients announce the schema of
/// the attributes that they add. Any other change of `schemas` is refused.
fn announce(
    kind: OperationKind,
    value: Option<&Value>,
    resource_type: &ResourceType,
) -> Result<(), ScimError> {
    let is_known = |value: &Value| {
        let mut known = urn::schemas(resource_type);
        value.as_str().is_some_and(|urn| known.any(|schema| schema.id.eq_ignore_ascii_case(urn)))
    };
    match (kind, value) {
        (OperationKind::Add | OperationKind::Replace, Some(Value::Array(urns)))
            if urns.iter().all(is_known) =>
        {
            Ok(())
        }
        _ => Err(ScimError::mutability(
            "schemas cannot be changed: it follows from the attributes. Add or remove the attributes \
             instead",
        )),
    }
}

fn in_container(
    container: &mut Map<String, Value>,
    step: Step<'_>,
    value: NewValue<'_>,
    reference: &AttributeRef,
    filter: Option<&Filter>,
) -> Result<(), ScimError> {
    let definition = reference.attribute.definition;
    let name = match definition.kind {
        // Names of a client's own attributes are stored in the letter case that the client used.
        Kind::Any => existing_key(container, &reference.attribute.name),
        _ => Cow::Borrowed(definition.name),
    };
    if !may_write(container, step, value.as_deref(), reference)? {
        return Ok(());
    }
    if definition.mutability == Mutability::WriteOnly {
        if let Some(value) = value {
            coerce(value.into_owned(), definition, &Location::of(definition.name))?;
        }
        return Ok(());
    }
    let target = Target {
        kind: step.kind,
        name: &name,
        reference,
        filter,
        gives_object: value.as_deref().is_some_and(Value::is_object),
        path: step.path,
    };
    let is_list = is_list(container, &target);
    // A remove reads its value only if that says which values of a list are meant.
    let is_read = step.kind != OperationKind::Remove || is_list && target.is_whole();
    if let Some(value) = value.as_deref().filter(|_| is_read && reference.sub_attribute.is_none())
        && foreign::is_foreign(value, definition)
    {
        return match step.naming {
            Naming::Path => Err(foreign::refused(value, definition, &target.label())),
            // As one key among others it is passed over, like an unknown attribute.
            Naming::Extension | Naming::Key => Ok(()),
        };
    }
    let before = match definition.mutability {
        Mutability::Immutable => container.get(target.name).cloned(),
        _ => None,
    };
    if is_list {
        list::write(container, value, &target)?;
    } else {
        single::write(container, value, &target)?;
    }
    check_once(before.as_ref(), container.get(target.name), reference)?;
    check_required(container, step.kind, definition)
}

/// Returns `true` if the attribute is written value by value. For an attribute without a
/// definition, this depends on the stored value.
fn is_list(container: &Map<String, Value>, target: &Target<'_>) -> bool {
    match target.definition().kind {
        Kind::Any => {
            target.filter.is_some()
                || matches!(container.get(target.name), Some(Value::Array(_)))
                    && (target.kind != OperationKind::Replace
                        || target.reference.sub_attribute.is_some())
        }
        _ => target.definition().multi_valued,
    }
}
