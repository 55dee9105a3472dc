//! The errors of paths.

use crate::ScimError;
use crate::filter::FilterError;

/// An invalid path, or the name of an attribute that the resource type does not have.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PathError {
    /// The name is well formed, but the schemas do not define it.
    #[error("there is no attribute \"{name}\": {hint}")]
    UnknownAttribute {
        /// The name as sent, shortened if it is long.
        name: String,
        /// The names that are allowed.
        hint: String,
    },
    /// The URN is not one of the resource type's schemas and cannot be an extension of the client's
    /// own.
    #[error("\"{urn}\" is not a known schema: {hint}")]
    ForeignSchema {
        /// The URN as sent, shortened if it is long.
        urn: String,
        /// The URNs that are allowed.
        hint: String,
    },
    /// The text is not a path.
    #[error("the path is not well formed at byte {position}: {message}")]
    Syntax {
        /// The position of the error, in bytes from the beginning of the path.
        position: usize,
        /// What was expected there.
        message: String,
    },
    /// The filter in the brackets of a value path is invalid.
    #[error(transparent)]
    Filter(#[from] FilterError),
}

/// Converts to 400 `invalidPath`, or 400 `invalidFilter` for an invalid filter (RFC 7644 §3.12).
impl From<PathError> for ScimError {
    fn from(error: PathError) -> Self {
        match error {
            PathError::Filter(error) => error.into(),
            error => Self::invalid_path(error.to_string()),
        }
    }
}
