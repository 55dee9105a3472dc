//! Sorts query results (RFC 7644 §3.4.2.3).

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ScimError;
use super::filter::{instant, prepare};
use super::path::{AttributeRef, Named};
use super::resource::{Resource, value_of};
use super::schema::{Attribute, Kind, ResourceType, Returned};

/// The number of characters of a string that are compared.
pub const MAX_TEXT: usize = 256;

/// The attribute and direction by which results are sorted.
#[derive(Clone, Debug, PartialEq)]
pub struct Sort {
    /// The attribute; for a complex attribute, its `value`.
    pub attribute: AttributeRef,
    /// `true` for `sortOrder=descending`.
    pub descending: bool,
}

/// The value by which a resource is sorted, small enough to be stored in a cursor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SortKey {
    /// A boolean; `false` comes first.
    #[serde(rename = "b")]
    Boolean(bool),
    /// A number, converted to an integer that sorts in the same order.
    #[serde(rename = "n")]
    Number(u64),
    /// A date-time as seconds since 1970 and nanoseconds.
    #[serde(rename = "i")]
    Instant(i64, u32),
    /// A string, prepared for comparison as the attribute is defined, and truncated to [`MAX_TEXT`]
    /// characters.
    #[serde(rename = "t")]
    Text(String),
}

impl Sort {
    /// Parses `sortBy`.
    ///
    /// # Errors
    /// Returns 400 `invalidPath` for an unknown attribute or a complex one without `value`.
    pub fn parse(
        sort_by: &str,
        descending: bool,
        resource_type: &ResourceType,
    ) -> Result<Self, ScimError> {
        let refused = |message: &str| ScimError::invalid_path(format!("sortBy: {message}"));
        let mut attribute = AttributeRef::parse(sort_by.trim(), resource_type)
            .map_err(|error| refused(&error.to_string()))?;
        let definition = attribute.definition();
        if definition.returned == Returned::Never {
            return Err(refused(&format!(
                "{attribute} is never returned, so it cannot be sorted by"
            )));
        }
        if definition.kind == Kind::Complex {
            let Some(value) = definition.sub_attribute("value") else {
                let names: Vec<_> = definition.sub_attributes.iter().map(|sub| sub.name).collect();
                return Err(refused(&format!(
                    "{attribute} is complex; sort by one of its sub-attributes, such as \
                     {attribute}.{}; it has {}",
                    names.first().unwrap_or(&"value"),
                    names.join(", ")
                )));
            };
            attribute.sub_attribute = Some(Named { name: value.name.into(), definition: value });
        }
        Ok(Self { attribute, descending })
    }

    /// Compares the keys of two resources. Resources without a value come last, or first in
    /// descending order.
    pub fn compare(&self, left: &Option<SortKey>, right: &Option<SortKey>) -> Ordering {
        let ascending = match (left, right) {
            (Some(left), Some(right)) => left.cmp(right),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        if self.descending { ascending.reverse() } else { ascending }
    }
}

impl SortKey {
    /// Returns the key of a resource; `None` if the attribute has no value. A multi-valued
    /// attribute is sorted by its primary value, or else its first.
    pub fn of(resource: &Resource, attribute: &AttributeRef) -> Option<Self> {
        let value = representative(value_of(resource, attribute)?)?;
        let value = match (&attribute.sub_attribute, value) {
            (Some(sub_attribute), Value::Object(object)) => {
                representative(object.get(sub_attribute.name.as_ref())?)?
            }
            (Some(_), _) => return None,
            (None, Value::Object(object)) => object.get("value")?,
            (None, simple) => simple,
        };
        Self::of_value(value, attribute.definition())
    }

