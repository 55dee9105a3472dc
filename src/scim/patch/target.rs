//! What the writers of values are given.

use std::borrow::Cow;

use serde_json::Value;

use super::OperationKind;
use crate::path::{AttributeRef, Path};
use crate::reader::Location;
use crate::schema::Attribute;
use crate::{Filter, ScimError};

/// The value of an operation: borrowed from a request that may be tried again, or to be used up.
pub(super) type NewValue<'a> = Option<Cow<'a, Value>>;

/// What the writers need to know of an operation on an attribute.
pub(super) struct Target<'a> {
    pub(super) kind: OperationKind,
    /// Key of the attribute in its container.
    pub(super) name: &'a str,
    pub(super) reference: &'a AttributeRef,
    pub(super) filter: Option<&'a Filter>,
    /// Whether the value is an object.
    pub(super) gives_object: bool,
    /// The path, for error messages.
    pub(super) path: &'a Path,
}

impl Target<'_> {
    /// Definition of the attribute, not of the sub-attribute.
    pub(super) fn definition(&self) -> &'static Attribute {
        self.reference.attribute.definition
    }

    /// Full name of the attribute, not of the sub-attribute, for error messages.
    pub(super) fn label(&self) -> Location<'_> {
        Location::of_extension(self.reference.extension.as_ref(), self.name)
    }

    /// 400 `noTarget`: nothing matches the filter.
    pub(super) fn missing(&self) -> ScimError {
        ScimError::no_target(format!(
            "No value of the attribute matches {}",
            self.path.in_an_error()
        ))
    }
}
