//! Selects the attributes of a response (RFC 7644 §3.9) by `attributes`, `excludedAttributes`, and
//! `returned` of each attribute in the schema.

use serde_json::{Map, Value};

use super::path::{AttributeRef, Path, PathError, urn};
use super::reader::{extension, schemas};
use super::schema::common::{OPEN, common_attribute};
use super::schema::{Attribute, ResourceType, Returned};
use super::{Resource, ScimError};

/// The attributes that a request asks for.
#[derive(Clone, Debug)]
pub struct Projection {
    resource_type: &'static ResourceType,
    /// The requested attributes; `None` if the request does not name any.
    requested: Option<Vec<Selection>>,
    excluded: Vec<Selection>,
}

/// One name in the request.
#[derive(Clone, Debug, PartialEq)]
enum Selection {
    /// All attributes of the core schema, or of an extension by its URN.
    Schema(Option<String>),
    /// An attribute, or one of its sub-attributes.
    Attribute(AttributeRef),
}

/// How much of an attribute is requested or excluded.
enum Extent<'a> {
    Nothing,
    Everything,
    SubAttributes(Vec<&'a str>),
}

impl Projection {
    /// Creates the projection for these parameters; unknown names are ignored. If both are given,
    /// the excluded attributes are removed from the requested ones.
    pub fn new(
        attributes: &[String],
        excluded: &[String],
        resource_type: &'static ResourceType,
    ) -> Self {
        let select = |names: &[String]| -> Vec<Selection> {
            let read = |name: &String| selections(name.trim(), resource_type).unwrap_or_default();
            names.iter().flat_map(read).collect()
        };
        Self {
            resource_type,
            requested: (!attributes.is_empty()).then(|| select(attributes)),
            excluded: select(excluded),
        }
    }

    /// Creates the projection for the parameters of a client.
    ///
    /// # Errors
    /// Returns 400 `invalidValue` for a name after a URN that is neither one of the resource type's
    /// nor possibly the client's own: the response would lack what was requested, or contain what
    /// was excluded. Other unknown names are ignored.
    pub fn requested(
        attributes: &[String],
        excluded: &[String],
        resource_type: &'static ResourceType,
    ) -> Result<Self, ScimError> {
        let select = |parameter: &str, names: &[String]| -> Result<Vec<Selection>, ScimError> {
            let mut selected = Vec::new();
            for name in names.iter().map(|name| name.trim()) {
                match selections(name, resource_type) {
                    Ok(found) => selected.extend(found),
                    Err(error) if urn::is_meant(name) => {
                        return Err(ScimError::invalid_value(format!("{parameter}: {error}")));
                    }
                    Err(_) => {}
                }
            }
            Ok(selected)
        };
        let requested = select("attributes", attributes)?;
        let excluded = select("excludedAttributes", excluded)?;
        Ok(Self {
            resource_type,
            requested: (!attributes.is_empty()).then_some(requested),
            excluded,
        })
    }

    /// Creates the projection of a request without parameters.
    pub fn everything(resource_type: &'static ResourceType) -> Self {
        Self { resource_type, requested: None, excluded: Vec::new() }
    }

    /// Returns `true` if the request leaves the choice to the schema.
    pub fn is_default(&self) -> bool {
        self.requested.is_none() && self.excluded.is_empty()
    }

    /// Returns `true` if the response would contain the attribute, or a part of it, if it has a
    /// value. Attributes that are not included need not be loaded.
    pub fn includes(&self, extension: Option<&str>, attribute: &str) -> bool {
        let definition = self.definition(extension, attribute);
        self.is_included(extension, attribute, definition)
    }

    /// Returns `true` if the response would contain this sub-attribute, if it has a value.
    pub fn includes_part(&self, extension: Option<&str>, attribute: &str, part: &str) -> bool {
        let mut value = Value::Object(Map::from_iter([(part.to_owned(), Value::Bool(true))]));
        self.keep(extension, attribute, &mut value)
    }

    /// Removes the attributes that the response must not contain. The caller has inserted
    /// `schemas`, `id` and `meta` before.
    pub fn apply(&self, resource: &mut Resource) {
        resource.retain(|name, value| match value {
            Value::Object(inner) if name.contains(':') => {
                inner.retain(|attribute, value| self.keep(Some(name.as_str()), attribute, value));
                !inner.is_empty()
            }
            _ => self.keep(None, name, value),
        });
        // `schemas` names the schemas of the attributes that are present (RFC 7643 §3).
        if let Some(listed) = resource.get_mut("schemas").map(Value::take) {
            let listed = self.listed(listed, resource);
            if let Some(slot) = resource.get_mut("schemas") {
                *slot = listed;
            }
        }
    }

    /// Returns the `schemas` of the projected resource. Usually it is enough to remove entries from
    /// the previous list; otherwise a new list is made.
    fn listed(&self, mut listed: Value, resource: &Resource) -> Value {
        let is_there = |id: &Value| schemas(resource, self.resource_type).any(|urn| id == urn);
        if let Value::Array(ids) = &mut listed {
            ids.retain(is_there);
            if ids.iter().eq(schemas(resource, self.resource_type)) {
                return listed;
            }
        }
        schemas(resource, self.resource_type).map(str::to_owned).collect()
    }

