//! The rules of RFC 7644 §3.5.2 on adding, removing, replacing and mutability.

use super::*;
use crate::schema::GROUP_RESOURCE;

#[test]
fn add_appends_and_never_twice() {
    let new = json!({"value": "new@example.com", "type": "other"});
    let operation = json!({"op": "add", "path": "emails", "value": [new]});
    let user = patched(json!([operation, operation]));
    assert_eq!(user["emails"].as_array().unwrap().len(), 3);
    assert_eq!(user["emails"][2], new);
    assert_unchanged(json!([{"op": "add", "path": "emails", "value": [
        {"type": "home", "value": "home@example.com"},
        {"type": "work", "value": "work@example.com"},
    ]}]));
}

#[test]
fn a_new_primary_value_takes_the_place_of_the_old() {
    for operation in [
        json!({"op": "add", "path": "emails", "value": {
            "value": "home@example.com", "type": "home", "primary": true,
        }}),
        json!({"op": "replace", "path": "emails[type eq \"home\"].primary", "value": "True"}),
        json!({"op": "add", "path": "emails[type eq \"home\"]", "value": {"primary": true}}),
    ] {
        let user = patched(json!([operation]));
        assert_eq!(
            user["emails"],
            json!([
                {"value": "work@example.com", "type": "work", "primary": false},
                {"value": "home@example.com", "type": "home", "primary": true},
            ]),
            "{operation}"
        );
    }
    let user = patched(json!([
        {"op": "add", "path": "emails[type eq \"other\"]", "value": {"value": "o", "primary": true}},
    ]));
    assert_eq!(user["emails"][0]["primary"], false);
    assert_eq!(user["emails"][2], json!({"type": "other", "value": "o", "primary": true}));
}

#[test]
fn replace_of_a_list_replaces_all_of_it() {
    let user = patched(json!([{"op": "replace", "path": "emails", "value": [{"value": "x"}]}]));
    assert_eq!(user["emails"], json!([{"value": "x"}]));
    for empty in [json!([]), json!(null), json!("")] {
        let user = patched(json!([{"op": "replace", "path": "emails", "value": empty}]));
        assert_eq!(user.get("emails"), None);
    }
}

#[test]
fn an_object_for_a_filter_sets_the_sub_attributes_it_gives_in_all_matches() {
    let user = patched(json!([
        {"op": "replace", "path": "emails[value ew \"example.com\"]", "value": {"display": "d"}},
        {"op": "replace", "path": "emails[type eq \"work\"]", "value": {"primary": null}},
    ]));
    assert_eq!(
        user["emails"],
        json!([
            {"value": "work@example.com", "type": "work", "display": "d"},
            {"value": "home@example.com", "type": "home", "display": "d"},
        ])
    );
}

#[test]
fn a_sub_attribute_without_filter_is_set_in_all_values_or_in_a_new_one() {
    let user = patched(json!([
        {"op": "replace", "path": "emails.display", "value": "d"},
        {"op": "add", "path": "ims.value", "value": "i"},
    ]));
    assert_eq!(user["emails"][0]["display"], "d");
    assert_eq!(user["emails"][1]["display"], "d");
    assert_eq!(user["ims"], json!([{"value": "i"}]));
    let user = patched(json!([{"op": "remove", "path": "emails.type"}]));
    assert_eq!(user["emails"][1], json!({"value": "home@example.com"}));
}

#[test]
fn a_filter_that_describes_no_value_has_no_target() {
    for path in [
        "emails[type ne \"work\" and type ne \"home\"].value",
        "emails[type eq \"other\" or type eq \"x\"].value",
        "emails[type co \"other\"]",
        "emails[not (type pr)].display",
        "emails[type eq \"a\" and type eq \"b\"].value",
        "emails[type eq \"other\" and value eq \"a\"].value",
    ] {
        for op in ["add", "replace"] {
            let value = if path.ends_with(']') { json!({"value": "v"}) } else { json!("v") };
            let (kind, detail) = refused(json!([{"op": op, "path": path, "value": value}]));
            assert_eq!(kind, ScimType::NoTarget, "{path}");
            assert!(detail.contains("emails["), "{detail}");
        }
    }
}