    fn of_value(value: &Value, definition: &Attribute) -> Option<Self> {
        match value {
            Value::Bool(boolean) => Some(Self::Boolean(*boolean)),
            Value::Number(number) => Some(Self::Number(ordered_bits(number.as_f64()?))),
            Value::String(text) if definition.kind == Kind::DateTime => {
                let instant = instant(text)?;
                Some(Self::Instant(instant.timestamp(), instant.timestamp_subsec_nanos()))
            }
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => {
                // Truncate before folding as well, so that the cost does not depend on the length
                // of the string.
                let text: String = text.chars().take(MAX_TEXT).collect();
                let text = prepare::key(definition, &text);
                Some(Self::Text(text.chars().take(MAX_TEXT).collect()))
            }
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// Returns the primary value of a list, or else its first; returns any other value unchanged.
fn representative(value: &Value) -> Option<&Value> {
    let Value::Array(values) = value else {
        return Some(value);
    };
    let is_primary = |value: &&Value| value.get("primary").and_then(Value::as_bool) == Some(true);
    values.iter().find(is_primary).or_else(|| values.first())
}

/// Converts a number to an unsigned integer of the same order (IEEE 754: flips the sign bit, or all
/// bits of a negative number). Unlike the number, the integer survives JSON exactly.
fn ordered_bits(number: f64) -> u64 {
    const SIGN: u64 = 1 << 63;
    // Adding zero converts minus zero to zero.
    let bits = (number + 0.0).to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::filter::test_schema::{USER, babs};

    fn sort(sort_by: &str, descending: bool) -> Sort {
        Sort::parse(sort_by, descending, &USER).expect("sortable")
    }

    fn key(sort_by: &str) -> Option<SortKey> {
        SortKey::of(&babs(), &sort(sort_by, false).attribute)
    }

    fn text(text: &str) -> Option<SortKey> {
        Some(SortKey::Text(text.into()))
    }

    #[test]
    fn the_key_follows_type_and_letter_case_of_the_attribute() {
        assert_eq!(key("userName"), text("bjensen@example.com"));
        assert_eq!(key("externalId"), text("BJensen"));
        assert_eq!(key("NAME.familyName"), text("o'malley"));
        assert_eq!(key("active"), Some(SortKey::Boolean(true)));
        assert_eq!(key("meta.created"), Some(SortKey::Instant(1_264_222_582, 0)));
        assert_eq!(key("manager"), text("M-26"));
        assert_eq!(key("title"), None);
        let mut resource = babs();
        resource.insert("title".into(), "".into());
        assert_eq!(SortKey::of(&resource, &sort("title", false).attribute), None);
    }

    #[test]
    fn the_primary_value_counts_else_the_first() {
        assert_eq!(key("emails"), text("bjensen@example.com"));
        assert_eq!(key("emails.type"), text("work"));
        assert_eq!(key("nickNames"), text("babs"));
        assert_eq!(key("groups.value"), text("g1"));
    }

    #[test]
    fn resources_without_a_value_come_last_and_descending_first() {
        let ascending = sort("title", false);
        let descending = sort("title", true);
        assert_eq!(ascending.compare(&text("a"), &text("b")), Ordering::Less);
        assert_eq!(ascending.compare(&text("z"), &None), Ordering::Less);
        assert_eq!(descending.compare(&text("z"), &None), Ordering::Greater);
        assert_eq!(descending.compare(&text("a"), &text("b")), Ordering::Greater);
        assert_eq!(descending.compare(&None, &None), Ordering::Equal);
    }

    #[test]
    fn a_key_is_never_long() {
        let mut resource = babs();
        resource.insert("title".into(), "İ".repeat(10_000).into());
        let Some(SortKey::Text(text)) = SortKey::of(&resource, &sort("title", false).attribute)
        else {
            panic!("no text")
        };
        assert_eq!(text.chars().count(), MAX_TEXT);
    }

    #[test]
    fn refusals_name_parameter_attribute_and_fix() {
        for (sort_by, detail) in [
            (
                "name",
                "sortBy: name is complex; sort by one of its sub-attributes, such as \
                 name.familyName; it has familyName, givenName",
            ),
            ("password", "sortBy: password is never returned, so it cannot be sorted by"),
            (
                "emails.kind",
                "sortBy: there is no attribute \"emails.kind\": emails has value, type, primary",
            ),
        ] {
            assert_eq!(Sort::parse(sort_by, false, &USER), Err(ScimError::invalid_path(detail)));
        }
    }

    proptest! {
        #[test]
        fn numbers_keep_their_order(left in any::<f64>(), right in any::<f64>()) {
            prop_assume!(left.is_finite() && right.is_finite());
            let key = |number: f64| {
                let mut resource = babs();
                resource.insert("logins".into(), json!(number));
                SortKey::of(&resource, &sort("logins", false).attribute)
            };
            prop_assert_eq!(Some(key(left).cmp(&key(right))), left.partial_cmp(&right));
        }
    }

    #[test]
    fn minus_zero_is_zero() {
        assert_eq!(ordered_bits(-0.0), ordered_bits(0.0));
    }
}
