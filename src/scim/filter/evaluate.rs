//! Evaluates a filter on a resource or on one value of an attribute.

use std::slice;

use serde_json::{Map, Value};

use super::{Filter, Operator, compare};
use crate::Resource;
use crate::path::{AttributeRef, Named};
use crate::resource::value_of;
use crate::schema::Kind;

/// What a filter is evaluated on.
#[derive(Clone, Copy)]
enum Subject<'v> {
    Resource(&'v Resource),
    Value(&'v Value),
}

impl Filter {
    /// Returns `true` if the resource matches (RFC 7644 §3.4.2.2). A multi-valued attribute matches
    /// if any of its values matches; an attribute without a value matches only `ne`, `not` and `eq
    /// null`.
    pub fn matches(&self, resource: &Resource) -> bool {
        self.holds(Subject::Resource(resource))
    }

    /// Returns `true` if one value of an attribute matches the inner filter of a value path. If the
    /// value is not an object, `value` refers to the value itself.
    pub fn matches_value(&self, value: &Value) -> bool {
        self.holds(Subject::Value(value))
    }

    fn holds(&self, subject: Subject<'_>) -> bool {
        match self {
            Self::And(filters) => filters.iter().all(|filter| filter.holds(subject)),
            Self::Or(filters) => filters.iter().any(|filter| filter.holds(subject)),
            Self::Not(filter) => !filter.holds(subject),
            Self::Present(attribute) => values(subject, attribute).next().is_some(),
            Self::Compare { attribute, operator, value } => {
                let definition = attribute.definition();
                let mut values = values(subject, attribute).peekable();
                if values.peek().is_none() {
                    return *operator == Operator::NotEqual;
                }
                values.any(|stored| compare::satisfies(definition, *operator, stored, value))
            }
            Self::ValuePath { attribute, filter } => {
                elements(attribute_of(subject, attribute)).any(|value| filter.matches_value(value))
            }
        }
    }
}

/// Returns the values that a reference leads to.
fn values<'v>(
    subject: Subject<'v>,
    reference: &'v AttributeRef,
) -> impl Iterator<Item = &'v Value> {
    elements(attribute_of(subject, reference))
        .flat_map(|value| {
            elements(match &reference.sub_attribute {
                None => Some(value),
                Some(sub_attribute) => sub_value(value, sub_attribute),
            })
        })
        .filter(|value| is_assigned(value))
}

fn attribute_of<'v>(subject: Subject<'v>, reference: &AttributeRef) -> Option<&'v Value> {
    match subject {
        Subject::Value(value) => sub_value(value, &reference.attribute),
        Subject::Resource(resource) => value_of(resource, reference).or_else(|| {
            // The letter case of names in a client's own extension is the client's choice.
            let urn = reference.extension.as_ref()?;
            if reference.attribute.definition.kind != Kind::Any {
                return None;
            }
            sub_value(member(resource, urn)?, &reference.attribute)
        }),
    }
}

fn sub_value<'v>(value: &'v Value, named: &Named) -> Option<&'v Value> {
    match value {
        Value::Object(object) if named.definition.kind == Kind::Any => member(object, &named.name),
        Value::Object(object) => object.get(named.name.as_ref()),
        simple => (named.name.eq_ignore_ascii_case("value")).then_some(simple),
    }
}

fn member<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    object.get(name).or_else(|| {
        object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    })
}

/// Returns the values of a list, or the single value.
fn elements(value: Option<&Value>) -> slice::Iter<'_, Value> {
    match value {
        None => [].iter(),
        Some(Value::Array(values)) => values.iter(),
        Some(value) => slice::from_ref(value).iter(),
    }
}

/// Null, empty strings and empty lists are unassigned (RFC 7643 §2.5).
fn is_assigned(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(string) => !string.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(object) => object.values().any(|value| !value.is_null()),
        Value::Bool(_) | Value::Number(_) => true,
    }
}