#[test]
fn no_value_is_made_of_what_a_filter_says_but_its_kind() {
    for (path, value) in [
        ("emails[value eq \"x@example.com\"].display", json!("X")),
        ("emails[value eq \"x@example.com\"].display", json!("")),
        ("emails[value eq \"x@example.com\"]", json!({"display": "X"})),
        ("emails[value eq \"x@example.com\"]", json!(null)),
        ("emails[type eq \"other\" and value eq \"x@example.com\"].display", json!("X")),
        ("addresses[country eq \"DE\"].locality", json!("Ulm")),
        ("roles[value eq \"r\"].display", json!("R")),
        ("roles[display eq \"r\"].value", json!("R")),
    ] {
        for op in ["add", "replace"] {
            let (kind, _) = refused(json!([{"op": op, "path": path, "value": value}]));
            assert_eq!(kind, ScimType::NoTarget, "{op} {path} {value}");
        }
    }
    let user = patched(json!([
        {"op": "replace", "path": "emails[value eq \"HOME@example.com\"].display", "value": "H"},
        {"op": "replace", "path": "roles[primary eq true].value", "value": "r"},
        {"op": "replace", "path": "ims[type eq \"xmpp\" and primary eq true].value", "value": "i"},
    ]));
    assert_eq!(user["emails"][1]["display"], "H");
    assert_eq!(user["roles"], json!([{"primary": true, "value": "r"}]));
    assert_eq!(user["ims"], json!([{"type": "xmpp", "primary": true, "value": "i"}]));
}

#[test]
fn a_remove_takes_what_matches_and_succeeds_without_a_match() {
    let user = patched(json!([{"op": "remove", "path": "emails[type eq \"home\"]"}]));
    assert_eq!(user["emails"].as_array().unwrap().len(), 1);
    let user = patched(json!([{"op": "remove", "path": "emails[type eq \"work\"].primary"}]));
    assert_eq!(user["emails"][0], json!({"value": "work@example.com", "type": "work"}));
    for path in
        ["emails[type eq \"x\"]", "title", "emails[type eq \"x\"].value", "ims", "roles.type"]
    {
        assert_unchanged(json!([{"op": "remove", "path": path}]));
    }
}

#[test]
fn emptied_values_vanish() {
    let user = patched(json!([
        {"op": "remove", "path": "name.givenName"},
        {"op": "remove", "path": "name.familyName"},
        {"op": "remove", "path": format!("{ENTERPRISE}:department")},
        {"op": "remove", "path": format!("{ENTERPRISE}:manager")},
        {"op": "remove", "path": "emails[type eq \"work\"].value"},
        {"op": "remove", "path": "emails.value"},
    ]));
    for name in ["name", ENTERPRISE, "emails"] {
        assert_eq!(user.get(name), None, "{name}");
    }
}

#[test]
fn a_complex_attribute_that_a_replace_empties_is_gone() {
    for value in [json!({"userName": null}), json!({"givenName": null, "familyName": ""})] {
        let user = patched(json!([
            {"op": "remove", "path": "name"},
            {"op": "Replace", "path": "name", "value": value},
        ]));
        assert_eq!(user.get("name"), None, "{value}");
    }
}

#[test]
fn a_whole_extension_is_removed_by_its_urn() {
    for operation in [
        json!({"op": "remove", "path": ENTERPRISE}),
        json!({"op": "remove", "path": ENTERPRISE, "value": {"department": "D"}}),
        json!({"op": "replace", "path": ENTERPRISE, "value": null}),
        json!({"op": "replace", "value": {ENTERPRISE: null}}),
    ] {
        assert_eq!(patched(json!([operation])).get(ENTERPRISE), None);
    }
    let (kind, _) = refused(json!([{"op": "replace", "path": ENTERPRISE, "value": "x"}]));
    assert_eq!(kind, ScimType::InvalidValue);
}

#[test]
fn required_attributes_stay() {
    let (kind, detail) = refused(json!([{"op": "remove", "path": "userName"}]));
    assert_eq!(kind, ScimType::Mutability);
    assert!(detail.starts_with("userName is required"), "{detail}");
    for value in [json!(""), json!(null), json!("  ")] {
        let (kind, detail) =
            refused(json!([{"op": "replace", "path": "userName", "value": value}]));
        assert_eq!(kind, ScimType::InvalidValue);
        assert!(detail.starts_with("userName is required"), "{detail}");
    }
}

#[test]
fn read_only_attributes_are_ignored_if_they_are_echoed() {
    assert_unchanged(json!([
        {"op": "replace", "value": {
            "id": "7",
            "schemas": [],
            "meta": {"version": "9"},
            "groups": [{"value": "g"}],
            "meta.location": "x",
            ENTERPRISE: {"manager": {"displayName": "M"}},
        }},
        {"op": "add", "path": "schemas", "value": [ENTERPRISE]},
    ]));
}

#[test]
fn read_only_attributes_cannot_be_changed() {
    for operation in [
        json!({"op": "replace", "path": "id", "value": "8"}),
        json!({"op": "replace", "value": {"id": "8"}}),
        json!({"op": "remove", "path": "id"}),
        // A path names the attribute explicitly, so the value does not matter.
        json!({"op": "replace", "path": "id", "value": "7"}),
        json!({"op": "replace", "path": "meta", "value": {"resourceType": "User"}}),
        json!({"op": "remove", "path": "groups"}),
        json!({"op": "remove", "path": "groups[value eq \"g\"]"}),
        json!({"op": "remove", "path": "groups.value"}),
        json!({"op": "replace", "path": "groups", "value": []}),
        json!({"op": "add", "path": "groups", "value": null}),
        json!({"op": "remove", "path": "urn:ietf:params:scim:schemas:core:2.0:User:groups"}),
        json!({"op": "replace", "path": "meta.resourceType", "value": "Group"}),
        json!({"op": "add", "path": "groups", "value": [{"value": "g"}]}),
        json!({"op": "add", "path": format!("{ENTERPRISE}:manager.displayName"), "value": "M"}),
    ] {
        let (kind, detail) = refused(json!([operation]));
        assert_eq!(kind, ScimType::Mutability, "{operation}");
        assert!(detail.contains("set by the service provider"), "{detail}");
    }
}

