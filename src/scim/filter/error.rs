//! The errors of filters.

use super::limits::{MAX_DEPTH, MAX_LENGTH, MAX_TERMS};
use crate::ScimError;

/// An invalid filter. Positions are byte offsets from the beginning of the text.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FilterError {
    /// The text does not follow the grammar.
    #[error("the filter is not well formed at byte {position}: {message}")]
    Syntax {
        /// The position of the error.
        position: usize,
        /// What was expected and what was found.
        message: String,
    },
    /// The schemas do not define the name.
    #[error("at byte {position} of the filter: there is no attribute \"{name}\": {hint}")]
    UnknownAttribute {
        /// The name as sent, shortened if it is long.
        name: String,
        /// The position of the name.
        position: usize,
        /// The names that are allowed.
        hint: String,
    },
    /// The filter is too long.
    #[error(
        "the filter has {length} bytes, but at most {MAX_LENGTH} are allowed; shorten it, or split \
         it into several requests"
    )]
    TooLong {
        /// The length of the text in bytes.
        length: usize,
    },
    /// The filter is nested too deeply.
    #[error(
        "at byte {position} the filter is nested more than {MAX_DEPTH} levels deep; leave out \
         parentheses that are not needed"
    )]
    TooDeep {
        /// The position of the first parenthesis over the limit.
        position: usize,
    },
    /// The filter has too many comparisons.
    #[error(
        "at byte {position} the filter goes beyond {MAX_TERMS} comparisons; split it into several \
         requests"
    )]
    TooManyTerms {
        /// The position of the first comparison over the limit.
        position: usize,
    },
    /// The attribute cannot be compared in this way.
    #[error("at byte {position} of the filter: {attribute} {message}")]
    BadValue {
        /// The name of the attribute.
        attribute: String,
        /// The position of the value or the operator.
        position: usize,
        /// What is wrong and what is right, as a continuation of the attribute's name.
        message: String,
    },
}

/// Converts to 400 `invalidFilter` (RFC 7644 §3.12).
impl From<FilterError> for ScimError {
    fn from(error: FilterError) -> Self {
        Self::invalid_filter(error.to_string())
    }
}
