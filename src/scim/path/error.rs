//! Why a path was refused.

use crate::ScimError;
use crate::filter::FilterError;

/// A path or attribute name that the resource type does not have, or that is not one at all.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PathError {
    /// A well-formed name of something the schemas do not define.
    #[error("there is no attribute \"{name}\": {hint}")]
    UnknownAttribute {
        /// The name as sent, shortened if it is very long.
        name: String,
        /// What is allowed in its place.
        hint: String,
    },
    /// A URN that is none of the resource type's schemas and cannot be an extension of the client's
    /// own.
    #[error("\"{urn}\" is no schema here: {hint}")]
    ForeignSchema {
        /// The URN as sent, shortened if it is very long.
        urn: String,
        /// What is allowed in its place.
        hint: String,
    },
    /// Not a path.
    #[error("the path is not well formed at byte {position}: {message}")]
    Syntax {
        /// Where, in bytes from the beginning of the path.
        position: usize,
        /// What was expected there.
        message: String,
    },
    /// The filter between the brackets of a value path.
    #[error(transparent)]
    Filter(#[from] FilterError),
}

/// 400 `invalidPath`; for a bad filter inside the path 400 `invalidFilter` (RFC 7644 §3.12).
impl From<PathError> for ScimError {
    fn from(error: PathError) -> Self {
        match error {
            PathError::Filter(error) => error.into(),
            error => Self::invalid_path(error.to_string()),
        }
    }
}
