//! Lists of values: equal values, and the one that is primary (RFC 7643 §2.4).

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Value;

use crate::scim::schema::Attribute;

/// Merges values that are equal, whether one of them is primary or not. Only of attributes that
/// have the sub-attribute `primary` does it mean anything.
pub(in crate::scim) fn merge_equal(values: &mut Vec<Value>, attribute: &Attribute) {
    let is_ranked = is_ranked(attribute);
    let mut firsts = HashMap::with_capacity(values.len());
    let mut is_first = Vec::with_capacity(values.len());
    let mut primary = None;
    for (index, value) in values.iter().enumerate() {
        let first = *firsts.entry(identity(value, is_ranked)).or_insert(index);
        is_first.push(first == index);
        if is_ranked && is_primary(value) {
            primary = primary.or(Some(first));
        }
    }
    drop(firsts);
    if let Some(value) = primary.and_then(|first| values.get_mut(first)) {
        value["primary"] = Value::Bool(true);
    }
    let mut is_first = is_first.into_iter();
    values.retain(|_| is_first.next().unwrap_or(true));
}

/// A value without its rank among the others.
fn identity(value: &Value, is_ranked: bool) -> Cow<'_, Value> {
    match value {
        Value::Object(object) if is_ranked && object.contains_key("primary") => {
            let mut object = object.clone();
            object.shift_remove("primary");
            Cow::Owned(Value::Object(object))
        }
        value => Cow::Borrowed(value),
    }
}

fn is_ranked(attribute: &Attribute) -> bool {
    attribute.sub_attribute("primary").is_some()
}

fn is_primary(value: &Value) -> bool {
    value.get("primary") == Some(&Value::Bool(true))
}

/// Leaves at most one value primary: the first that says so at or after `from`, else the first of
/// all.
pub(in crate::scim) fn keep_primary(values: &mut [Value], from: usize, attribute: &Attribute) {
    if !is_ranked(attribute) {
        return;
    }
    let position = |from: usize| {
        values.iter().enumerate().skip(from).find(|(_, value)| is_primary(value)).map(|(i, _)| i)
    };
    let Some(winner) = position(from).or_else(|| position(0)) else { return };
    for (index, value) in values.iter_mut().enumerate() {
        if index != winner && is_primary(value) {
            value["primary"] = Value::Bool(false);
        }
    }
}

/// The type of a value, for an error message.
pub(super) fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string of another form",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
