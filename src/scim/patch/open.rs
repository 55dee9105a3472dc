//! Paths into extensions of unknown schemas. They are ambiguous: what looks like an attribute of
//! one extension can also be the URN of another, if the resource has an object with that URN.

use std::borrow::Cow;

use serde_json::Value;

use crate::path::{AttributeRef, Named};
use crate::reader::member;
use crate::schema::Kind;
use crate::{Filter, Resource};

/// The meaning of a path.
pub(super) enum Meant {
    /// The attribute that the path names at first sight.
    Attribute,
    /// The whole extension with this URN.
    Extension(String),
    /// An attribute of that extension.
    Within(AttributeRef),
    /// Values of an extension selected by a filter. An extension has no values.
    Nothing,
}

/// Returns the meaning of the path in this resource.
pub(super) fn meant(
    resource: &Resource,
    reference: &AttributeRef,
    filter: Option<&Filter>,
) -> Meant {
    let (Kind::Any, Some(extension)) = (reference.attribute.definition.kind, &reference.extension)
    else {
        return Meant::Attribute;
    };
    let urn = format!("{extension}:{}", reference.attribute.name);
    if !member(resource, &urn).is_some_and(Value::is_object) {
        return Meant::Attribute;
    }
    match (&reference.sub_attribute, filter) {
        (_, Some(_)) => Meant::Nothing,
        (None, None) => Meant::Extension(urn),
        (Some(Named { name, definition }), None) => Meant::Within(AttributeRef {
            extension: Some(Cow::Owned(urn)),
            attribute: Named { name: name.clone(), definition },
            sub_attribute: None,
        }),
    }
}
