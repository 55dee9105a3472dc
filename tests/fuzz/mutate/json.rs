//! Mutations of JSON that leave it JSON, so that what is behind the parser is reached.

use serde_json::{Map, Value, json};

use super::random::Random;
use super::text;

/// One mutation. What is no JSON is mutated as text, and once in a while what is.
pub fn mutate(random: &mut Random, input: &str, donor: &str, dictionary: &[&str]) -> String {
    let (Ok(mut value), false) = (serde_json::from_str::<Value>(input), random.one_in(8)) else {
        return text::mutate(random, input, donor, dictionary);
    };
    let other = serde_json::from_str::<Value>(donor).unwrap_or(Value::Null);
    let at = random.below(size(&value));
    let graft = {
        let from = random.below(size(&other));
        node(&other, &mut { from }).cloned().unwrap_or(Value::Null)
    };
    if let Some(found) = node_mut(&mut value, &mut { at }) {
        change(random, found, graft, dictionary);
    }
    value.to_string()
}

fn change(random: &mut Random, value: &mut Value, graft: Value, dictionary: &[&str]) {
    match random.below(8) {
        0 => *value = graft,
        1 => *value = scalar(random, dictionary),
        2 => *value = json!([value.take()]),
        3 => *value = json!({random.pick(dictionary).to_owned(): value.take()}),
        // As Entra writes objects and booleans.
        4 => *value = Value::String(value.to_string()),
        5 if random.one_in(20) => {
            for _ in 0..random.below(60) {
                *value = if random.one_in(2) {
                    json!([value.take()])
                } else {
                    json!({"value": value.take()})
                };
            }
        }
        _ => within(random, value, graft, dictionary),
    }
}

fn within(random: &mut Random, value: &mut Value, graft: Value, dictionary: &[&str]) {
    match value {
        Value::Object(object) => members(random, object, graft, dictionary),
        Value::Array(values) => {
            let at = random.below(values.len());
            match random.below(4) {
                0 if !values.is_empty() => drop(values.remove(at)),
                1 if !values.is_empty() => values.push(values[at].clone()),
                2 => values.reverse(),
                _ => values.push(graft),
            }
        }
        Value::String(text) => {
            let donor = graft.as_str().unwrap_or("x").to_owned();
            *text = text::mutate(random, text, &donor, dictionary);
        }
        other => *other = scalar(random, dictionary),
    }
}

fn members(random: &mut Random, object: &mut Map<String, Value>, graft: Value, words: &[&str]) {
    let keys: Vec<String> = object.keys().cloned().collect();
    let Some(key) = keys.get(random.below(keys.len())) else {
        object.insert(random.pick(words).to_owned(), graft);
        return;
    };
    let value = object.get(key).cloned().unwrap_or(Value::Null);
    match random.below(7) {
        0 => drop(object.shift_remove(key)),
        1 => drop(object.insert(random.pick(words).to_owned(), value)),
        2 => drop(object.insert(random.pick(words).to_owned(), graft)),
        3 => drop(object.insert(key.to_uppercase(), value)),
        4 => {
            object.shift_remove(key);
            object.insert(random.pick(words).to_owned(), value);
        }
        5 => {
            let renamed = text::mutate(random, key, "x", words);
            object.insert(renamed, value);
        }
        // A name and what is in it, written as one.
        _ => drop(object.insert(format!("{key}.{}", random.pick(words)), value)),
    }
}

fn scalar(random: &mut Random, dictionary: &[&str]) -> Value {
    match random.below(12) {
        0 => Value::Null,
        1 => random.one_in(2).into(),
        2 => json!(["", "True", "false", "null", " "][random.below(5)]),
        3 => json!([0, -1, 1, i64::MAX, i64::MIN][random.below(5)]),
        4 => json!(u64::MAX),
        5 => json!([0.1, 1e308, -0.0, 5e-324, 123_456_789.123_456_79][random.below(5)]),
        6 => json!([]),
        7 => json!({}),
        8 => f64::from_bits(random.next()).into(),
        9 => "x".repeat(random.below(5_000)).into(),
        _ => random.pick(dictionary).into(),
    }
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(values) => values.iter().map(size).sum(),
        Value::Object(object) => object.values().map(size).sum(),
        _ => 0,
    }
}

fn node<'a>(value: &'a Value, left: &mut usize) -> Option<&'a Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(values) => values.iter().find_map(|value| node(value, left)),
        Value::Object(object) => object.values().find_map(|value| node(value, left)),
        _ => None,
    }
}

fn node_mut<'a>(value: &'a mut Value, left: &mut usize) -> Option<&'a mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(values) => values.iter_mut().find_map(|value| node_mut(value, left)),
        Value::Object(object) => object.iter_mut().find_map(|(_, value)| node_mut(value, left)),
        _ => None,
    }
}
