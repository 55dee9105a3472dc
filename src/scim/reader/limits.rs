//! Limits on the size of a resource, so that no request can slow down another one.

use crate::schema::{Attribute, Kind};

/// The longest string, in bytes.
pub const MAX_STRING: usize = 16 * 1024;

/// The longest reference (a photo may be a `data:` URI), binary value or open value, in bytes.
pub const MAX_BINARY: usize = 100 * 1024;

/// The largest number of values of a multi-valued attribute.
pub const MAX_VALUES: usize = 1_000;

/// The largest number of values of a multi-valued attribute that refers to users, such as the
/// members of a group.
pub const MAX_REFERENCES: usize = 100_000;

/// The deepest nesting inside an attribute of an unknown extension.
pub const MAX_DEPTH: usize = 16;

/// The largest number of attributes that one body may assign.
pub const MAX_ASSIGNMENTS: usize = 2_000;

/// Returns the largest number of values of this attribute.
pub fn max_values(attribute: &Attribute) -> usize {
    let is_membership =
        attribute.sub_attribute("$ref").is_some_and(|found| found.reference_types == ["User"]);
    if is_membership { MAX_REFERENCES } else { MAX_VALUES }
}

/// Returns the longest text of this type, in bytes.
pub fn max_length(kind: Kind) -> usize {
    match kind {
        Kind::Binary | Kind::Reference | Kind::Any => MAX_BINARY,
        _ => MAX_STRING,
    }
}
