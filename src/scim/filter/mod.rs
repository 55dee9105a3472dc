//! Filters (RFC 7644 §3.4.2.2): one syntax tree for queries and for value paths.

use serde_json::Value;

use super::path::AttributeRef;

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
