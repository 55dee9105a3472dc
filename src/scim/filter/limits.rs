//! How much of a filter is read.

/// Longest filter that is read, in bytes.
pub const MAX_LENGTH: usize = 8 * 1024;
/// Deepest nesting of parentheses and brackets that is followed.
pub const MAX_DEPTH: usize = 32;
/// Most comparisons that one filter may have.
pub const MAX_TERMS: usize = 256;
