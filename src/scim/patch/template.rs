//! Derives a new value from a filter.

use serde_json::{Map, Value};

use crate::Filter;
use crate::filter::Operator;

/// The sub-attributes from which a value may be created: with these, Entra means "the value of this
/// kind". A filter on anything else refers to an existing value. Creating one from it could give a
/// user an address that they were never provisioned with.
const KINDS: [&str; 2] = ["type", "primary"];

/// Returns the value that a filter of kinds, joined by `and`, describes: `type eq "work"` becomes
/// `{"type": "work"}`. Returns `None` for every other filter.
pub(super) fn template(filter: &Filter) -> Option<Map<String, Value>> {
    let kinds = comparisons(filter).iter().map(kind);
    kinds.map(|kind| kind.map(|(name, wanted)| (name.to_owned(), wanted.clone()))).collect()
}

/// Returns `true` if the filter only says which kind of value is meant.
pub(super) fn is_of_kinds(filter: &Filter) -> bool {
    comparisons(filter).iter().all(|comparison| kind(comparison).is_some())
}

fn comparisons(filter: &Filter) -> &[Filter] {
    match filter {
        Filter::And(filters) => filters.as_slice(),
        single => std::slice::from_ref(single),
    }
}

/// Returns the name and value of a comparison with a kind.
fn kind(comparison: &Filter) -> Option<(&str, &Value)> {
    let Filter::Compare { attribute, operator: Operator::Equal, value } = comparison else {
        return None;
    };
    let name = attribute.attribute.name.as_ref();
    let is_kind = KINDS.iter().any(|kind| kind.eq_ignore_ascii_case(name));
    (is_kind && attribute.sub_attribute.is_none()).then_some((name, value))
}