#[test]
fn passwords_are_checked_and_dropped() {
    assert_unchanged(json!([
        {"op": "replace", "path": "password", "value": "secret"},
        {"op": "replace", "value": {"password": "secret"}},
        {"op": "remove", "path": "password"},
    ]));
    let (kind, _) = refused(json!([{"op": "replace", "path": "password", "value": 5}]));
    assert_eq!(kind, ScimType::InvalidValue);
}

#[test]
fn groups_are_renamed_by_an_echo_of_id_and_name() {
    let mut group = read(json!({"displayName": "g"}), &GROUP_RESOURCE).unwrap();
    group.insert("id".into(), json!("1"));
    let body = json!({"schemas": [PATCH_SCHEMA], "Operations": [
        {"op": "replace", "value": {"id": "1", "displayName": "new"}},
    ]});
    for operation in PatchRequest::parse(body, &GROUP_RESOURCE).unwrap().operations {
        apply(&mut group, &operation, &GROUP_RESOURCE).unwrap();
    }
    assert_eq!(Value::Object(group), json!({"displayName": "new", "id": "1"}));
}

#[test]
fn too_many_values_are_refused() {
    let many: Vec<String> = (0..999).map(|index| index.to_string()).collect();
    let (kind, detail) = refused(json!([{"op": "add", "path": "emails", "value": many}]));
    assert_eq!(kind, ScimType::InvalidValue);
    assert!(detail.starts_with("emails may have 1000 values"), "{detail}");
}

#[test]
fn values_that_become_equal_are_merged() {
    let user = patched(json!([
        {"op": "remove", "path": "emails.type"},
        {"op": "replace", "path": "emails.value", "value": "x"},
    ]));
    assert_eq!(user["emails"], json!([{"value": "x", "primary": true}]));
}

#[test]
fn a_path_that_is_the_whole_urn_of_an_own_extension_is_that_extension() {
    const OWN: &str = "urn:acme:ext:1.0:User";
    let mut user = user();
    patch(&mut user, json!([{"op": "add", "path": OWN, "value": {"a": 9}}])).unwrap();
    assert_eq!(user[OWN], json!({"a": 9}));
    patch(&mut user, json!([{"op": "replace", "path": format!("{OWN}:a"), "value": 8}])).unwrap();
    assert_eq!(user[OWN], json!({"a": 8}));
    patch(&mut user, json!([{"op": "remove", "path": OWN}])).unwrap();
    assert!(!user.contains_key(OWN));
    for (path, value) in [
        (OWN, json!("text")),
        ("urn:ietf:params:scim:schemas:extension:enterprice:2.0:User", json!({"department": "X"})),
        ("urn:ietf:params:scim:schemas:extension:enterprise1:2.0:User", json!({"department": "X"})),
        (ENTERPRISE, json!({"active": false})),
    ] {
        let refused = patch(&mut user, json!([{"op": "add", "path": path, "value": value}]));
        assert_eq!(refused.unwrap_err().status, 400, "{path}");
    }
}

#[test]
fn schemas_are_not_changed_by_a_path() {
    for op in ["add", "replace", "remove"] {
        let operation = json!([{"op": op, "path": "schemas", "value": ["urn:acme:ext:1.0:User"]}]);
        let error = patch(&mut user(), operation).unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::Mutability), "{op}");
    }
    let beside = json!([{"op": "replace", "value": {"schemas": [ENTERPRISE], "title": "T"}}]);
    patch(&mut user(), beside).unwrap();
}

#[test]
fn a_list_may_have_exactly_the_allowed_number_of_values() {
    let many = |count: usize| -> Value {
        (0..count).map(|number| json!({"value": format!("u{number}@x.example")})).collect()
    };
    let mut user = user();
    let most = crate::reader::limits::MAX_VALUES;
    let fill = json!([{"op": "replace", "path": "emails", "value": many(most - 1)}]);
    patch(&mut user, fill).unwrap();
    let add = |name: &str| json!([{"op": "add", "path": "emails", "value": [{"value": name}]}]);
    patch(&mut user, add("last@x.example")).unwrap();
    assert_eq!(user["emails"].as_array().unwrap().len(), most);
    let refused = patch(&mut user, add("beyond@x.example")).unwrap_err();
    assert_eq!(refused.scim_type, Some(ScimType::InvalidValue), "{refused}");
}
