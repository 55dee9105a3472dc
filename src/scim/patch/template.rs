//! The value that a filter describes.

use serde_json::{Map, Value};

use crate::scim::Filter;
use crate::scim::filter::Operator;

/// The value that a filter of equalities joined by `and` describes: `type eq "work"` makes
/// `{"type": "work"}`. None for every other filter.
pub(super) fn template(filter: &Filter) -> Option<Map<String, Value>> {
    let comparisons = match filter {
        Filter::And(filters) => filters.as_slice(),
        single => std::slice::from_ref(single),
    };
    let mut value = Map::new();
    for comparison in comparisons {
        let Filter::Compare { attribute, operator: Operator::Equal, value: wanted } = comparison
        else {
            return None;
        };
        if attribute.sub_attribute.is_some() || wanted.is_null() {
            return None;
        }
        value.insert(attribute.attribute.name.to_string(), wanted.clone());
    }
    Some(value)
}
