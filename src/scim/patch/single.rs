//! Applies operations to single-valued attributes.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::OperationKind;
use super::change::Change;
use super::target::{NewValue, Target};
use crate::ScimError;
use crate::reader::{coerce, is_unassigned};
use crate::schema::Kind;

/// Applies an operation to the attribute in its container.
pub(super) fn write(
    container: &mut Map<String, Value>,
    value: NewValue<'_>,
    target: &Target<'_>,
) -> Result<(), ScimError> {
    if let Some(filter) = target.filter
        && !container.get(target.name).is_some_and(|value| filter.matches_value(value))
    {
        return match target.kind {
            OperationKind::Remove => Ok(()),
            OperationKind::Add | OperationKind::Replace => Err(target.missing()),
        };
    }
    if target.kind == OperationKind::Remove {
        return remove(container, target);
    }
    if is_changed_by_parts(container, target) {
        match Change::read(value, target)? {
            Some(change) => merge(container, target, change)?,
            None => unassign(container, target),
        }
        return target.check_parts(container.get(target.name).map_or(&[], std::slice::from_ref));
    }
    let value = value.map_or(Value::Null, Cow::into_owned);
    match coerce(value, target.definition(), &target.label())? {
        Some(value) => {
            container.insert(target.name.into(), value);
        }
        None => {
            container.shift_remove(target.name);
        }
    }
    Ok(())
}

/// Returns `true` if sub-attributes that the operation does not name are kept. An open attribute
/// keeps them on add; replace replaces it as a whole.
fn is_changed_by_parts(container: &Map<String, Value>, target: &Target<'_>) -> bool {
    if target.reference.sub_attribute.is_some() {
        return true;
    }
    match target.definition().kind {
        Kind::Complex => true,
        Kind::Any => {
            target.kind == OperationKind::Add
                && container.get(target.name).is_some_and(Value::is_object)
                && target.gives_object
        }
        _ => false,
    }
}

/// An empty object has no effect on add, and unassigns like null on replace.
fn unassign(container: &mut Map<String, Value>, target: &Target<'_>) {
    if target.kind == OperationKind::Replace || !target.gives_object {
        container.shift_remove(target.name);
    }
}

/// Returns `true` if the operation replaces a reference, such as the manager, by an object. A
/// reference that becomes empty in this way is kept as an empty object: Entra removes a manager
/// with `{"value": ""}`, and Microsoft's validator expects it to be present afterwards. In all
/// other cases an empty object is unassigned.
fn is_whole_object(target: &Target<'_>) -> bool {
    target.kind == OperationKind::Replace
        && target.reference.sub_attribute.is_none()
        && target.definition().kind == Kind::Complex
        && target.definition().sub_attribute("value").is_some()
        && target.gives_object
}

fn merge(
    container: &mut Map<String, Value>,
    target: &Target<'_>,
    change: Change,
) -> Result<(), ScimError> {
    let current = container.get_mut(target.name).and_then(Value::as_object_mut);
    let Some(current) = current else {
        if !change.set.is_empty() || is_whole_object(target) {
            container.insert(target.name.into(), Value::Object(change.set));
        }
        return Ok(());
    };
    // A new `value` is another manager; `$ref` and `displayName` of the previous one must not
    // remain.
    let is_another = target.definition().sub_attribute("value").is_some()
        && change.set.get("value").is_some_and(|value| current.get("value") != Some(value));
    if is_another {
        current.retain(|name, _| name == "value");
    }
    change.apply_once(current, target)?;
    if current.is_empty() && !is_whole_object(target) {
        container.shift_remove(target.name);
    }
    Ok(())
}

fn remove(container: &mut Map<String, Value>, target: &Target<'_>) -> Result<(), ScimError> {
    let Some(named) = &target.reference.sub_attribute else {
        container.shift_remove(target.name);
        return Ok(());
    };
    let Some(value) = container.get_mut(target.name) else { return Ok(()) };
    if let Some(object) = value.as_object_mut() {
        Change::unassigning(named).apply_once(object, target)?;
    }
    if is_unassigned(value) {
        container.shift_remove(target.name);
    }
    Ok(())
}
