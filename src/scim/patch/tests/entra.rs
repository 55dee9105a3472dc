//! The PATCH requests of Entra's default job and of Okta's catalog apps.

use super::*;
use crate::Filter;

#[test]
fn active_is_switched_in_every_spelling() {
    for value in [json!(false), json!("False"), json!("FALSE"), json!("false")] {
        for op in ["Replace", "replace", "Add", "add"] {
            let user = patched(json!([{"op": op, "path": "active", "value": value}]));
            assert_eq!(user["active"], false);
        }
        let user = patched(json!([{"op": "replace", "value": {"active": value}}]));
        assert_eq!(user["active"], false);
    }
    let (kind, detail) = refused(json!([{"op": "Replace", "path": "active", "value": "maybe"}]));
    assert_eq!(kind, ScimType::InvalidValue);
    assert!(detail.starts_with("active must be true or false"), "{detail}");
}

#[test]
fn several_attributes_are_merged_and_siblings_kept() {
    let user = patched(json!([{"op": "replace", "value": {
        "name": {"givenName": "New"},
        "title": "T",
        ENTERPRISE: {"division": "V"},
    }}]));
    assert_eq!(user["name"], json!({"givenName": "New", "familyName": "F"}));
    assert_eq!(user["title"], "T");
    assert_eq!(
        user[ENTERPRISE],
        json!({
            "department": "D",
            "manager": {"value": "m1", "$ref": "../Users/m1"},
            "division": "V",
        })
    );
    let by_path =
        patched(json!([{"op": "replace", "path": "name", "value": {"givenName": "New"}}]));
    assert_eq!(by_path["name"], user["name"]);
}

#[test]
fn dotted_and_qualified_keys_and_paths_mean_the_same() {
    let core = "urn:ietf:params:scim:schemas:core:2.0:User";
    for operations in [
        json!([{"op": "replace", "value": {
            "name.givenName": "N",
            format!("{ENTERPRISE}:department"): "E",
        }}]),
        json!([
            {"op": "Replace", "path": format!("{core}:name.givenName"), "value": "N"},
            {"op": "Replace", "path": format!("{ENTERPRISE}:department"), "value": "E"},
        ]),
        json!([
            {"op": "Add", "path": "NAME.GIVENNAME", "value": "N"},
            {"op": "Add", "path": ENTERPRISE, "value": {"department": "E"}},
        ]),
    ] {
        let user = patched(operations);
        assert_eq!(user["name"], json!({"givenName": "N", "familyName": "F"}));
        assert_eq!(user[ENTERPRISE]["department"], "E");
        assert_eq!(user[ENTERPRISE]["manager"]["value"], "m1");
    }
}

#[test]
fn the_manager_is_set_in_every_form() {
    let manager = format!("{ENTERPRISE}:manager");
    let value = format!("{ENTERPRISE}:manager.value");
    for (path, given) in [
        (manager.as_str(), json!("m2")),
        (manager.as_str(), json!({"value": "m2"})),
        (manager.as_str(), json!([{"value": "m2"}])),
        ("manager", json!([{"value": "m2", "$ref": null}])),
        (value.as_str(), json!("m2")),
    ] {
        for op in ["Add", "Replace"] {
            let user = patched(json!([{"op": op, "path": path, "value": given}]));
            // The `$ref` of the former manager is gone.
            assert_eq!(user[ENTERPRISE]["manager"], json!({"value": "m2"}), "{path} {given}");
        }
    }
    assert_unchanged(json!([{"op": "Add", "path": manager, "value": "m1"}]));
}

