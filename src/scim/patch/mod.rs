//! PATCH (RFC 7644 §3.5.2): parses requests in all dialects of identity providers into operations
//! with resolved paths, and applies the operations to a resource.

use serde_json::Value;

use super::Path;

mod apply;
mod change;
mod extension;
mod foreign;
mod list;
mod membership;
mod mutability;
mod open;
mod parse;
#[cfg(test)]
mod properties;
mod single;
mod target;
mod template;
#[cfg(test)]
mod tests;

pub use apply::apply;
pub(crate) use apply::assign;
pub use membership::{ids_in_filter, multi_value};
pub use parse::{MAX_OPERATIONS, PATCH_SCHEMA};

/// A parsed PATCH request.
#[derive(Clone, Debug, PartialEq)]
pub struct PatchRequest {
    /// The operations, in order. An operation without path has become one operation per attribute.
    pub operations: Vec<Operation>,
}

/// An operation on one attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The kind of operation.
    pub kind: OperationKind,
    /// The target of the operation.
    pub path: Path,
    /// The value as sent. Always present for add and replace, where null means unassigned; for
    /// remove, the values to remove, if the client named any.
    pub value: Option<Value>,
    /// Whether the client sent no path, so that the attribute was a key of the value.
    pub pathless: bool,
}

/// The kinds of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The RFC's words.
pub enum OperationKind {
    Add,
    Remove,
    Replace,
}

impl Operation {
    /// Returns `true` if the operation is on this core or common attribute, or on a part of it.
    pub fn targets(&self, name: &str) -> bool {
        targets(&self.path, name)
    }
}

fn targets(path: &Path, name: &str) -> bool {
    match path {
        Path::Extension(_) => false,
        Path::Attribute { reference, .. } => {
            reference.extension.is_none() && reference.attribute.name.eq_ignore_ascii_case(name)
        }
    }
}
