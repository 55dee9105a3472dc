//! Parses and resolves references and paths.

use std::borrow::Cow;

use nom::Parser;
use nom::character::complete::char;
use nom::sequence::preceded;

use super::{AttributeRef, Named, Path, PathError, urn};
use crate::excerpt::excerpt;
use crate::filter::{grammar, lexer};
use crate::schema::common::{COMMON, OPEN, common_attribute};
use crate::schema::{Attribute, Kind, ResourceType, Schema};

/// The longest path, in bytes.
pub const MAX_LENGTH: usize = 8 * 1024;

impl AttributeRef {
    /// Parses `name`, `name.sub`, `URN:name` or `URN:name.sub` (RFC 7644 §3.10) and looks up the
    /// definition. Names and URNs are case-insensitive.
    ///
    /// A bare name that only an extension defines refers to that extension's attribute, because
    /// Entra sends `manager` without its URN. A dot after a known URN is read as a colon. A URN of
    /// the client's own makes an open reference (see [`OPEN`]).
    ///
    /// # Errors
    /// Fails if the text is malformed, if a known schema does not define the name, or if the schema
    /// is unknown to the resource type and cannot be the client's own.
    pub fn parse(text: &str, resource_type: &ResourceType) -> Result<Self, PathError> {
        check_length(text)?;
        let Some((schema, rest)) = urn::known(text, resource_type) else {
            if urn::is_whole(text, resource_type) {
                urn::check_own(text, resource_type)?;
                return Err(whole_own(text));
            }
            return match urn::split(text, resource_type) {
                Some((urn, names)) => open(urn, names, text.len() - names.len(), resource_type),
                None => bare(text, resource_type),
            };
        };
        match rest.get(1..) {
            Some(names) => of_schema(text, schema, names, text.len() - names.len(), resource_type),
            None => {
                let first = schema.attributes.first().map_or("name", |attribute| attribute.name);
                Err(whole(schema.id, first))
            }
        }
    }

    /// Parses a reference in a filter. There, an attribute also has the names by which clients look
    /// it up (see [`Attribute::sought_as`]).
    ///
    /// # Errors
    /// The same as [`AttributeRef::parse`].
    pub(crate) fn sought(text: &str, resource_type: &ResourceType) -> Result<Self, PathError> {
        Self::parse(text, resource_type).or_else(|error| {
            let (name, sub_name) = names(text, 0).unwrap_or_default();
            match resource_type.schema.sought(name) {
                Some(attribute) => reference(None, named(attribute), sub_name),
                None => Err(error),
            }
        })
    }

    /// Parses `name` or `name.sub` inside the object of this schema.
    ///
    /// # Errors
    /// The same as [`AttributeRef::parse`].
    pub(crate) fn of_schema(
        text: &str,
        schema: &'static Schema,
        resource_type: &ResourceType,
    ) -> Result<Self, PathError> {
        check_length(text)?;
        of_schema(text, schema, text, 0, resource_type)
    }
}

impl Path {
    /// Parses the path of a PATCH operation (RFC 7644 §3.5.2): an attribute reference,
    /// `attr[filter]`, `attr[filter].sub`, or the URN of an extension alone.
    ///
    /// # Errors
    /// Fails if the text is malformed, if a known schema does not define the name, or if the filter
    /// is invalid.
    pub fn parse(text: &str, resource_type: &ResourceType) -> Result<Self, PathError> {
        check_length(text)?;
        if let Some(schema) =
            resource_type.extensions.iter().find(|schema| schema.id.eq_ignore_ascii_case(text))
        {
            return Ok(Self::Extension(Cow::Borrowed(schema.id)));
        }
        if urn::is_whole(text, resource_type) && urn::known(text, resource_type).is_none() {
            urn::check_own(text, resource_type)?;
            return Ok(Self::Extension(Cow::Owned(text.to_owned())));
        }
        let Some(bracket) = text.find('[') else {
            let reference = AttributeRef::parse(text, resource_type)?;
            return Ok(Self::Attribute { reference, filter: None });
        };
        let (attribute, bracketed) = text.split_at(bracket);
        let mut reference = AttributeRef::parse(attribute, resource_type)?;
        let (rest, filter) = grammar::values_filter(text, bracketed, &reference, resource_type)?;
        if !rest.is_empty() {
            let position = text.len() - rest.len();
            let refused = || PathError::Syntax {
                position,
                message: "after the closing ] only .subAttribute may follow".into(),
            };
            let (end, name) = after_dot(rest).ok_or_else(refused)?;
            if !end.is_empty() {
                return Err(refused());
            }
            reference.sub_attribute = Some(sub_attribute(&reference.attribute, name)?);
        }
        Ok(Self::Attribute { reference, filter: Some(filter) })
    }
}

/// Returns the sub-attribute of this name; an open attribute has any.
pub(crate) fn sub_attribute(attribute: &Named, name: &str) -> Result<Named, PathError> {
    let definition = attribute.definition;
    if definition.kind == Kind::Any {
        return Ok(Named { name: Cow::Owned(name.to_owned()), definition: &OPEN });
    }
    definition.sub_attribute(name).map(named).ok_or_else(|| PathError::UnknownAttribute {
        name: excerpt(&format!("{}.{name}", attribute.name)),
        hint: if definition.sub_attributes.is_empty() {
            format!("{} is a simple attribute without sub-attributes", attribute.name)
        } else {
            format!("{} has {}", attribute.name, list(definition.sub_attributes))
        },
    })
}

