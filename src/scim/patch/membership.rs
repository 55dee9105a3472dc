//! What callers need who keep an attribute outside the resource, as members of groups are.

use serde_json::Value;

use super::Operation;
use crate::scim::filter::Operator;
use crate::scim::reader::{Location, coerce};
use crate::scim::schema::Attribute;
use crate::scim::{Filter, ScimError};

/// The values of a multi-valued attribute that an operation gives: a list, a single object or a
/// bare string, brought to the attribute's type. Empty if it gives none; a remove without value
/// (`operation.value` is `None`) means all values, one with an empty list means no value.
///
/// # Errors
/// 400 `invalidValue` for values of a wrong type and exceeded limits.
pub fn multi_value(
    operation: &Operation,
    attribute: &'static Attribute,
) -> Result<Vec<Value>, ScimError> {
    let Some(value) = &operation.value else { return Ok(Vec::new()) };
    Ok(match coerce(value.clone(), attribute, &Location::of(attribute.name))? {
        None => Vec::new(),
        Some(Value::Array(values)) => values,
        Some(value) => vec![value],
    })
}

/// The ids that a filter such as `value eq "a"` or `value eq "a" or value eq "b"` selects; none for
/// any other filter.
pub fn ids_in_filter(filter: &Filter) -> Option<Vec<String>> {
    let comparisons = match filter {
        Filter::Or(filters) => filters.as_slice(),
        single => std::slice::from_ref(single),
    };
    comparisons.iter().map(id_in_comparison).collect()
}

fn id_in_comparison(filter: &Filter) -> Option<String> {
    match filter {
        Filter::Compare { attribute, operator: Operator::Equal, value: Value::String(id) }
            if attribute.sub_attribute.is_none() && attribute.attribute.name == "value" =>
        {
            Some(id.clone())
        }
        _ => None,
    }
}
