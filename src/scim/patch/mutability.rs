//! Whether an attribute may be written (RFC 7643 §7 `mutability` and `required`, RFC 7644 §3.5.2). The
//! rules on sub-attributes are where values are changed: [`super::change`].

use serde_json::{Map, Value};

use super::target::{Naming, Step};
use super::{OperationKind, targets};
use crate::ScimError;
use crate::path::AttributeRef;
use crate::reader::is_unassigned;
use crate::schema::{Attribute, Mutability};

/// Returns `true` unless the operation is on a read-only attribute. Returns `false` for one that is a
/// key among others, or that already has the given value.
///
/// # Errors
/// Returns 400 `mutability` if the client means to change the attribute.
pub(super) fn may_write(
    container: &Map<String, Value>,
    step: Step<'_>,
    value: Option<&Value>,
    reference: &AttributeRef,
) -> Result<bool, ScimError> {
    let attribute = reference.attribute.definition;
    let is_read_only = |it: &Attribute| it.mutability == Mutability::ReadOnly;
    if !is_read_only(attribute) && !is_read_only(reference.definition()) {
        return Ok(true);
    }
    let refused = || {
        ScimError::mutability(format!(
            "{} is set by the service provider and cannot be changed; leave it out of the request",
            reference.in_an_error()
        ))
    };
    // A path names exactly this attribute, so the client means to change it, whatever its value.
    if step.naming == Naming::Path {
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
    // Okta echoes read-only attributes without a path. Only a wrong `id` is refused, because it
    // means that the request was sent to the wrong resource.
    if step.naming == Naming::Key && !targets(step.path, "id") {
        return Ok(false);
    }
    Err(refused())
}

/// Refuses an operation that has changed an immutable attribute that had a value. What the operation
/// was does not matter, so that adding what is there, and removing what is not, succeed.
///
/// # Errors
/// Returns 400 `mutability`.
pub(super) fn check_once(
    before: Option<&Value>,
    after: Option<&Value>,
    reference: &AttributeRef,
) -> Result<(), ScimError> {
    if before.is_none() || before == after {
        return Ok(());
    }
    Err(ScimError::mutability(format!(
        "{} is set only once and cannot be changed; leave it out of the request",
        reference.in_an_error()
    )))
}

/// Checks that a required attribute has a value after the operation.
///
/// # Errors
/// Returns 400 `mutability` for a removal, else 400 `invalidValue`.
pub(super) fn check_required(
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
