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

/// A parsed filter, resolved against the schema when it is parsed.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of these.
    And(Vec<Filter>),
    /// Any of these.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// The attribute has a value (`pr`).
    Present(AttributeRef),
    /// Attribute, operator, value.
    Compare {
        /// What is compared.
        attribute: AttributeRef,
        /// How.
        operator: Operator,
        /// With what; a JSON string, number, boolean or null, already of the attribute's type.
        value: Value,
    },
    /// `emails[type eq "work"]`: some one value of the attribute matches the inner filter, whose
    /// references are to sub-attributes (they appear as `attribute` of their `AttributeRef`).
    ValuePath {
        /// The complex attribute.
        attribute: AttributeRef,
        /// The inner filter.
        filter: Box<Filter>,
    },
}

/// Comparison operators.
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
    /// All of them.
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

    /// The operator as written in a filter.
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
    /// All of these, without nesting; one alone stays itself.
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

    /// Any of these, without nesting; one alone stays itself.
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
