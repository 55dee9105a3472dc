//! Operations on multi-valued attributes.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::OperationKind;
use super::change::Change;
use super::target::{NewValue, Target};
use super::template::{is_of_kinds, template};
use crate::filter::prepare;
use crate::reader::limits::max_values;
use crate::reader::{Location, coerce, is_unassigned, keep_primary, merge_equal};
use crate::schema::{Attribute, Kind};
use crate::{Filter, ScimError};
use spelling::text;

/// Writes to the attribute inside its container.
pub(super) fn write(
    container: &mut Map<String, Value>,
    value: NewValue<'_>,
    target: &Target<'_>,
) -> Result<(), ScimError> {
    let mut values = match container.get_mut(target.name) {
        Some(Value::Array(values)) => std::mem::take(values),
        Some(value) => vec![value.take()],
        None => Vec::new(),
    };
    // A list that comes whole from the reader needs no second look.
    let is_read = is_whole(target) && (values.is_empty() || target.kind == OperationKind::Replace);
    edit(&mut values, value, target)?;
    if !is_read {
        values.retain(|value| !is_unassigned(value));
        if target.definition().kind != Kind::Any {
            merge_equal(&mut values, target.definition());
        }
    }
    let most = max_values(target.definition());
    if values.len() > most {
        return Err(ScimError::invalid_value(format!(
            "{} may have {most} values; with this operation there would be more",
            target.label()
        )));
    }
    if !is_read {
        check_required(&values, target)?;
    }
    if values.is_empty() {
        container.shift_remove(target.name);
    } else {
        container.insert(target.name.into(), Value::Array(values));
    }
    Ok(())
}

/// Whether the operation is on the whole attribute, not on some values or on parts of them.
fn is_whole(target: &Target<'_>) -> bool {
    target.filter.is_none() && target.reference.sub_attribute.is_none()
}

/// A path that goes past the whole value could have made one without what every value must have.
fn check_required(values: &[Value], target: &Target<'_>) -> Result<(), ScimError> {
    let missing = target
        .definition()
        .sub_attributes
        .iter()
        .filter(|found| found.required)
        .find(|found| values.iter().any(|value| value.get(found.name).is_none()));
    match missing {
        None => Ok(()),
        Some(missing) => Err(ScimError::invalid_value(format!(
            "{label}.{} is required in every value of {label}",
            missing.name,
            label = target.label()
        ))),
    }
}

fn edit(
    values: &mut Vec<Value>,
    value: NewValue<'_>,
    target: &Target<'_>,
) -> Result<(), ScimError> {
    let whole = is_whole(target);
    match (target.kind, value) {
        (OperationKind::Remove, None) if whole => values.clear(),
        (OperationKind::Remove, value) if whole => {
            remove_given(values, elements(value, target)?, target.definition());
        }
        (OperationKind::Remove, _) => remove_matching(values, target),
        (OperationKind::Add, value) if whole => {
            append(values, elements(value, target)?, target.definition());
        }
        (OperationKind::Replace, value) if whole => *values = elements(value, target)?,
        (_, value) => change_matching(values, value, target)?,
    }
    Ok(())
}

/// The operation's value as a list of values of the attribute's type.
fn elements(value: NewValue<'_>, target: &Target<'_>) -> Result<Vec<Value>, ScimError> {
    let value = match value.map_or(Value::Null, Cow::into_owned) {
        // The list is one of the levels that a value may be nested.
        value if target.definition().kind == Kind::Any && !value.is_array() => vec![value].into(),
        value => value,
    };
    Ok(match coerce(value, target.definition(), &target.label())? {
        None => Vec::new(),
        Some(Value::Array(values)) => values,
        Some(value) => vec![value],
    })
}

/// Adds values that are not there yet. Of an attribute that the schema knows, equal values are
/// merged in the end; lists that only the client knows stay as it made them.
fn append(values: &mut Vec<Value>, mut new: Vec<Value>, definition: &Attribute) {
    if definition.kind == Kind::Any {
        let present: HashSet<&Value> = values.iter().collect();
        new.retain(|value| !present.contains(value));
    }
    let first_new = values.len();
    values.extend(new);
    keep_primary(values, first_new, definition);
}