/// Creates the error for a path that is the URN of a whole extension of the client's own, without
/// an attribute.
fn whole_own(urn: &str) -> PathError {
    PathError::Syntax {
        position: urn.len(),
        message: format!(
            "\"{}\" names a whole schema; append a colon and one of its attributes",
            excerpt(urn)
        ),
    }
}

fn whole(urn: &str, attribute: &str) -> PathError {
    PathError::Syntax {
        position: urn.len(),
        message: format!(
            "{urn} names a whole schema; an attribute of it is needed, as in {urn}:{attribute}"
        ),
    }
}

fn check_length(text: &str) -> Result<(), PathError> {
    if text.len() <= MAX_LENGTH {
        return Ok(());
    }
    Err(PathError::Syntax {
        position: MAX_LENGTH,
        message: format!("a path may be {MAX_LENGTH} bytes long; this one has {}", text.len()),
    })
}

fn bare(text: &str, resource_type: &ResourceType) -> Result<AttributeRef, PathError> {
    let (name, sub_name) = names(text, 0)?;
    let core = resource_type.schema.attribute(name).or_else(|| common_attribute(name));
    let found = core.map(|attribute| (None, attribute)).or_else(|| {
        resource_type.extensions.iter().find_map(|schema| {
            schema.attribute(name).map(|attribute| (Some(Cow::Borrowed(schema.id)), attribute))
        })
    });
    let (extension, attribute) = found.ok_or_else(|| unknown(text, resource_type))?;
    reference(extension, named(attribute), sub_name)
}

fn of_schema(
    text: &str,
    schema: &'static Schema,
    names_text: &str,
    offset: usize,
    resource_type: &ResourceType,
) -> Result<AttributeRef, PathError> {
    let (name, sub_name) = names(names_text, offset)?;
    let is_core = schema.id == resource_type.schema.id;
    let common = || is_core.then(|| common_attribute(name)).flatten();
    let attribute =
        schema.attribute(name).or_else(common).ok_or_else(|| PathError::UnknownAttribute {
            name: excerpt(text),
            hint: format!("schema {} has {}", schema.id, list(schema.attributes)),
        })?;
    let extension = (!is_core).then_some(Cow::Borrowed(schema.id));
    reference(extension, named(attribute), sub_name)
}

/// Resolves a reference into an unknown extension.
fn open(
    urn: &str,
    names_text: &str,
    offset: usize,
    resource_type: &ResourceType,
) -> Result<AttributeRef, PathError> {
    urn::check_own(urn, resource_type)?;
    let (name, sub_name) = names(names_text, offset)?;
    // After the URN, the name of the resource type would be read as part of the URN of an
    // extension.
    if name.eq_ignore_ascii_case(resource_type.name) {
        return Err(whole_own(&format!("{urn}:{name}")));
    }
    let attribute = Named { name: Cow::Owned(name.to_owned()), definition: &OPEN };
    reference(Some(Cow::Owned(urn.to_owned())), attribute, sub_name)
}

fn reference(
    extension: Option<Cow<'static, str>>,
    attribute: Named,
    sub_name: Option<&str>,
) -> Result<AttributeRef, PathError> {
    let sub_attribute = sub_name.map(|name| sub_attribute(&attribute, name)).transpose()?;
    Ok(AttributeRef { extension, attribute, sub_attribute })
}

/// Splits `name` or `name.sub`; `offset` is the position of the text in the whole path.
fn names(text: &str, offset: usize) -> Result<(&str, Option<&str>), PathError> {
    let refused = |rest: &str, message: &str| PathError::Syntax {
        position: offset + text.len() - rest.len(),
        message: message.into(),
    };
    let (rest, name) = lexer::name(text).map_err(|_| {
        refused(text, "an attribute name is needed here: a letter, then letters, digits, - or _")
    })?;
    if rest.is_empty() {
        return Ok((name, None));
    }
    let (end, sub_name) = after_dot(rest).ok_or_else(|| {
        refused(rest, "after the attribute name only .subAttribute may follow, without blanks")
    })?;
    if end.is_empty() {
        return Ok((name, Some(sub_name)));
    }
    Err(refused(end, "nothing may follow the sub-attribute; there is only one level of them"))
}

fn after_dot(text: &str) -> Option<(&str, &str)> {
    preceded(char::<_, ()>('.'), lexer::name).parse(text).ok()
}

fn named(definition: &'static Attribute) -> Named {
    Named { name: Cow::Borrowed(definition.name), definition }
}

fn unknown(text: &str, resource_type: &ResourceType) -> PathError {
    PathError::UnknownAttribute {
        name: excerpt(text),
        hint: format!(
            "{} has {}, {}; put the URN in front of the attributes of other schemas",
            resource_type.name,
            list(COMMON),
            list(resource_type.schema.attributes)
        ),
    }
}

fn list(attributes: &[Attribute]) -> String {
    attributes.iter().map(|attribute| attribute.name).collect::<Vec<_>>().join(", ")
}