    fn definition(&self, urn: Option<&str>, name: &str) -> &'static Attribute {
        let known = match urn {
            None => self.resource_type.schema.attribute(name).or_else(|| common_attribute(name)),
            Some(urn) => extension(urn, self.resource_type).and_then(|found| found.attribute(name)),
        };
        known.unwrap_or(&OPEN)
    }

    fn is_included(&self, urn: Option<&str>, name: &str, definition: &Attribute) -> bool {
        match definition.returned {
            Returned::Never => return false,
            Returned::Always => return true,
            Returned::Default | Returned::Request => {}
        }
        let is_requested = match &self.requested {
            None => definition.returned == Returned::Default,
            Some(requested) => !matches!(extent(requested, urn, name), Extent::Nothing),
        };
        is_requested && !matches!(extent(&self.excluded, urn, name), Extent::Everything)
    }

    /// Returns `true` if the attribute stays, and removes sub-attributes from its value that do
    /// not.
    fn keep(&self, urn: Option<&str>, name: &str, value: &mut Value) -> bool {
        let definition = self.definition(urn, name);
        if !self.is_included(urn, name, definition) {
            return false;
        }
        let requested = self.requested.as_deref().map(|requested| extent(requested, urn, name));
        let excluded = extent(&self.excluded, urn, name);
        // An empty list has no sub-attributes to remove, and it is information, such as that a
        // group has no members.
        let is_empty = matches!(value, Value::Array(values) if values.is_empty());
        if is_empty || is_uncut(definition, requested.as_ref(), &excluded) {
            return true;
        }
        let keep_sub_attribute = |name: &str| {
            let returned = definition.sub_attribute(name).unwrap_or(&OPEN).returned;
            let is_named =
                |names: &[&str]| names.iter().any(|found| found.eq_ignore_ascii_case(name));
            let is_requested = match &requested {
                Some(Extent::SubAttributes(names)) => is_named(names),
                _ => returned != Returned::Request,
            };
            match returned {
                Returned::Never => false,
                Returned::Always => true,
                _ => {
                    is_requested
                        && !matches!(&excluded, Extent::SubAttributes(names) if is_named(names))
                }
            }
        };
        cut(value, &keep_sub_attribute)
    }
}

/// Parses a name in the request. The URN of an unknown extension looks like the name of an
/// attribute in one, so such a name selects both.
fn selections(name: &str, resource_type: &ResourceType) -> Result<Vec<Selection>, PathError> {
    if name.eq_ignore_ascii_case(resource_type.schema.id) {
        return Ok(vec![Selection::Schema(None)]);
    }
    Ok(match Path::parse(name, resource_type)? {
        Path::Extension(urn) => vec![Selection::Schema(Some(urn.into_owned()))],
        // A filter selects values, but a projection selects attributes.
        Path::Attribute { filter: Some(_), .. } => Vec::new(),
        Path::Attribute { reference, filter: None } => {
            let is_open = reference.attribute.definition == &OPEN;
            let whole = is_open.then(|| Selection::Schema(Some(name.to_owned())));
            whole.into_iter().chain([Selection::Attribute(reference)]).collect()
        }
    })
}

/// Returns how much of the attribute the selections name.
fn extent<'a>(selections: &'a [Selection], urn: Option<&str>, name: &str) -> Extent<'a> {
    let same = |found: Option<&str>| match (found, urn) {
        (None, None) => true,
        (Some(found), Some(urn)) => found.eq_ignore_ascii_case(urn),
        _ => false,
    };
    let mut sub_attributes = Vec::new();
    for selection in selections {
        match selection {
            Selection::Schema(found) if same(found.as_deref()) => return Extent::Everything,
            Selection::Attribute(reference)
                if same(reference.extension.as_deref())
                    && reference.attribute.name.eq_ignore_ascii_case(name) =>
            {
                match &reference.sub_attribute {
                    None => return Extent::Everything,
                    Some(named) => sub_attributes.push(named.name.as_ref()),
                }
            }
            _ => {}
        }
    }
    if sub_attributes.is_empty() { Extent::Nothing } else { Extent::SubAttributes(sub_attributes) }
}

/// Returns `true` if all sub-attributes stay. This saves looking at each value of a long list.
fn is_uncut(definition: &Attribute, requested: Option<&Extent<'_>>, excluded: &Extent<'_>) -> bool {
    let is_shown =
        |found: &Attribute| !matches!(found.returned, Returned::Never | Returned::Request);
    !matches!(requested, Some(Extent::SubAttributes(_)))
        && !matches!(excluded, Extent::SubAttributes(_))
        && definition.sub_attributes.iter().all(is_shown)
}

/// Removes sub-attributes from a complex value, or from each value of a list. Returns `false` if
/// nothing is left.
fn cut(value: &mut Value, keep: &dyn Fn(&str) -> bool) -> bool {
    let cut_object = |object: &mut Map<String, Value>| {
        let was_empty = object.is_empty();
        object.retain(|name, _| keep(name));
        was_empty || !object.is_empty()
    };
    match value {
        Value::Object(object) => cut_object(object),
        Value::Array(values) => {
            values.retain_mut(|value| match value {
                Value::Object(object) => cut_object(object),
                _ => true,
            });
            !values.is_empty()
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests;
