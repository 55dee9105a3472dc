//! What callers need who keep an attribute outside the resource, as members of groups are.

use serde_json::Value;

use super::Operation;
use crate::filter::Operator;
use crate::reader::limits::max_values;
use crate::reader::{Location, coerce_element};
use crate::schema::Attribute;
use crate::{Filter, ScimError};

/// The values of a multi-valued attribute that an operation gives: a list, a single object or a
/// bare string, each brought to the attribute's type when it is its turn, so that a long list is not
/// there twice. None if it gives none; a remove without value (`operation.value` is `None`) means
/// all values, one with an empty list means no value.
///
/// # Errors
/// 400 `invalidValue` for too many values, and for each of a wrong type.
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
