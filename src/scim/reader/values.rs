//! Lists of values: equal values, and the one that is primary (RFC 7643 §2.4).

use std::collections::HashSet;

use serde_json::Value;

/// Drops values that are equal to an earlier one.
pub(super) fn merge_equal(values: &mut Vec<Value>) {
    if values.len() < 2 {
        return;
    }
    let mut seen = HashSet::with_capacity(values.len());
    let is_first: Vec<bool> = values.iter().map(|value| seen.insert(value)).collect();
    drop(seen);
    let mut is_first = is_first.into_iter();
    values.retain(|_| is_first.next().unwrap_or(true));
}

/// Whether the value is the primary one.
pub(in crate::scim) fn is_primary(value: &Value) -> bool {
    value.get("primary") == Some(&Value::Bool(true))
}

/// Leaves at most one value primary: the one at `winner`, else the first that says so.
pub(in crate::scim) fn keep_primary(values: &mut [Value], winner: Option<usize>) {
    let Some(winner) = winner.or_else(|| values.iter().position(is_primary)) else { return };
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
