//! Comparing one stored value with the value of a filter.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::fold::folded;
use super::{Operator, fold, instant};
use crate::scim::schema::{Attribute, Kind};

/// Whether `stored operator literal` holds. Values that cannot be compared are not equal.
pub(super) fn satisfies(
    definition: &Attribute,
    operator: Operator,
    stored: &Value,
    literal: &Value,
) -> bool {
    // Attributes that only the client knows may be complex, and are then compared by their `value`.
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
        Operator::Contains => {
            is_part(definition, stored, literal, |text, part| text.contains(part))
        }
        Operator::StartsWith => {
            is_part(definition, stored, literal, |text, part| text.starts_with(part))
        }
        Operator::EndsWith => {
            is_part(definition, stored, literal, |text, part| text.ends_with(part))
        }
    }
}

/// Whether texts of this attribute are compared letter case and all.
pub(in crate::scim) fn is_case_exact(definition: &Attribute) -> bool {
    definition.case_exact || matches!(definition.kind, Kind::Reference | Kind::Binary)
}

fn order(definition: &Attribute, stored: &Value, literal: &Value) -> Option<Ordering> {
    match (stored, literal) {
        (Value::String(stored), Value::String(literal)) => match definition.kind {
            Kind::DateTime => Some(instant(stored)?.cmp(&instant(literal)?)),
            _ if is_case_exact(definition) => Some(stored.cmp(literal)),
            // Says nothing new, but most texts that are equal are so by this.
            _ if stored.eq_ignore_ascii_case(literal) => Some(Ordering::Equal),
            _ => Some(folded(stored).cmp(folded(literal))),
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

fn is_part(
    definition: &Attribute,
    stored: &Value,
    literal: &Value,
    test: impl Fn(&str, &str) -> bool,
) -> bool {
    let (Value::String(stored), Value::String(literal)) = (stored, literal) else {
        return false;
    };
    if is_case_exact(definition) {
        test(stored, literal)
    } else {
        test(&fold(stored), &fold(literal))
    }
}