#[test]
fn the_manager_is_removed_in_every_form() {
    let manager = format!("{ENTERPRISE}:manager");
    let value = format!("{ENTERPRISE}:manager.value");
    for operation in [
        json!({"op": "Replace", "path": manager, "value": ""}),
        json!({"op": "Replace", "path": manager, "value": null}),
        json!({"op": "Replace", "path": manager, "value": [{"value": ""}]}),
        json!({"op": "Replace", "path": manager, "value": []}),
        json!({"op": "Replace", "path": manager, "value": {}}),
        json!({"op": "Add", "path": manager, "value": ""}),
        json!({"op": "Replace", "path": value, "value": ""}),
        json!({"op": "Remove", "path": manager}),
        json!({"op": "Remove", "path": value}),
        json!({"op": "Replace", "value": {ENTERPRISE: {"manager": null}}}),
        json!({"op": "Replace", "value": {manager.as_str(): ""}}),
    ] {
        let user = patched(json!([operation]));
        assert_eq!(user[ENTERPRISE], json!({"department": "D"}), "{operation}");
    }
}

#[test]
fn a_manager_emptied_by_its_parts_stays_as_an_object_without_any() {
    for value in [json!({"value": ""}), json!({"value": null, "$ref": null})] {
        let path = format!("{ENTERPRISE}:manager");
        let user = patched(json!([{"op": "Replace", "path": path, "value": value}]));
        assert_eq!(user[ENTERPRISE], json!({"department": "D", "manager": {}}), "{value}");
        let is_there = Filter::parse("manager pr", &USER_RESOURCE).unwrap();
        assert!(!is_there.matches(user.as_object().unwrap()));
    }
}

#[test]
fn a_value_path_changes_the_value_that_is_there() {
    for op in ["Add", "Replace"] {
        let path = "emails[type eq \"work\"].value";
        let user = patched(json!([{"op": op, "path": path, "value": "new@example.com"}]));
        assert_eq!(
            user["emails"],
            json!([
                {"value": "new@example.com", "type": "work", "primary": true},
                {"value": "home@example.com", "type": "home"},
            ])
        );
    }
}

#[test]
fn a_value_path_makes_the_value_that_is_not_there() {
    for op in ["Add", "Replace"] {
        let user = patched(json!([
            {"op": op, "path": "phoneNumbers[type eq \"mobile\"].value", "value": "1"},
            {"op": op, "path": "addresses[type eq \"work\"].streetAddress", "value": "S"},
            {"op": op, "path": "addresses[type eq \"work\"].locality", "value": "L"},
            {"op": op, "path": "addresses[type eq \"work\"].country", "value": "DE"},
            {"op": op, "path": "emails[type eq \"other\"].value", "value": "o@example.com"},
        ]));
        assert_eq!(user["phoneNumbers"], json!([{"type": "mobile", "value": "1"}]));
        assert_eq!(
            user["addresses"],
            json!([{"type": "work", "streetAddress": "S", "locality": "L", "country": "DE"}])
        );
        assert_eq!(user["emails"][2], json!({"type": "other", "value": "o@example.com"}));
    }
}

#[test]
fn the_primary_role_is_one_value() {
    let user = patched(json!([
        {"op": "Add", "path": "roles[primary eq \"True\"].display", "value": "D"},
        {"op": "Add", "path": "roles[primary eq \"True\"].value", "value": "V"},
        {"op": "Add", "path": "roles[primary eq \"True\"].type", "value": "T"},
    ]));
    let expected = json!([{"primary": true, "display": "D", "value": "V", "type": "T"}]);
    assert_eq!(user["roles"], expected);
}

#[test]
fn roles_may_be_strings_that_hold_json() {
    let role = |id: &str| format!("{{\"id\":\"x\",\"value\":\"{id}\",\"displayName\":\"{id}\"}}");
    let user = patched(json!([
        {"op": "Add", "path": "roles", "value": [{"value": role("a")}]},
        {"op": "Add", "path": "roles", "value": [role("b")]},
    ]));
    assert_eq!(user["roles"], json!([{"value": role("a")}, {"value": role("b")}]));
    let user =
        patched(json!([{"op": "replace", "path": "roles", "value": [role("c"), role("d")]}]));
    assert_eq!(user["roles"].as_array().unwrap().len(), 2);
}

