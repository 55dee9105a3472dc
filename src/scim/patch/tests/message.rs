//! Tests of parsing: what is a PATCH message, and how operations without path are expanded.

use super::*;
use crate::patch::{MAX_OPERATIONS, OperationKind, ids_in_filter, multi_value};
use crate::path::Path;
use crate::reader::limits::MAX_REFERENCES;
use crate::schema::{GROUP_RESOURCE, ResourceType};

fn refuse(body: Value) -> ScimError {
    PatchRequest::parse(body, &USER_RESOURCE).unwrap_err()
}

fn paths(operations: &[Operation]) -> Vec<String> {
    operations.iter().map(|operation| operation.path.to_string()).collect()
}

#[test]
fn operations_and_their_parts_are_read_in_any_letter_case() {
    let body = json!({
        "SCHEMAS": [PATCH_SCHEMA.to_uppercase()],
        "operations": [{"OP": "REPLACE", "Path": "TITLE", "Value": "t"}],
    });
    let request = PatchRequest::parse(body, &USER_RESOURCE).unwrap();
    assert_eq!(request.operations[0].kind, OperationKind::Replace);
    assert_eq!(paths(&request.operations), ["title"]);
    assert!(request.operations[0].targets("Title"));
    assert!(!request.operations[0].targets("name"));
}

#[test]
fn what_is_no_patch_is_refused() {
    let operation = json!({"op": "remove", "path": "title"});
    let error = refuse(json!({"schemas": ["urn:x"], "Operations": [operation]}));
    assert_eq!(error.scim_type, Some(ScimType::InvalidSyntax));
    assert!(error.detail.contains(PATCH_SCHEMA), "{error}");
    for operations in [json!([]), json!({}), json!(null), json!([7])] {
        let error = refuse(json!({"schemas": [PATCH_SCHEMA], "Operations": operations}));
        assert_eq!(error.scim_type, Some(ScimType::InvalidSyntax));
        assert!(error.detail.contains("Operations"), "{error}");
    }
    assert_eq!(refuse(json!([])).scim_type, Some(ScimType::InvalidSyntax));
}

#[test]
fn schemas_may_be_missing_as_in_other_bodies() {
    for schemas in [None, Some(json!(null)), Some(json!([]))] {
        let mut body = json!({"Operations": [{"op": "remove", "path": "title"}]});
        if let Some(schemas) = schemas {
            body["schemas"] = schemas;
        }
        let request = PatchRequest::parse(body, &USER_RESOURCE).unwrap();
        assert_eq!(paths(&request.operations), ["title"]);
    }
}

#[test]
fn the_core_urn_alone_is_no_path_and_an_object_under_it_is_one_of_core_attributes() {
    let core = "urn:ietf:params:scim:schemas:core:2.0:User";
    for operation in [
        json!({"op": "replace", "path": core, "value": {"active": false}}),
        json!({"op": "replace", "value": {core: {"active": false}}}),
        json!({"op": "replace", "value": {format!("{core}.active"): false}}),
    ] {
        assert_eq!(paths(&parse(json!([operation])).unwrap()), ["active"]);
    }
    let error = parse(json!([{"op": "remove", "path": core}])).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::NoTarget));
}

#[test]
fn what_is_nearly_known_is_refused_in_an_extension_by_its_path_too() {
    let key = "urn:ietf:params:scim:schemas:core:2.0:Group:displayName";
    let (kind, detail) =
        refused(json!([{"op": "replace", "path": ENTERPRISE, "value": {key: "x"}}]));
    assert_eq!(kind, ScimType::InvalidValue);
    assert!(detail.contains("not a known schema"), "{detail}");
}

#[test]
fn unknown_operations_are_refused_with_the_known_ones() {
    for op in [json!("move"), json!(null), json!(7), json!("")] {
        let error = parse(json!([{"op": op, "path": "title", "value": "t"}])).unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::InvalidSyntax));
        assert!(error.detail.contains("add, remove or replace"), "{error}");
    }
}

#[test]
fn too_many_operations_are_413() {
    let operation = json!({"op": "remove", "path": "title"});
    let error = parse(vec![operation; MAX_OPERATIONS + 1].into()).unwrap_err();
    assert_eq!(error.status, 413);
    assert!(error.detail.contains("1000"), "{error}");
}

