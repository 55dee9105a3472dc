//! Property tests of the reader with arbitrary bodies.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::read;
use crate::schema::{GROUP_RESOURCE, USER_RESOURCE};
use crate::test_values::{body, json_value};

/// Asserts that the value contains nothing unassigned (RFC 7643 §2.5).
fn assert_assigned(value: &Value) -> Result<(), TestCaseError> {
    match value {
        Value::Null => prop_assert!(false, "null"),
        Value::String(text) => prop_assert!(!text.is_empty()),
        Value::Array(values) => prop_assert!(!values.is_empty()),
        Value::Object(object) => {
            prop_assert!(!object.is_empty());
            object.values().try_for_each(assert_assigned)?;
        }
        _ => {}
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_json_is_survived(value in json_value()) {
        let _ = read(value.clone(), &USER_RESOURCE);
        let _ = read(value, &GROUP_RESOURCE);
    }

    #[test]
    fn what_was_read_has_no_secrets_and_nothing_unassigned(body in body()) {
        if let Ok(resource) = read(Value::Object(body), &USER_RESOURCE) {
            for name in ["password", "id", "meta", "groups", "schemas"] {
                prop_assert!(!resource.contains_key(name));
            }
            resource.values().try_for_each(assert_assigned)?;
        }
    }

    #[test]
    fn what_was_read_reads_as_itself(body in body()) {
        if let Ok(resource) = read(Value::Object(body), &USER_RESOURCE) {
            prop_assert_eq!(read(Value::Object(resource.clone()), &USER_RESOURCE), Ok(resource));
        }
    }

    #[test]
    fn letter_case_of_names_does_not_matter(mut body in body()) {
        // Letter case matters in the values of filters and in the names of unknown extensions.
        body.retain(|key, _| !key.contains('[') && !key.starts_with("urn:custom"));
        let upper: Map<String, Value> =
            body.iter().map(|(key, value)| (key.to_uppercase(), value.clone())).collect();
        // Names that differ in letter case alone would be one here and several in the original.
        prop_assume!(upper.len() == body.len());
        prop_assert_eq!(
            read(Value::Object(upper), &USER_RESOURCE),
            read(Value::Object(body), &USER_RESOURCE)
        );
    }
}
