//! Why a filter was refused.

use super::limits::{MAX_DEPTH, MAX_LENGTH, MAX_TERMS};
use crate::ScimError;

/// A filter that cannot be answered. Positions count bytes from the beginning of the text.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FilterError {
    /// Not in the grammar.
    #[error("the filter is not well formed at byte {position}: {message}")]
    Syntax {
        /// Where.
        position: usize,
        /// What was expected, what stands there.
        message: String,
    },
    /// A name that the schemas do not define.
    #[error("at byte {position} of the filter: there is no attribute \"{name}\": {hint}")]
    UnknownAttribute {
        /// The name as sent, shortened if it is very long.
        name: String,
        /// Where.
        position: usize,
        /// What is allowed in its place.
        hint: String,
    },
    /// More text than is read.
    #[error(
        "the filter has {length} bytes, and from byte {MAX_LENGTH} on it is not read; shorten it, \
         or split it into several requests"
    )]
    TooLong {
        /// Length of the text in bytes.
        length: usize,
    },
    /// Deeper nesting than is followed.
    #[error(
        "at byte {position} the filter is nested more than {MAX_DEPTH} levels deep; leave out \
         parentheses that are not needed"
    )]
    TooDeep {
        /// The parenthesis that is one too many.
        position: usize,
    },
    /// More comparisons than are evaluated.
    #[error(
        "at byte {position} the filter goes beyond {MAX_TERMS} comparisons; split it into several \
         requests"
    )]
    TooManyTerms {
        /// The comparison that is one too many.
        position: usize,
    },
    /// The attribute cannot be compared in this way.
    #[error("at byte {position} of the filter: {attribute} {message}")]
    BadValue {
        /// The attribute.
        attribute: String,
        /// Where the value (or the operator) stands.
        position: usize,
        /// What is wrong and what is right; continues the attribute's name.
        message: String,
    },
}

/// 400 `invalidFilter` (RFC 7644 §3.12).
impl From<FilterError> for ScimError {
    fn from(error: FilterError) -> Self {
        Self::invalid_filter(error.to_string())
    }
}
