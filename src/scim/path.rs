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

/// A name together with its definition. For attributes of unknown extensions, the definition is
/// [`super::schema::Kind::Any`] and the name is the client's.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// The name in canonical letter case.
    pub name: Cow<'static, str>,
    /// The definition of the attribute or sub-attribute.
    pub definition: &'static Attribute,
}

/// A reference to an attribute, resolved against the schemas.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeRef {
    /// The URN of the extension whose object contains the attribute; `None` for core and common
    /// attributes.
    pub extension: Option<Cow<'static, str>>,
    /// The attribute.
    pub attribute: Named,
    /// The sub-attribute, if the reference names one.
    pub sub_attribute: Option<Named>,
}

impl AttributeRef {
    /// Returns the definition of the sub-attribute if the reference names one, or else of the
    /// attribute.
    pub fn definition(&self) -> &'static Attribute {
        self.sub_attribute.as_ref().unwrap_or(&self.attribute).definition
    }
}

/// The target of a PATCH operation.
// A request has few paths, all of them short-lived; boxing the common variant would save nothing.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq)]
pub enum Path {
    /// A whole extension object, by its URN.
    Extension(Cow<'static, str>),
    /// An attribute or sub-attribute, optionally of the values that match a filter.
    Attribute {
        /// The attribute, with the sub-attribute after the filter, if any.
        reference: AttributeRef,
        /// The filter that selects values of a multi-valued attribute.
        filter: Option<Filter>,
    },
}
