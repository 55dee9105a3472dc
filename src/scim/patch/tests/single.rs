//! Tests of single values: set once, or selected by a filter.

use super::*;
use crate::schema::{Attribute, Mutability, ResourceType, Schema};

#[test]
fn an_attribute_that_is_set_once_is_neither_changed_nor_removed() {
    static DEVICE: ResourceType = ResourceType {
        name: "Device",
        endpoint: "/Devices",
        description: "",
        schema: &Schema {
            id: "urn:example:core:1.0:Device",
            name: "Device",
            description: "",
            attributes: &[Attribute::string("serial", "").mutability(Mutability::Immutable)],
        },
        extensions: &[],
    };
    let patch = |device: &mut Resource, operation: Value| {
        let body = json!({"schemas": [PATCH_SCHEMA], "Operations": [operation]});
        let request = PatchRequest::parse(body, &DEVICE)?;
        request.operations.iter().try_for_each(|operation| apply(device, operation, &DEVICE))
    };
    let mut device = Resource::new();
    for value in ["1", "1"] {
        patch(&mut device, json!({"op": "add", "path": "serial", "value": value})).unwrap();
    }
    for operation in [
        json!({"op": "replace", "path": "serial", "value": "2"}),
        json!({"op": "remove", "path": "serial"}),
        json!({"op": "remove", "path": "serial", "value": "1"}),
    ] {
        let refused = patch(&mut device.clone(), operation.clone()).unwrap_err();
        assert_eq!(refused.scim_type, Some(ScimType::Mutability), "{operation}");
        assert!(refused.detail.contains("is set only once"), "{refused}");
    }
}

#[test]
fn a_filter_decides_whether_a_single_value_is_changed() {
    let path = |family: &str| format!("name[familyName eq \"{family}\"]");
    for op in ["add", "replace"] {
        let operation = json!({"op": op, "path": path("F") + ".givenName", "value": "N"});
        let user = patched(json!([operation]));
        assert_eq!(user["name"], json!({"givenName": "N", "familyName": "F"}), "{op}");
        let operation = json!({"op": op, "path": path("X") + ".givenName", "value": "N"});
        assert_eq!(refused(json!([operation])).0, ScimType::NoTarget, "{op}");
    }
    let user = patched(json!([{"op": "remove", "path": path("F")}]));
    assert_eq!(user.get("name"), None);
    assert_unchanged(json!([{"op": "remove", "path": path("X")}]));
}
