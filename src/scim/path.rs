//! Attribute references and PATCH paths (RFC 7644 §3.10, §3.5.2), resolved against a resource type.

use std::borrow::Cow;

use super::filter::Filter;
use super::schema::Attribute;

mod display;
mod error;
mod parse;
#[cfg(test)]
mod tests;
pub(crate) mod urn;

pub(crate) use display::is_the_clients;
pub use error::PathError;
pub use parse::MAX_LENGTH;
pub(crate) use parse::sub_attribute;

/// A name together with its definition. For attributes of extensions that only the client knows,
/// the definition is [`super::schema::Kind::Any`] and the name is the client's.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// Name in canonical letter case.
    pub name: Cow<'static, str>,
    /// Definition.
    pub definition: &'static Attribute,
}

/// An attribute, resolved: where it sits and what the schema says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeRef {
    /// URN of the extension whose object holds the attribute; none for core and common attributes.
    pub extension: Option<Cow<'static, str>>,
    /// The attribute.
    pub attribute: Named,
    /// The sub-attribute, where the reference goes one level deeper.
    pub sub_attribute: Option<Named>,
}

impl AttributeRef {
    /// The definition of what the reference finally names: of the sub-attribute if there is one,
    /// else of the attribute.
    pub fn definition(&self) -> &'static Attribute {
        self.sub_attribute.as_ref().unwrap_or(&self.attribute).definition
    }
}

/// The target of a PATCH operation.
// A request has few paths and they live briefly; a box around the common variant would save nothing.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq)]
pub enum Path {
    /// A whole extension object, by its URN.
    Extension(Cow<'static, str>),
    /// An attribute or sub-attribute, optionally of the values that match a filter.
    Attribute {
        /// The attribute, with the sub-attribute that follows the filter, if any.
        reference: AttributeRef,
        /// Selects values of a multi-valued attribute.
        filter: Option<Filter>,
    },
}
