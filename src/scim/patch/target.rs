//! The arguments of the functions that write values.

use std::borrow::Cow;

use serde_json::Value;

use super::OperationKind;
use crate::path::{AttributeRef, Path};
use crate::reader::Location;
use crate::schema::Attribute;
use crate::{Filter, ScimError};

/// The value of an operation: borrowed from a request that may be retried, or owned and consumed.
pub(super) type NewValue<'a> = Option<Cow<'a, Value>>;

/// An operation on an attribute, without its value.
pub(super) struct Target<'a> {
    pub(super) kind: OperationKind,
    /// The key of the attribute in its container.
    pub(super) name: &'a str,
    pub(super) reference: &'a AttributeRef,
    pub(super) filter: Option<&'a Filter>,
    pub(super) gives_object: bool,
    pub(super) path: &'a Path,
}

impl Target<'_> {
    /// Returns the definition of the attribute, not of the sub-attribute.
    pub(super) fn definition(&self) -> &'static Attribute {
        self.reference.attribute.definition
    }

    /// Returns the full name of the attribute, not of the sub-attribute, for error messages.
    pub(super) fn label(&self) -> Location<'_> {
        Location::of_extension(self.reference.extension.as_ref(), self.name)
    }

    /// Creates the 400 `noTarget` for a filter that matches nothing.
    pub(super) fn missing(&self) -> ScimError {
        ScimError::no_target(format!(
            "No value of the attribute matches {}",
            self.path.in_an_error()
        ))
    }
}
