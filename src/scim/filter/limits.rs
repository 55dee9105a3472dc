//! Limits on the size of a filter.

/// The longest filter, in bytes.
pub const MAX_LENGTH: usize = 8 * 1024;
/// The deepest nesting of parentheses and brackets.
pub const MAX_DEPTH: usize = 32;
/// The largest number of comparisons in a filter.
pub const MAX_TERMS: usize = 256;
