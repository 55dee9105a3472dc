//! The value that a filter describes.

use serde_json::{Map, Value};

use crate::Filter;
use crate::filter::Operator;

/// What a filter may say of a value that is to be made: by these Entra means "the one of this
/// kind". Whoever names a value by anything else means one that is there; made up from the filter,
/// an address would be somebody's who was never provisioned with it.
const KINDS: [&str; 2] = ["type", "primary"];

/// The value that a filter of kinds, joined by `and`, describes: `type eq "work"` makes
/// `{"type": "work"}`. None for every other filter.
pub(super) fn template(filter: &Filter) -> Option<Map<String, Value>> {
    let kinds = comparisons(filter).iter().map(kind);
    kinds.map(|kind| kind.map(|(name, wanted)| (name.to_owned(), wanted.clone()))).collect()
}

/// Whether a filter says only which kind of value is meant.
pub(super) fn is_of_kinds(filter: &Filter) -> bool {
    comparisons(filter).iter().all(|comparison| kind(comparison).is_some())
}

fn comparisons(filter: &Filter) -> &[Filter] {
    match filter {
        Filter::And(filters) => filters.as_slice(),
        single => std::slice::from_ref(single),
    }
}

/// Name and value of a comparison with a kind.
fn kind(comparison: &Filter) -> Option<(&str, &Value)> {
    let Filter::Compare { attribute, operator: Operator::Equal, value } = comparison else {
        return None;
    };
    let name = attribute.attribute.name.as_ref();
    let is_kind = KINDS.iter().any(|kind| kind.eq_ignore_ascii_case(name));
    (is_kind && attribute.sub_attribute.is_none() && !value.is_null()).then_some((name, value))
}
