//! References from one operation of a bulk request to the resource that another one creates (RFC
//! 7644 §3.7.2): strings `bulkId:NAME`, alone or at the end of a URL.

use serde_json::{Map, Value, json};

use crate::patch::PATCH_SCHEMA;

const MARK: &str = "bulkId:";

/// Deeper than any value that can contain a reference.
const MAX_DEPTH: usize = 32;

/// Returns the offset at which the name of the other operation starts.
fn name_start(text: &str) -> Option<usize> {
    let start =
        if text.starts_with(MARK) { MARK.len() } else { text.rfind("/bulkId:")? + 1 + MARK.len() };
    (start < text.len()).then_some(start)
}

fn name(text: &str) -> Option<&str> {
    text.get(name_start(text)?..)
}

/// Returns the bulkIds that the value refers to, in document order, with repetitions.
pub fn bulk_ids_in(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::String(text) => found.extend(name(text).map(str::to_owned)),
            Value::Array(values) => pending.extend(values.iter().rev()),
            Value::Object(object) => pending.extend(object.values().rev()),
            _ => {}
        }
    }
    found
}

/// Replaces references by ids. References unknown to the lookup stay, so that [`bulk_ids_in`] still
/// finds them.
pub fn resolve(value: &mut Value, lookup: &dyn Fn(&str) -> Option<String>) {
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::String(text) => {
                if let Some(start) = name_start(text)
                    && let Some(id) = text.get(start..).and_then(lookup)
                {
                    text.replace_range(start - MARK.len().., &id);
                }
            }
            Value::Array(values) => pending.extend(values),
            Value::Object(object) => pending.extend(object.values_mut()),
            _ => {}
        }
    }
}

/// A body in two parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// The part that can be created now.
    pub now: Value,
    /// The attributes that wait for other resources; an empty object if there are none.
    pub later: Value,
}

/// Removes the references to these bulkIds from a body, so that the rest can be created first. A
/// reference is removed together with the value it belongs to: one member of a group, the whole
/// manager.
pub fn split(body: Value, bulk_ids: &[String]) -> Split {
    let Value::Object(body) = body else {
        return Split { now: body, later: Value::Object(Map::new()) };
    };
    let (now, later) = split_object(body, bulk_ids, 0);
    Split { now: Value::Object(now), later: Value::Object(later) }
}

type Parts = (Map<String, Value>, Map<String, Value>);

fn split_object(object: Map<String, Value>, bulk_ids: &[String], depth: usize) -> Parts {
    let (mut now, mut later) = (Map::new(), Map::new());
    for (key, value) in object {
        let (kept, deferred) = split_value(value, bulk_ids, depth);
        if let Some(kept) = kept {
            now.insert(key.clone(), kept);
        }
        if let Some(deferred) = deferred {
            later.insert(key, deferred);
        }
    }
    (now, later)
}

fn split_value(value: Value, bulk_ids: &[String], depth: usize) -> (Option<Value>, Option<Value>) {
    if depth > MAX_DEPTH || !refers(&value, bulk_ids) {
        return (Some(value), None);
    }
    let some_object =
        |object: Map<String, Value>| (!object.is_empty()).then_some(Value::Object(object));
    match value {
        Value::Object(object) if !is_reference(&object, bulk_ids) => {
            let (now, later) = split_object(object, bulk_ids, depth + 1);
            (some_object(now), some_object(later))
        }
        Value::Array(values) => {
            let (later, now): (Vec<_>, Vec<_>) =
                values.into_iter().partition(|value| refers(value, bulk_ids));
            ((!now.is_empty()).then_some(Value::Array(now)), Some(Value::Array(later)))
        }
        reference => (None, Some(reference)),
    }
}

/// Returns `true` if the complex value itself is the reference.
fn is_reference(object: &Map<String, Value>, bulk_ids: &[String]) -> bool {
    ["value", "$ref"].into_iter().filter_map(|key| object.get(key)).any(|value| {
        value.as_str().and_then(name).is_some_and(|name| bulk_ids.iter().any(|id| id == name))
    })
}

fn refers(value: &Value, bulk_ids: &[String]) -> bool {
    bulk_ids_in(value).iter().any(|found| bulk_ids.contains(found))
}

/// Returns the PATCH body that adds what [`split`] removed, once its references are resolved.
pub fn completion_patch(later: Value) -> Value {
    json!({ "schemas": [PATCH_SCHEMA], "Operations": [{ "op": "add", "value": later }] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn references_are_found_wherever_they_stand() {
        let value = json!({
            "members": [{"value": "bulkId:a"}, {"$ref": "https://x/Users/bulkId:b"}],
            "manager": "bulkId:c",
            "displayName": "about bulkId:d",
            "empty": "bulkId:",
        });
        assert_eq!(bulk_ids_in(&value), ids(&["a", "b", "c"]));
    }

    #[test]
    fn references_are_replaced_and_unknown_ones_stay() {
        let mut value = json!(["bulkId:a", "../Users/bulkId:a", "bulkId:b", "plain"]);
        resolve(&mut value, &|name| (name == "a").then(|| "7".to_owned()));
        assert_eq!(value, json!(["7", "../Users/7", "bulkId:b", "plain"]));
    }

    #[test]
    fn a_body_is_split_into_what_can_be_created_now_and_what_waits() {
        let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let body = json!({
            "displayName": "g",
            "members": [{"value": "bulkId:a", "display": "A"}, {"value": "bulkId:b"}, {"value": "1"}],
            urn: {"department": "d", "manager": {"value": "bulkId:a"}},
        });
        let split = split(body, &ids(&["a"]));
        assert_eq!(
            split.now,
            json!({
                "displayName": "g",
                "members": [{"value": "bulkId:b"}, {"value": "1"}],
                urn: {"department": "d"},
            })
        );
        assert_eq!(
            split.later,
            json!({
                "members": [{"value": "bulkId:a", "display": "A"}],
                urn: {"manager": {"value": "bulkId:a"}},
            })
        );
    }

    #[test]
    fn a_reference_too_deep_for_any_attribute_waits_for_nothing() {
        let body =
            |levels: usize| (0..levels).fold(json!("bulkId:a"), |inner, _| json!({"k": inner}));
        let whole = |levels| Split { now: body(levels), later: json!({}) };
        let later = Split { now: json!({}), later: body(MAX_DEPTH + 1) };
        assert_eq!(split(body(MAX_DEPTH + 1), &ids(&["a"])), later);
        assert_eq!(split(body(MAX_DEPTH + 2), &ids(&["a"])), whole(MAX_DEPTH + 2));
    }

    #[test]
    fn a_body_without_the_references_stays_whole() {
        let body = json!({"userName": "u", "manager": "bulkId:b"});
        let split = split(body.clone(), &ids(&["a"]));
        assert_eq!(split, Split { now: body, later: json!({}) });
    }
}