#[test]
fn empty_strings_and_nulls_unassign() {
    for empty in [json!(""), json!(null)] {
        let user = patched(json!([
            {"op": "Add", "path": "title", "value": "T"},
            {"op": "Replace", "path": "title", "value": empty},
            {"op": "Replace", "path": "name.givenName", "value": empty},
            {"op": "Replace", "path": "emails[type eq \"home\"].value", "value": empty},
            {"op": "Replace", "path": "phoneNumbers[type eq \"work\"].value", "value": empty},
            {"op": "Replace", "path": "addresses[type eq \"work\"].locality", "value": empty},
            {"op": "Replace", "path": format!("{ENTERPRISE}:department"), "value": empty},
        ]));
        assert_eq!(user.get("title"), None);
        assert_eq!(user["name"], json!({"familyName": "F"}));
        assert_eq!(user["emails"].as_array().unwrap().len(), 1);
        assert_eq!(user.get("phoneNumbers"), None);
        assert_eq!(user.get("addresses"), None);
        assert_eq!(user[ENTERPRISE].get("department"), None);
    }
}

#[test]
fn unassigning_a_part_keeps_the_others() {
    for key in ["givenName", "GIVENNAME"] {
        let user = patched(json!([{"op": "replace", "value": {"name": {key: null}}}]));
        assert_eq!(user["name"], json!({"familyName": "F"}), "{key}");
    }
    assert_unchanged(json!([{"op": "add", "value": {"name": {}, "emails": [], "title": null}}]));
}

#[test]
fn a_remove_with_values_removes_only_those() {
    let remove = |value: Value| json!([{"op": "Remove", "path": "emails", "value": value}]);
    for value in [
        json!([{"value": "HOME@example.com"}]),
        json!([{"value": "home@example.com", "$ref": null, "type": "other"}]),
        json!({"value": "home@example.com"}),
        json!("home@example.com"),
        json!([{"type": "home"}]),
    ] {
        let user = patched(remove(value.clone()));
        assert_eq!(user["emails"].as_array().unwrap().len(), 1, "{value}");
        assert_eq!(user["emails"][0]["type"], "work");
    }
    for value in [json!([]), json!([{}]), json!([null]), json!(""), json!([{"value": "no@one"}])] {
        assert_unchanged(remove(value));
    }
    assert_eq!(refused(remove(json!([5]))).0, ScimType::InvalidValue);
    let user = patched(json!([{"op": "Remove", "path": "emails"}]));
    assert_eq!(user.get("emails"), None);
}

#[test]
fn attributes_that_only_the_client_knows_are_changed_too() {
    let urn = "urn:ietf:params:scim:schemas:extension:Custom:2.0:User";
    let mut resource = user();
    patch(
        &mut resource,
        json!([
            {"op": "Add", "path": format!("{urn}:tag"), "value": "a"},
            {"op": "replace", "value": {urn: {"label": [1, null]}}},
            {"op": "Add", "path": format!("{urn}:list[type eq \"x\"].value"), "value": 1},
            {"op": "Add", "path": format!("{}:LABEL", urn.to_uppercase()), "value": [2]},
        ]),
    )
    .unwrap();
    assert_eq!(
        resource[urn],
        json!({"tag": "a", "label": [1, 2], "list": [{"type": "x", "value": 1}]})
    );
    patch(
        &mut resource,
        json!([
            {"op": "Remove", "path": format!("{urn}:tag")},
            {"op": "Remove", "path": format!("{urn}:label"), "value": [1]},
            {"op": "Replace", "path": format!("{urn}:list[type eq \"x\"]"), "value": ""},
        ]),
    )
    .unwrap();
    assert_eq!(resource[urn], json!({"label": [2]}));
    patch(&mut resource, json!([{"op": "remove", "path": urn}])).unwrap();
    assert_eq!(resource, user());
}
