//! Helpers for callers that store an attribute outside the resource, such as the members of groups.

use serde_json::Value;

use super::Operation;
use crate::filter::Operator;
use crate::reader::limits::max_values;
use crate::reader::{Location, coerce_element};
use crate::schema::Attribute;
use crate::{Filter, ScimError};

/// Returns the values of a multi-valued attribute in an operation: a list, a single object or a
/// bare string. Each is converted when the iterator reaches it, so that a long list is in memory
/// only once. Returns no values if there are none; a remove without a value (`operation.value` is
/// `None`) means all values, one with an empty list means no value.
///
/// # Errors
/// Returns 400 `invalidValue` for too many values, and for each value of a wrong type.
pub fn multi_value<'a>(
    operation: &'a Operation,
    attribute: &'static Attribute,
) -> Result<impl Iterator<Item = Result<Value, ScimError>> + 'a, ScimError> {
    let values = match &operation.value {
        None => &[],
        Some(Value::Array(values)) => values.as_slice(),
        Some(value) => std::slice::from_ref(value),
    };
    let (count, most) = (values.len(), max_values(attribute));
    if count > most {
        return Err(ScimError::invalid_value(format!(
            "{} may have {most} values; there are {count}",
            attribute.name
        )));
    }
    Ok(values.iter().filter_map(move |value| {
        coerce_element(value.clone(), attribute, &Location::of(attribute.name)).transpose()
    }))
}

/// Returns the ids that a filter such as `value eq "a"` or `value eq "a" or value eq "b"` selects;
/// `None` for any other filter.
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
