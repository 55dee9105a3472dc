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

/// An operation without its value.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) kind: OperationKind,
    pub(super) path: &'a Path,
    pub(super) naming: Naming,
}

/// How an operation names an attribute. This decides whether a read-only attribute is an error.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Naming {
    /// The path is that of the attribute.
    Path,
    /// The path is that of an extension, and the attribute is a key of the value.
    Extension,
    /// There is no path, and the attribute is a key of the value.
    Key,
}

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

    /// Returns `true` if the operation is on the whole attribute, not on selected values or
    /// sub-attributes.
    pub(super) fn is_whole(&self) -> bool {
        self.filter.is_none() && self.reference.sub_attribute.is_none()
    }

    /// Creates the 400 `mutability` for an immutable sub-attribute that would be changed.
    pub(super) fn set_once(&self, part: &Attribute) -> ScimError {
        let label = self.label();
        let part = Location::inside(&label, part.name);
        ScimError::mutability(if self.definition().multi_valued {
            format!(
                "{part} is set only once in each value of {label} and cannot be changed; remove the \
                 whole value and add another one"
            )
        } else {
            format!("{part} is set only once and cannot be changed; leave it out of the request")
        })
    }

    /// Creates the error for a required sub-attribute that would be missing. RFC 7644 §3.5.2.2
    /// demands `mutability` for a removal.
    pub(super) fn required(&self, part: &Attribute) -> ScimError {
        let label = self.label();
        let part = Location::inside(&label, part.name);
        let detail = format!("{part} is required in every value of {label}");
        match self.kind {
            OperationKind::Remove => {
                ScimError::mutability(format!("{detail}; remove the whole value instead"))
            }
            OperationKind::Add | OperationKind::Replace => ScimError::invalid_value(detail),
        }
    }

    /// Checks that every value has the sub-attributes it must have. An operation on selected values
    /// or sub-attributes bypasses the reader's check of whole values.
    ///
    /// # Errors
    /// Returns the error of [`Self::required`].
    pub(super) fn check_parts(&self, values: &[Value]) -> Result<(), ScimError> {
        let lacks = |part: &&Attribute| values.iter().any(|value| value.get(part.name).is_none());
        let mut required = self.definition().sub_attributes.iter().filter(|part| part.required);
        required.find(lacks).map_or(Ok(()), |missing| Err(self.required(missing)))
    }

    /// Creates the 400 `noTarget` for a filter that matches nothing.
    pub(super) fn missing(&self) -> ScimError {
        ScimError::no_target(format!(
            "No value of the attribute matches {}",
            self.path.in_an_error()
        ))
    }
}
