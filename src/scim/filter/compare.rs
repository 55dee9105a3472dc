//! Compares a stored value with the value of a filter.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::{Operator, instant, prepare};
use crate::schema::{Attribute, Kind};

/// Returns `true` if `stored operator literal` holds. Values that cannot be compared are not equal.
pub(super) fn satisfies(
    definition: &Attribute,
    operator: Operator,
    stored: &Value,
    literal: &Value,
) -> bool {
    // Attributes of unknown extensions may be complex; these are compared by their `value`.
    let stored = match stored {
        Value::Object(object) => object.get("value").unwrap_or(stored),
        simple => simple,
    };
    let order = || order(definition, stored, literal);
    match operator {
        Operator::Equal => order() == Some(Ordering::Equal),
        Operator::NotEqual => order() != Some(Ordering::Equal),
        Operator::GreaterThan => order() == Some(Ordering::Greater),
        Operator::GreaterOrEqual => order().is_some_and(Ordering::is_ge),
        Operator::LessThan => order() == Some(Ordering::Less),
        Operator::LessOrEqual => order().is_some_and(Ordering::is_le),
        Operator::Contains | Operator::StartsWith | Operator::EndsWith => match (stored, literal) {
            (Value::String(stored), Value::String(literal)) => {
                prepare::is_part(definition, operator, stored, literal)
            }
            _ => false,
        },
    }
}

fn order(definition: &Attribute, stored: &Value, literal: &Value) -> Option<Ordering> {
    match (stored, literal) {
        (Value::String(stored), Value::String(literal)) => match definition.kind {
            Kind::DateTime => Some(instant(stored)?.cmp(&instant(literal)?)),
            _ => Some(prepare::order(definition, stored, literal)),
        },
        (Value::Number(stored), Value::Number(literal)) => order_numbers(stored, literal),
        (Value::Bool(stored), Value::Bool(literal)) => Some(stored.cmp(literal)),
        (Value::Bool(boolean), Value::String(text))
        | (Value::String(text), Value::Bool(boolean)) => {
            let is_same = text.eq_ignore_ascii_case(if *boolean { "true" } else { "false" });
            is_same.then_some(Ordering::Equal)
        }
        _ => None,
    }
}

fn order_numbers(left: &Number, right: &Number) -> Option<Ordering> {
    match (whole(left), whole(right)) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

fn whole(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}