#[test]
fn paths_and_values_must_fit_the_operation() {
    for (operation, expected) in [
        (json!({"op": "remove"}), ScimType::NoTarget),
        (json!({"op": "remove", "value": {"title": "t"}}), ScimType::NoTarget),
        (json!({"op": "remove", "path": "nonsense"}), ScimType::InvalidPath),
        (json!({"op": "add", "path": 5, "value": "t"}), ScimType::InvalidPath),
        (json!({"op": "add", "path": "title"}), ScimType::InvalidValue),
        (json!({"op": "replace", "value": "t"}), ScimType::InvalidValue),
        (json!({"op": "replace"}), ScimType::InvalidValue),
        (json!({"op": "add", "path": "emails[type", "value": "t"}), ScimType::InvalidFilter),
    ] {
        let error = parse(json!([operation])).unwrap_err();
        assert_eq!(error.scim_type, Some(expected), "{operation} {error}");
    }
}

#[test]
fn an_operation_without_path_becomes_one_for_each_attribute() {
    let operations = parse(json!([{"op": "replace", "value": {
        "ACTIVE": false,
        "name.givenName": "g",
        "nonsense": 1,
        "urn:ietf:params:scim:schemas:core:2.0:User:title": "t",
        "emails[type eq \"work\"].value": "w",
        ENTERPRISE: {"department": "d", "Manager": "m", "nonsense": 1},
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division": "v",
        "urn:custom:2.0:User": {"tag": 1},
        "urn:custom:2.0:User:label": 2,
    }}]))
    .unwrap();
    assert_eq!(
        paths(&operations),
        [
            "active",
            "name.givenName",
            "title",
            "emails[type eq \"work\"].value",
            &format!("{ENTERPRISE}:department"),
            &format!("{ENTERPRISE}:manager"),
            &format!("{ENTERPRISE}:division"),
            "urn:custom:2.0:User:tag",
            "urn:custom:2.0:User:label",
        ]
    );
    assert!(operations.iter().all(|operation| operation.pathless && operation.value.is_some()));
}

#[test]
fn an_empty_object_under_the_core_urn_is_no_operation() {
    let core = "urn:ietf:params:scim:schemas:core:2.0:User";
    for nothing in [json!(null), json!({})] {
        let operations = parse(json!([{"op": "replace", "value": {core: nothing}}])).unwrap();
        assert_eq!(operations, []);
    }
}

#[test]
fn an_empty_path_is_no_path() {
    let operations = parse(json!([{"op": "add", "path": "", "value": {"title": "t"}}])).unwrap();
    assert_eq!(paths(&operations), ["title"]);
}

fn members(operation: Value) -> Operation {
    let body = json!({"schemas": [PATCH_SCHEMA], "Operations": [operation]});
    let resource_type: &ResourceType = &GROUP_RESOURCE;
    PatchRequest::parse(body, resource_type).unwrap().operations.remove(0)
}

#[test]
fn members_are_read_from_every_form() {
    let attribute = GROUP_RESOURCE.schema.attribute("members").unwrap();
    let read = |operation: &Operation| -> Result<Vec<Value>, ScimError> {
        multi_value(operation, attribute)?.collect()
    };
    let one = || json!({"value": "1"});
    for (value, expected) in [
        (json!([{"value": "1", "$ref": null}]), vec![one()]),
        (json!([{"value": "1", "displayName": ""}]), vec![one()]),
        (json!({"value": "1"}), vec![one()]),
        (json!("1"), vec![one()]),
        (json!(["1", null, "1"]), vec![one(), one()]),
    ] {
        let operation = members(json!({"op": "Add", "path": "members", "value": value}));
        assert!(operation.targets("members"));
        assert_eq!(read(&operation), Ok(expected));
    }
    for value in [json!([]), json!([{}]), json!([null]), json!("")] {
        let operation = members(json!({"op": "Remove", "path": "members", "value": value}));
        assert!(operation.value.is_some());
        assert_eq!(read(&operation), Ok(vec![]));
    }
    let operation = members(json!({"op": "Remove", "path": "members", "value": null}));
    assert_eq!(operation.value, None);
    let operation = members(json!({"op": "Remove", "path": "members", "value": [{"x": "1"}, 5]}));
    let error = read(&operation).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
    let too_many = json!(vec!["1"; MAX_REFERENCES + 1]);
    let operation = members(json!({"op": "Add", "path": "members", "value": too_many}));
    let error = read(&operation).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
}

#[test]
fn ids_are_read_from_filters_that_name_them() {
    let ids = |path: &str| match members(json!({"op": "remove", "path": path})).path {
        Path::Attribute { filter: Some(filter), .. } => ids_in_filter(&filter),
        _ => None,
    };
    let some = |names: &[&str]| Some(names.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(ids("members[value eq \"a\"]"), some(&["a"]));
    assert_eq!(ids("members[value eq \"a\" or value eq \"b\"]"), some(&["a", "b"]));
    assert_eq!(ids("members[value sw \"a\"]"), None);
    assert_eq!(ids("members[display eq \"a\"]"), None);
    assert_eq!(ids("members[value eq \"a\" and display eq \"b\"]"), None);
}
