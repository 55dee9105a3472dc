//! Merges equal values of a list and keeps one primary value (RFC 7643 §2.4).

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use serde_json::{Map, Value};

use crate::filter::prepare;
use crate::schema::Attribute;

/// Up to this number, values are compared with each other; above it, by hash.
const FEW: usize = 8;

/// Merges equal values; `primary` does not count if the attribute has that sub-attribute, and the
/// merged value is primary if one of them was. Strings are compared as their attribute is defined,
/// usually ignoring letter case (RFC 7643 §2.2 `caseExact`).
pub(crate) fn merge_equal(values: &mut Vec<Value>, attribute: &Attribute) {
    if values.len() < 2 {
        return;
    }
    let is_ranked = is_ranked(attribute);
    let firsts = firsts(values, attribute);
    let mut is_first = firsts.iter().enumerate().map(|(index, first)| index == *first);
    if is_first.clone().all(|is_first| is_first) {
        return;
    }
    let primary = values.iter().zip(&firsts).find(|(value, _)| is_primary(value));
    let primary = primary.filter(|_| is_ranked).map(|(_, first)| *first);
    if let Some(value) = primary.and_then(|first| values.get_mut(first)) {
        value["primary"] = Value::Bool(true);
    }
    values.retain(|_| is_first.next().unwrap_or(true));
}

/// Returns for each value the index of the first value that equals it.
fn firsts(values: &[Value], attribute: &Attribute) -> Vec<usize> {
    if values.len() <= FEW {
        let first = |(index, value)| {
            let earlier = values.iter().take(index);
            earlier.into_iter().position(|other| is_same(other, value, attribute)).unwrap_or(index)
        };
        return values.iter().enumerate().map(first).collect();
    }
    let state = RandomState::new();
    let mut known = HashMap::with_capacity(values.len());
    let first = |(index, value)| {
        let hash = hash(value, attribute, &state);
        *known.entry(Identity { value, hash, attribute }).or_insert(index)
    };
    values.iter().enumerate().map(first).collect()
}

/// A value as a hash key, without `primary`.
struct Identity<'a> {
    value: &'a Value,
    hash: u64,
    attribute: &'a Attribute,
}

impl Hash for Identity<'_> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u64(self.hash);
    }
}

impl PartialEq for Identity<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && is_same(self.value, other.value, self.attribute)
    }
}

impl Eq for Identity<'_> {}

/// Hashes a value. Object members count in any order, so their hashes are added. The hash key is
/// random per call, so that no client can construct values whose sums collide.
fn hash(value: &Value, attribute: &Attribute, state: &RandomState) -> u64 {
    let hash_of = |name: &str, value: &Value, definition: Option<&Attribute>| {
        let mut hasher = state.build_hasher();
        name.hash(&mut hasher);
        match (definition, value) {
            (Some(definition), Value::String(text)) => prepare::hash(definition, text, &mut hasher),
            _ => value.hash(&mut hasher),
        }
        hasher.finish()
    };
    match value {
        Value::Object(object) => said(object, is_ranked(attribute))
            .map(|(name, value)| hash_of(name, value, attribute.sub_attribute(name)))
            .fold(0, u64::wrapping_add),
        simple => hash_of("", simple, Some(attribute)),
    }
}

fn is_same(left: &Value, right: &Value, attribute: &Attribute) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let is_ranked = is_ranked(attribute);
            let says_so = |(name, value): (&String, &Value)| {
                let other = right.get(name);
                other.is_some_and(|other| is_equal(value, other, attribute.sub_attribute(name)))
            };
            said(left, is_ranked).all(says_so)
                && said(left, is_ranked).count() == said(right, is_ranked).count()
        }
        _ => is_equal(left, right, Some(attribute)),
    }
}

fn is_equal(left: &Value, right: &Value, definition: Option<&Attribute>) -> bool {
    match (left, right, definition) {
        (Value::String(left), Value::String(right), Some(definition)) => {
            prepare::order(definition, left, right).is_eq()
        }
        _ => left == right,
    }
}

/// Returns the members of an object, without `primary` if the attribute has it.
fn said(object: &Map<String, Value>, is_ranked: bool) -> impl Iterator<Item = (&String, &Value)> {
    object.iter().filter(move |(name, _)| !is_ranked || *name != "primary")
}

fn is_ranked(attribute: &Attribute) -> bool {
    attribute.sub_attribute("primary").is_some()
}

fn is_primary(value: &Value) -> bool {
    value.get("primary") == Some(&Value::Bool(true))
}

/// Keeps at most one value primary: the first primary one at or after `from`, or else the first of
/// all.
pub(crate) fn keep_primary(values: &mut [Value], from: usize, attribute: &Attribute) {
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

/// Returns the name of the value's type for an error message.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::schema::USER;
    use crate::test_values::{element, json_value};

    fn emails() -> &'static Attribute {
        USER.attribute("emails").unwrap()
    }

    /// A direct implementation of the definition: the first of equal values stays, primary if one
    /// of them is.
    fn merged(values: &[Value]) -> Vec<Value> {
        let bare = |value: &Value| {
            let mut value = value.clone();
            match &mut value {
                Value::Object(object) => {
                    object.shift_remove("primary");
                    for (name, part) in object {
                        if let (Some(definition), Value::String(text)) =
                            (emails().sub_attribute(name), &part)
                        {
                            *part = prepare::key(definition, text).into_owned().into();
                        }
                    }
                }
                Value::String(text) => *text = prepare::key(emails(), text).into_owned(),
                _ => {}
            }
            value
        };
        let mut merged: Vec<Value> = Vec::new();
        let mut ranked = false;
        for value in values {
            match merged.iter_mut().find(|first| bare(first) == bare(value)) {
                Some(first) if is_primary(value) && !ranked => first["primary"] = true.into(),
                Some(_) => {}
                None => merged.push(value.clone()),
            }
            ranked |= is_primary(value);
        }
        merged
    }

    proptest! {
        #[test]
        fn few_values_and_many_are_merged_alike(
            values in prop::collection::vec(prop_oneof![9 => element(), 1 => json_value()], 0..40)
        ) {
            let mut found = values.clone();
            merge_equal(&mut found, emails());
            prop_assert_eq!(found, merged(&values));
        }
    }
}
