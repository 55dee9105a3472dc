//! Operations on multi-valued attributes.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::OperationKind;
use super::apply::Target;
use super::change::Change;
use super::template::template;
use crate::scim::filter::fold;
use crate::scim::reader::limits::max_values;
use crate::scim::reader::{coerce, is_primary, is_unassigned, keep_primary};
use crate::scim::schema::Attribute;
use crate::scim::{Filter, ScimError};

/// Writes to the attribute inside its container.
pub(super) fn write(
    container: &mut Map<String, Value>,
    target: &Target<'_>,
) -> Result<(), ScimError> {
    let mut values = match container.get_mut(target.name) {
        Some(Value::Array(values)) => std::mem::take(values),
        Some(value) => vec![value.take()],
        None => Vec::new(),
    };
    edit(&mut values, target)?;
    values.retain(|value| !is_unassigned(value));
    let most = max_values(target.definition());
    if values.len() > most {
        return Err(ScimError::invalid_value(format!(
            "{} may have {most} values; with this operation there would be more",
            target.name
        )));
    }
    if values.is_empty() {
        container.shift_remove(target.name);
    } else {
        container.insert(target.name.into(), Value::Array(values));
    }
    Ok(())
}

fn edit(values: &mut Vec<Value>, target: &Target<'_>) -> Result<(), ScimError> {
    let whole = target.filter.is_none() && target.reference.sub_attribute.is_none();
    match (target.kind, target.value) {
        (OperationKind::Remove, None) if whole => values.clear(),
        (OperationKind::Remove, Some(value)) if whole => {
            remove_given(values, elements(value, target)?, target.definition());
        }
        (OperationKind::Remove, _) => remove_matching(values, target),
        (OperationKind::Add, value) if whole => {
            append(values, elements(value.unwrap_or(&Value::Null), target)?);
        }
        (OperationKind::Replace, value) if whole => {
            *values = elements(value.unwrap_or(&Value::Null), target)?;
        }
        _ => change_matching(values, target)?,
    }
    Ok(())
}

/// The operation's value as a list of values of the attribute's type.
fn elements(value: &Value, target: &Target<'_>) -> Result<Vec<Value>, ScimError> {
    Ok(match coerce(value.clone(), target.definition(), target.name)? {
        None => Vec::new(),
        Some(Value::Array(values)) => values,
        Some(value) => vec![value],
    })
}

/// Adds values, of which one that is there already only becomes primary, if it says so.
fn append(values: &mut Vec<Value>, new: Vec<Value>) {
    let mut places: HashMap<Value, usize> =
        values.iter().enumerate().map(|(index, value)| (identity(value), index)).collect();
    let mut winner = None;
    for value in new {
        let index = *places.entry(identity(&value)).or_insert(values.len());
        if is_primary(&value) {
            winner = winner.or(Some(index));
        }
        match values.get_mut(index) {
            Some(present) if is_primary(&value) => present["primary"] = Value::Bool(true),
            Some(_) => {}
            None => values.push(value),
        }
    }
    keep_primary(values, winner);
}

/// A value without its rank among the others.
fn identity(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(object) = value.as_object_mut() {
        object.shift_remove("primary");
    }
    value
}

/// Entra and others name the values to remove: those with the same `value`, or, of values that give
/// none, those that say all the same.
fn remove_given(values: &mut Vec<Value>, given: Vec<Value>, definition: &'static Attribute) {
    let case_exact = definition.sub_attribute("value").is_some_and(|found| found.case_exact);
    let key = |value: &Value| match value {
        Value::Object(object) => match object.get("value")? {
            Value::String(text) if !case_exact => Some(Value::String(fold(text))),
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
    let change = Change { unassign: vec![named.name.to_string()], ..Change::default() };
    for value in values.iter_mut().filter(|value| matches(value, target.filter)) {
        if let Some(object) = value.as_object_mut() {
            change.apply(object, target.definition());
        }
    }
}

fn change_matching(values: &mut Vec<Value>, target: &Target<'_>) -> Result<(), ScimError> {
    let Some(change) = Change::read(target)? else {
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
            let is_primary = values.get(first).is_some_and(is_primary);
            keep_primary(values, is_primary.then_some(first));
            Ok(())
        }
        None if change.set.is_empty() => Ok(()),
        None => create(values, target, &change),
    }
}

/// RFC 7644 §3.5.2.3 refuses a replace whose filter matches nothing; Entra relies on the value
/// being made, with what the filter says of it, for add and for replace.
fn create(values: &mut Vec<Value>, target: &Target<'_>, change: &Change) -> Result<(), ScimError> {
    let mut object = match target.filter {
        None => Map::new(),
        Some(filter) => template(filter).ok_or_else(|| target.missing())?,
    };
    change.apply(&mut object, target.definition());
    let value = Value::Object(object);
    if !matches(&value, target.filter) {
        return Err(target.missing());
    }
    append(values, vec![value]);
    Ok(())
}