/// Entra and others name the values to remove: those with the same `value`, or, of values that give
/// none, those that say all the same.
fn remove_given(values: &mut Vec<Value>, given: Vec<Value>, definition: &'static Attribute) {
    let significant = definition.sub_attribute("value");
    let key = |value: &Value| match value {
        Value::Object(object) => match object.get("value")? {
            Value::String(text) => Some(match significant {
                Some(found) => Value::String(prepare::key(found, text).into_owned()),
                None => Value::String(text::key(text)),
            }),
            value => Some(value.clone()),
        },
        simple => Some(simple.clone()),
    };
    let keys: HashSet<Value> = given.iter().filter_map(key).collect();
    let partial: Vec<&Map<String, Value>> =
        given.iter().filter(|value| key(value).is_none()).filter_map(Value::as_object).collect();
    values.retain(|value| {
        let is_named = key(value).is_some_and(|key| keys.contains(&key));
        let says_all = |given: &&Map<String, Value>| {
            given.iter().all(|(name, wanted)| value.get(name) == Some(wanted))
        };
        !is_named && !partial.iter().any(says_all)
    });
}

fn matches(value: &Value, filter: Option<&Filter>) -> bool {
    filter.is_none_or(|filter| filter.matches_value(value))
}

fn remove_matching(values: &mut Vec<Value>, target: &Target<'_>) {
    let Some(named) = &target.reference.sub_attribute else {
        values.retain(|value| !matches(value, target.filter));
        return;
    };
    let change = Change::unassigning(named);
    for value in values.iter_mut().filter(|value| matches(value, target.filter)) {
        if let Some(object) = value.as_object_mut() {
            change.apply(object, target.definition());
        }
    }
}

fn change_matching(
    values: &mut Vec<Value>,
    value: NewValue<'_>,
    target: &Target<'_>,
) -> Result<(), ScimError> {
    let change = Change::read(value, target)?;
    let is_there = || values.iter().any(|value| matches(value, target.filter));
    if target.filter.is_some_and(|filter| !is_of_kinds(filter)) && !is_there() {
        return Err(target.missing());
    }
    let Some(change) = change else {
        // Replacing the selected values by nothing removes them; adding nothing does nothing.
        if target.kind == OperationKind::Replace {
            values.retain(|value| !matches(value, target.filter));
        }
        return Ok(());
    };
    let mut first = None;
    for (index, value) in values.iter_mut().enumerate() {
        if matches(value, target.filter)
            && let Some(object) = value.as_object_mut()
        {
            change.apply(object, target.definition());
            first = first.or(Some(index));
        }
    }
    match first {
        Some(first) => {
            if change.set.get("primary") == Some(&Value::Bool(true)) {
                keep_primary(values, first, target.definition());
            }
            Ok(())
        }
        None if change.set.is_empty() => Ok(()),
        None => create(values, target, &change),
    }
}

/// What a filter says becomes a value, and is held to what values are held to.
fn checked(
    template: Map<String, Value>,
    target: &Target<'_>,
) -> Result<Map<String, Value>, ScimError> {
    let (label, whole) = (target.label(), target.definition());
    let mut checked = Map::with_capacity(template.len());
    for (name, value) in template {
        let definition = whole.sub_attribute(&name).unwrap_or(whole);
        if let Some(value) = coerce(value, definition, &Location::inside(&label, &name))? {
            checked.insert(name, value);
        }
    }
    Ok(checked)
}

/// RFC 7644 §3.5.2.3 refuses a replace whose filter matches nothing; Entra relies on the value
/// being made, for add and for replace, where the filter says which kind of value is meant.
fn create(values: &mut Vec<Value>, target: &Target<'_>, change: &Change) -> Result<(), ScimError> {
    let mut object = match target.filter {
        None => Map::new(),
        Some(filter) => checked(template(filter).ok_or_else(|| target.missing())?, target)?,
    };
    change.apply(&mut object, target.definition());
    let value = Value::Object(object);
    if !matches(&value, target.filter) {
        return Err(target.missing());
    }
    append(values, vec![value], target.definition());
    Ok(())
}
