//! Applies one operation to a resource: checks mutability, finds the container of the attribute,
//! and checks required attributes. Values are changed in [`super::single`] and [`super::list`].

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::open::{self, Meant};
use super::target::{NewValue, Target};
use super::{Operation, OperationKind, list, single, targets};
use crate::excerpt::excerpt;
use crate::path::{AttributeRef, Path, urn};
use crate::reader::limits::MAX_ASSIGNMENTS;
use crate::reader::{Location, coerce, expand_extension, is_unassigned};
use crate::schema::{Attribute, Kind, Mutability, ResourceType};
use crate::{Filter, Resource, ScimError};

/// An operation without its value.
#[derive(Clone, Copy)]
struct Step<'a> {
    kind: OperationKind,
    path: &'a Path,
    naming: Naming,
}

/// How an operation names an attribute. This decides whether a read-only attribute is an error.
#[derive(Clone, Copy, PartialEq)]
enum Naming {
    /// The path is that of the attribute.
    Path,
    /// The path is that of an extension, and the attribute is a key of the value.
    Extension,
    /// There is no path, and the attribute is a key of the value.
    Key,
}

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
        Path::Extension(urn) => extension(resource, urn, step, value, resource_type),
        Path::Attribute { reference, filter } => {
            match open::meant(resource, reference, filter.as_ref()) {
                Meant::Attribute => {}
                Meant::Extension(urn) => {
                    return extension(resource, &urn, step, value, resource_type);
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

fn extension(
    resource: &mut Resource,
    urn: &str,
    step: Step<'_>,
    value: NewValue<'_>,
    resource_type: &ResourceType,
) -> Result<(), ScimError> {
    match value.map(Cow::into_owned) {
        Some(Value::Object(object)) if step.kind != OperationKind::Remove => {
            check_size(&object, urn)?;
            for (path, value) in expand_extension(urn, object, resource_type)? {
                let Path::Attribute { reference, .. } = &path else { continue };
                let naming = match step.naming {
                    Naming::Path => Naming::Extension,
                    other => other,
                };
                let inner = Step { naming, ..step };
                attribute(resource, inner, Some(Cow::Owned(value)), reference, None)?;
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
            resource.shift_remove(key.as_ref());
            Ok(())
        }
    }
}

fn attribute(
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

fn check_size(extension: &Map<String, Value>, urn: &str) -> Result<(), ScimError> {
    if extension.len() <= MAX_ASSIGNMENTS {
        return Ok(());
    }
    Err(ScimError::invalid_value(format!(
        "\"{}\" may have {MAX_ASSIGNMENTS} attributes",
        excerpt(urn)
    )))
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
    if is_list(container, &target) {
        list::write(container, value, &target)?;
    } else {
        single::write(container, value, &target)?;
    }
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

/// Returns `true` if there is something to write. Returns `false` for a read-only attribute that is
/// one key among others, and for a read-only or immutable attribute that already has the given
/// value.
fn may_write(
    container: &Map<String, Value>,
    step: Step<'_>,
    value: Option<&Value>,
    reference: &AttributeRef,
) -> Result<bool, ScimError> {
    let attribute = reference.attribute.definition;
    let leaf = reference.definition();
    let is = |mutability| attribute.mutability == mutability || leaf.mutability == mutability;
    let is_read_only = is(Mutability::ReadOnly);
    if !is_read_only && !is(Mutability::Immutable) {
        return Ok(true);
    }
    let rule = if is_read_only { "is set by the service provider" } else { "is set only once" };
    let refused = || {
        ScimError::mutability(format!(
            "{} {rule} and cannot be changed; leave it out of the request",
            reference.in_an_error()
        ))
    };
    // A path names exactly this attribute, so the client means to change it, whatever its value.
    if is_read_only && step.naming == Naming::Path {
        return Err(refused());
    }
    let current = container.get(attribute.name).and_then(|value| match &reference.sub_attribute {
        Some(named) => value.get(named.name.as_ref()),
        None => Some(value),
    });
    let wanted = match step.kind {
        OperationKind::Remove => None,
        _ => value.filter(|value| !is_unassigned(value)),
    };
    if wanted == current {
        return Ok(false);
    }
    if !is_read_only && current.is_none() {
        return Ok(true);
    }
    // Okta echoes read-only attributes without a path. Only a wrong `id` is refused, because it
    // means that the request was sent to the wrong resource.
    if is_read_only && step.naming == Naming::Key && !targets(step.path, "id") {
        return Ok(false);
    }
    Err(refused())
}

fn check_required(
    container: &Map<String, Value>,
    kind: OperationKind,
    definition: &Attribute,
) -> Result<(), ScimError> {
    let is_missing = |value: Option<&Value>| match value {
        None => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(value) => is_unassigned(value),
    };
    if !definition.required || !is_missing(container.get(definition.name)) {
        return Ok(());
    }
    let detail = format!("{} is required and must not be empty", definition.name);
    Err(match kind {
        // RFC 7644 §3.5.2.2 demands `mutability` for the removal of a required attribute.
        OperationKind::Remove => ScimError::mutability(detail),
        OperationKind::Add | OperationKind::Replace => ScimError::invalid_value(detail),
    })
}

/// Returns the key of the object that equals the name in any letter case, or else the name.
fn existing_key<'a>(object: &Map<String, Value>, name: &'a str) -> Cow<'a, str> {
    if object.contains_key(name) {
        return Cow::Borrowed(name);
    }
    match object.keys().find(|key| key.eq_ignore_ascii_case(name)) {
        Some(key) => Cow::Owned(key.clone()),
        None => Cow::Borrowed(name),
    }
}
