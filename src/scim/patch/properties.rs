//! Property tests of PATCH with arbitrary operations.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{PATCH_SCHEMA, PatchRequest, apply};
use crate::reader::read;
use crate::schema::{GROUP_RESOURCE, ResourceType, USER_RESOURCE};
use crate::test_values::{body, element, json_value, key, operand};
use crate::{Resource, ScimError};

fn message(operations: Value) -> Value {
    json!({"schemas": [PATCH_SCHEMA], "Operations": operations})
}

/// Returns the resource after the operations, or the first error.
fn patched(
    resource: &Resource,
    operations: Value,
    resource_type: &ResourceType,
) -> Result<Resource, ScimError> {
    let request = PatchRequest::parse(message(operations), resource_type)?;
    let mut patched = resource.clone();
    for operation in &request.operations {
        apply(&mut patched, operation, resource_type)?;
    }
    Ok(patched)
}

fn op() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["add", "Replace", "remove"][..])
}

fn operation() -> impl Strategy<Value = Value> {
    (op(), prop::option::of(key()), operand()).prop_map(|(op, path, value)| {
        let mut operation = json!({"op": op, "value": value});
        if let Some(path) = path {
            operation["path"] = path.into();
        }
        operation
    })
}

/// Removes an empty manager. A replace may leave one as an empty object for Microsoft's validator;
/// the reader treats it as unassigned.
fn without_empty_manager(mut resource: Resource) -> Resource {
    let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    if let Some(Value::Object(extension)) = resource.get_mut(urn) {
        extension.retain(|name, value| name != "manager" || *value != json!({}));
        if extension.is_empty() {
            resource.shift_remove(urn);
        }
    }
    resource
}

fn primaries(resource: &Resource) -> usize {
    let emails = resource.get("emails").and_then(Value::as_array);
    emails.into_iter().flatten().filter(|value| value.get("primary") == Some(&true.into())).count()
}

proptest! {
    #[test]
    fn any_json_is_survived(value in json_value()) {
        let _ = PatchRequest::parse(value.clone(), &USER_RESOURCE);
        let _ = PatchRequest::parse(message(value), &USER_RESOURCE);
    }

    #[test]
    fn any_operations_leave_a_resource_that_reads_as_itself(
        body in body(),
        operations in prop::collection::vec(operation(), 1..6),
    ) {
        let Ok(resource) = read(Value::Object(body), &USER_RESOURCE) else { return Ok(()) };
        if let Ok(patched) = super::properties::patched(&resource, json!(operations), &USER_RESOURCE) {
            prop_assert!(primaries(&patched) <= 1);
            prop_assert!(!patched.contains_key("password"));
            let patched = without_empty_manager(patched);
            prop_assert_eq!(read(Value::Object(patched.clone()), &USER_RESOURCE), Ok(patched));
        }
        let _ = patched(&resource, json!(operations), &GROUP_RESOURCE);
    }

    #[test]
    fn the_same_replace_again_changes_nothing(body in body(), path in key(), value in operand()) {
        let Ok(resource) = read(Value::Object(body), &USER_RESOURCE) else { return Ok(()) };
        let operations = json!([{"op": "replace", "path": path, "value": value}]);
        if let Ok(once) = patched(&resource, operations.clone(), &USER_RESOURCE) {
            match patched(&once, operations, &USER_RESOURCE) {
                Ok(twice) => prop_assert_eq!(twice, once),
                // The replace itself can make its filter match nothing.
                Err(error) => {
                    prop_assert_eq!(error.scim_type, Some(crate::ScimType::NoTarget));
                }
            }
        }
    }

    #[test]
    fn the_same_add_again_changes_nothing(body in body(), path in key(), value in operand()) {
        let Ok(resource) = read(Value::Object(body), &USER_RESOURCE) else { return Ok(()) };
        let operations = json!([{"op": "add", "path": path, "value": value}]);
        if let Ok(once) = patched(&resource, operations.clone(), &USER_RESOURCE)
            && let Ok(twice) = patched(&once, operations, &USER_RESOURCE)
        {
            prop_assert_eq!(twice, once);
        }
    }

    #[test]
    fn remove_after_add_restores(body in body(), mut new in element()) {
        let Ok(resource) = read(Value::Object(body), &USER_RESOURCE) else { return Ok(()) };
        // A new primary value would permanently demote the previous one.
        new["primary"] = false.into();
        new["value"] = "new".into();
        let add = json!({"op": "add", "path": "emails", "value": [new]});
        for remove in [
            json!({"op": "remove", "path": "emails[value eq \"new\"]"}),
            json!({"op": "remove", "path": "emails", "value": [{"value": "new"}]}),
        ] {
            let added = patched(&resource, json!([add]), &USER_RESOURCE).unwrap();
            prop_assert_ne!(&added, &resource);
            let removed = patched(&added, json!([remove]), &USER_RESOURCE).unwrap();
            prop_assert_eq!(&removed, &resource);
        }
    }

    #[test]
    fn removing_a_simple_attribute_after_adding_it_restores(body in body(), title in "[a-z]{1,8}") {
        let Ok(mut resource) = read(Value::Object(body), &USER_RESOURCE) else { return Ok(()) };
        resource.shift_remove("title");
        let operations = json!([
            {"op": "add", "path": "title", "value": title},
            {"op": "remove", "path": "title"},
        ]);
        prop_assert_eq!(patched(&resource, operations, &USER_RESOURCE).unwrap(), resource);
    }
}
