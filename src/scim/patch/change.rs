//! A change of a complex value: sub-attributes to set and to unassign.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::target::{NewValue, Target};
use crate::ScimError;
use crate::path::Named;
use crate::reader::{
    Location, coerce, coerce_element, is_unassigned, packed, sub_attribute_of_key,
};
use crate::schema::{Attribute, Kind, Mutability};

/// The change of one complex value.
#[derive(Debug, Default)]
pub(super) struct Change {
    /// The sub-attributes to set, already converted to their types.
    pub(super) set: Map<String, Value>,
    /// The sub-attributes to unassign.
    pub(super) unassign: Vec<Cow<'static, str>>,
}

impl Change {
    /// Reads the value of an operation, either of a sub-attribute if the path names one, or of the
    /// whole complex value. Returns `None` if the whole value is unassigned.
    pub(super) fn read(
        value: NewValue<'_>,
        target: &Target<'_>,
    ) -> Result<Option<Self>, ScimError> {
        let value = value.map_or(Value::Null, Cow::into_owned);
        let definition = target.definition();
        let Some(named) = &target.reference.sub_attribute else {
            return Self::of_whole(value, definition, target);
        };
        let name = named.name.as_ref();
        let label = target.label();
        let value = coerce(value, named.definition, &Location::inside(&label, name))?;
        // JSON packed in a string means the same for a path to `value` as for the whole attribute.
        if let Some(Value::String(text)) = &value
            && definition.kind == Kind::Complex
            && name == "value"
            && packed(text, definition, &label)?.is_some()
        {
            return Self::of_whole(Value::String(text.clone()), definition, target);
        }
        Ok(Some(match value {
            Some(value) => Self { set: Map::from_iter([(name.into(), value)]), ..Self::default() },
            None => Self::unassigning(named),
        }))
    }

    /// Creates the change that unassigns a sub-attribute.
    pub(super) fn unassigning(named: &Named) -> Self {
        Self { unassign: vec![named.name.clone()], ..Self::default() }
    }

    fn of_whole(
        value: Value,
        definition: &'static Attribute,
        target: &Target<'_>,
    ) -> Result<Option<Self>, ScimError> {
        let value = match value {
            Value::Array(mut values) if values.len() == 1 => values.swap_remove(0),
            other => other,
        };
        if is_unassigned(&value) {
            return Ok(None);
        }
        let unassign = match &value {
            Value::Object(object) => object
                .iter()
                .filter(|(_, value)| is_unassigned(value))
                .filter_map(|(key, _)| key_of(definition, key))
                .collect(),
            _ => Vec::new(),
        };
        let set = match coerce_element(value, definition, &target.label())? {
            Some(Value::Object(set)) => set,
            Some(simple) => Map::from_iter([("value".into(), simple)]),
            None => Map::new(),
        };
        Ok(Some(Self { set, unassign }))
    }

    /// Returns `true` if the change unassigns `value`, the significant sub-attribute.
    pub(super) fn unassigns_value(&self, definition: &Attribute) -> bool {
        definition.sub_attribute("value").is_some()
            && self.unassign.iter().any(|name| name == "value")
            && !self.set.contains_key("value")
    }

    /// Changes one value. A value that loses its `value` becomes empty.
    ///
    /// # Errors
    /// Returns 400 `mutability` or `invalidValue` as [`Self::check`].
    pub(super) fn apply(
        &self,
        value: &mut Map<String, Value>,
        target: &Target<'_>,
    ) -> Result<(), ScimError> {
        self.check(value, target)?;
        if self.take_away(value, target.definition()) {
            for (name, new) in &self.set {
                match value.get_mut(name) {
                    Some(present) => present.clone_from(new),
                    None => _ = value.insert(name.clone(), new.clone()),
                }
            }
        }
        Ok(())
    }

    /// Like [`Self::apply`], but consumes the change, for a single value.
    ///
    /// # Errors
    /// The same as [`Self::apply`].
    pub(super) fn apply_once(
        self,
        value: &mut Map<String, Value>,
        target: &Target<'_>,
    ) -> Result<(), ScimError> {
        self.check(value, target)?;
        if self.take_away(value, target.definition()) {
            value.extend(self.set);
        }
        Ok(())
    }

    /// Refuses to change or to unassign an immutable sub-attribute that the value has, and to
    /// unassign a required one (RFC 7644 §3.5.2). This is the only place where a value that stays
    /// is changed, so no path leads around it.
    fn check(&self, value: &Map<String, Value>, target: &Target<'_>) -> Result<(), ScimError> {
        for part in target.definition().sub_attributes {
            let Some(current) = value.get(part.name) else { continue };
            let new = self.set.get(part.name);
            let is_lost = new.is_none() && self.unassign.iter().any(|name| name == part.name);
            let is_other = is_lost || new.is_some_and(|new| new != current);
            if part.mutability == Mutability::Immutable && is_other {
                return Err(target.set_once(part));
            }
            if part.required && is_lost {
                return Err(target.required(part));
            }
        }
        Ok(())
    }

    /// Unassigns sub-attributes. Returns `false` if the value is now empty and nothing is to be
    /// set.
    fn take_away(&self, value: &mut Map<String, Value>, definition: &Attribute) -> bool {
        if self.unassigns_value(definition) {
            value.clear();
            return false;
        }
        for name in &self.unassign {
            value.shift_remove(name.as_ref());
        }
        true
    }
}

/// Returns the sub-attribute that a key refers to, if a client may write it.
fn key_of(definition: &'static Attribute, key: &str) -> Option<Cow<'static, str>> {
    if definition.kind == Kind::Any {
        return Some(Cow::Owned(key.to_owned()));
    }
    sub_attribute_of_key(definition, key)
        .filter(|found| found.mutability != Mutability::ReadOnly)
        .map(|found| Cow::Borrowed(found.name))
}
