//! Paths into extensions that only the client knows: what reads as an attribute of one can also be
//! the URN of another, of which the resource has the object.

use std::borrow::Cow;

use serde_json::Value;

use crate::path::{AttributeRef, Named};
use crate::reader::member;
use crate::schema::Kind;
use crate::{Filter, Resource};

/// What a path means.
pub(super) enum Meant {
    /// The attribute, as it reads.
    Attribute,
    /// The whole extension with this URN.
    Extension(String),
    /// An attribute of that extension.
    Within(AttributeRef),
    /// Values of an extension, which has none.
    Nothing,
}

/// What the path means in this resource.
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
