//! How much one resource may hold, so that no request can make another one slow.

use crate::schema::{Attribute, Kind};

/// Longest string, in bytes.
pub const MAX_STRING: usize = 16 * 1024;

/// Longest reference (a photo may be a `data:` URI), binary value or open value, in bytes.
pub const MAX_BINARY: usize = 100 * 1024;

/// Most values of a multi-valued attribute.
pub const MAX_VALUES: usize = 1_000;

/// Most values of a multi-valued attribute that refers to users, such as the members of a group.
pub const MAX_REFERENCES: usize = 100_000;

/// Deepest nesting inside an attribute that only the client knows.
pub const MAX_DEPTH: usize = 16;

/// Most attributes that one body may assign.
pub const MAX_ASSIGNMENTS: usize = 2_000;

/// Most values of this attribute.
pub fn max_values(attribute: &Attribute) -> usize {
    let is_membership =
        attribute.sub_attribute("$ref").is_some_and(|found| found.reference_types == ["User"]);
    if is_membership { MAX_REFERENCES } else { MAX_VALUES }
}

/// Longest text of this type, in bytes.
pub fn max_length(kind: Kind) -> usize {
    match kind {
        Kind::Binary | Kind::Reference | Kind::Any => MAX_BINARY,
        _ => MAX_STRING,
    }
}
