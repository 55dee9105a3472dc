//! Filters (RFC 7644 §3.4.2.2): one syntax tree for queries and for value paths.

use serde_json::Value;

use super::path::AttributeRef;

mod compare;
mod display;
mod error;
mod evaluate;
pub(super) mod grammar;
mod instant;
pub(super) mod lexer;
mod limits;
mod literal;
pub(super) mod prepare;
#[cfg(test)]
mod properties;
mod references;
#[cfg(test)]
pub(crate) mod test_schema;
#[cfg(test)]
mod tests;

pub use error::FilterError;
pub use instant::instant;
pub use limits::{MAX_DEPTH, MAX_LENGTH, MAX_TERMS};
pub use references::References;

/// A parsed filter, resolved against the schema.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of the filters match.
    And(Vec<Filter>),
    /// At least one of the filters matches.
    Or(Vec<Filter>),
    /// The filter does not match.
    Not(Box<Filter>),
    /// The attribute has a value (`pr`).
    Present(AttributeRef),
    /// A comparison.
    Compare {
        /// The attribute to compare.
        attribute: AttributeRef,
        /// The comparison operator.
        operator: Operator,
        /// The value to compare with: a JSON string, number or boolean of the attribute's type.
        /// Never null: a comparison with null asks whether the attribute is present.
        value: Value,
    },
    /// `emails[type eq "work"]`: at least one value of the attribute matches the inner filter. The
    /// references of the inner filter are to sub-attributes, which are the `attribute` of their
    /// `AttributeRef`.
    ValuePath {
        /// The complex attribute.
        attribute: AttributeRef,
        /// The inner filter.
        filter: Box<Filter>,
    },
}

/// The comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Operator {
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
    GreaterThan,
    GreaterOrEqual,
    LessThan,
    LessOrEqual,
}

impl Operator {
    /// All operators.
    pub const ALL: [Self; 9] = [
        Self::Equal,
        Self::NotEqual,
        Self::Contains,
        Self::StartsWith,
        Self::EndsWith,
        Self::GreaterThan,
        Self::GreaterOrEqual,
        Self::LessThan,
        Self::LessOrEqual,
    ];

    /// Returns the operator as it is written in a filter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "eq",
            Self::NotEqual => "ne",
            Self::Contains => "co",
            Self::StartsWith => "sw",
            Self::EndsWith => "ew",
            Self::GreaterThan => "gt",
            Self::GreaterOrEqual => "ge",
            Self::LessThan => "lt",
            Self::LessOrEqual => "le",
        }
    }
}

impl Filter {
    /// Joins filters with `and`, without nesting; a single filter is returned unchanged.
    pub(crate) fn all(mut filters: Vec<Self>) -> Self {
        if filters.len() == 1 {
            return filters.swap_remove(0);
        }
        if !filters.iter().any(|filter| matches!(filter, Self::And(_))) {
            return Self::And(filters);
        }
        let mut flat = Vec::with_capacity(filters.len());
        for filter in filters {
            match filter {
                Self::And(members) => flat.extend(members),
                other => flat.push(other),
            }
        }
        Self::And(flat)
    }

    /// Joins filters with `or`, without nesting; a single filter is returned unchanged.
    pub(crate) fn any(mut filters: Vec<Self>) -> Self {
        if filters.len() == 1 {
            return filters.swap_remove(0);
        }
        if !filters.iter().any(|filter| matches!(filter, Self::Or(_))) {
            return Self::Or(filters);
        }
        let mut flat = Vec::with_capacity(filters.len());
        for filter in filters {
            match filter {
                Self::Or(members) => flat.extend(members),
                other => flat.push(other),
            }
        }
        Self::Or(flat)
    }
}
