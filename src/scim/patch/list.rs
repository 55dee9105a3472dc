//! Applies operations to multi-valued attributes.

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

/// Applies an operation to the attribute in its container.
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
    // A list that comes whole from `coerce` needs no second look: its unassigned values are gone,
    // equal ones are merged, and required sub-attributes are checked.
    let is_read = target.is_whole() && (values.is_empty() || target.kind == OperationKind::Replace);
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
        target.check_parts(&values)?;
    }
    if values.is_empty() {
        container.shift_remove(target.name);
    } else {
        container.insert(target.name.into(), Value::Array(values));
    }
    Ok(())
}

/// Applies the operation to the list. Operations on the whole attribute come first; the others
/// change the values that the filter selects, or all values if there is only a sub-attribute.
fn edit(
    values: &mut Vec<Value>,
    value: NewValue<'_>,
    target: &Target<'_>,
) -> Result<(), ScimError> {
    let whole = target.is_whole();
    match (target.kind, value) {
        (OperationKind::Remove, None) if whole => values.clear(),
        (OperationKind::Remove, value) if whole => {
            remove_given(values, elements(value, target)?, target.definition());
        }
        (OperationKind::Remove, _) => remove_matching(values, target)?,
        (OperationKind::Add, value) if whole => {
            append(values, elements(value, target)?, target.definition());
        }
        (OperationKind::Replace, value) if whole => *values = elements(value, target)?,
        (_, value) => change_matching(values, value, target)?,
    }
    Ok(())
}

/// Reads the operation's value as a list of values of the attribute's type.
fn elements(value: NewValue<'_>, target: &Target<'_>) -> Result<Vec<Value>, ScimError> {
    let value = match value.map_or(Value::Null, Cow::into_owned) {
        // The list counts as one of the levels to which the value of an open attribute may be
        // nested.
        value if target.definition().kind == Kind::Any && !value.is_array() => vec![value].into(),
        value => value,
    };
    Ok(match coerce(value, target.definition(), &target.label())? {
        None => Vec::new(),
        Some(Value::Array(values)) => values,
        Some(value) => vec![value],
    })
}

/// Adds values that are not present yet. For attributes of a known schema, `write` merges equal
/// values afterwards; lists of open attributes may contain duplicates that the client put there, so
/// they are only compared with the new values here.
fn append(values: &mut Vec<Value>, mut new: Vec<Value>, definition: &Attribute) {
    if definition.kind == Kind::Any {
        let present: HashSet<&Value> = values.iter().collect();
        new.retain(|value| !present.contains(value));
    }
    let first_new = values.len();
    values.extend(new);
    keep_primary(values, first_new, definition);
}

/// Removes the given values, which is how Entra and others use remove with a value. A given value
/// removes the values with the same `value`; if it has no `value`, those that have all of its
/// sub-attributes.
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

fn remove_matching(values: &mut Vec<Value>, target: &Target<'_>) -> Result<(), ScimError> {
    let Some(named) = &target.reference.sub_attribute else {
        values.retain(|value| !matches(value, target.filter));
        return Ok(());
    };
    let change = Change::unassigning(named);
    for value in values.iter_mut().filter(|value| matches(value, target.filter)) {
        if let Some(object) = value.as_object_mut() {
            change.apply(object, target)?;
        }
    }
    Ok(())
}

fn change_matching(
    values: &mut Vec<Value>,
    value: NewValue<'_>,
    target: &Target<'_>,
) -> Result<(), ScimError> {
    let change = Change::read(value, target)?;
    let is_there = || values.iter().any(|value| matches(value, target.filter));
    // A filter by kind may match nothing: `create` then makes the value.
    if target.filter.is_some_and(|filter| !is_of_kinds(filter)) && !is_there() {
        return Err(target.missing());
    }
    let Some(change) = change else {
        // Replacing the selected values by nothing removes them; adding nothing has no effect.
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
            change.apply(object, target)?;
            first = first.or(Some(index));
        }
    }
    match first {
        Some(first) => {
            // The value that the operation made primary takes that rank from all others.
            if change.set.get("primary") == Some(&Value::Bool(true)) {
                keep_primary(values, first, target.definition());
            }
            Ok(())
        }
        None if change.set.is_empty() => Ok(()),
        None => create(values, target, &change),
    }
}

/// Converts and checks a value that was derived from a filter like any other value.
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

/// Creates the value that a filter describes. RFC 7644 §3.5.2.3 refuses a replace whose filter
/// matches nothing, but Entra expects add and replace to create the value if the filter names a
/// kind of value.
fn create(values: &mut Vec<Value>, target: &Target<'_>, change: &Change) -> Result<(), ScimError> {
    let mut object = match target.filter {
        None => Map::new(),
        Some(filter) => checked(template(filter).ok_or_else(|| target.missing())?, target)?,
    };
    change.apply(&mut object, target)?;
    let value = Value::Object(object);
    // A change may contradict the filter, as `type` "home" does for `emails[type eq "work"]`.
    if !matches(&value, target.filter) {
        return Err(target.missing());
    }
    append(values, vec![value], target.definition());
    Ok(())
}
