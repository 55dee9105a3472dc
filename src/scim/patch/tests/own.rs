//! Tests of attributes that only the client knows, and of extensions as a whole.

use super::*;

const OWN: &str = "urn:acme:ext:1.0:User";

/// Returns the client's own extension after one operation on the path in it.
fn changed(before: Value, op: &str, path: &str, value: Value) -> Result<Value, ScimError> {
    let mut user = user();
    user.insert(OWN.into(), before);
    let path = format!("{OWN}:{path}");
    patch(&mut user, json!([{"op": op, "path": path, "value": value}]))?;
    Ok(user[OWN].take())
}

#[test]
fn an_object_is_added_to_part_by_part_and_replaced_as_a_whole() {
    let boss = || json!({"boss": {"name": "N", "level": 1}});
    for (op, value, expected) in [
        ("add", json!({"level": 2, "since": 3}), json!({"name": "N", "level": 2, "since": 3})),
        ("add", json!({"name": null, "since": 3}), json!({"level": 1, "since": 3})),
        ("add", json!("none"), json!("none")),
        ("replace", json!({"since": 3}), json!({"since": 3})),
    ] {
        let found = changed(boss(), op, "boss", value.clone());
        assert_eq!(found, Ok(json!({"boss": expected})), "{op} {value}");
    }
    let found = changed(json!({"boss": "N"}), "add", "boss", json!({"level": 2}));
    assert_eq!(found, Ok(json!({"boss": {"level": 2}})));
}

#[test]
fn a_value_is_added_to_a_list_once_and_duplicates_in_it_stay() {
    let tags = || json!({"tags": ["x", "y", "y"]});
    let found = changed(tags(), "add", "tags", json!(["x", "z"]));
    assert_eq!(found, Ok(json!({"tags": ["x", "y", "y", "z"]})));
}

#[test]
fn primary_values_in_the_clients_own_list_are_kept() {
    let first = || json!({"v": 1, "primary": true});
    let second = json!({"v": 2, "primary": true});
    let found = changed(json!({"list": [first()]}), "add", "list", json!([second]));
    assert_eq!(found, Ok(json!({"list": [first(), second]})));
}

#[test]
fn an_extension_has_no_values_that_a_filter_could_select() {
    let urn = "urn:acme:more:ext";
    let mut user = user();
    user.insert(urn.into(), json!({"a": 1}));
    let path = format!("{urn}[type eq \"x\"]");
    let before = user.clone();
    patch(&mut user, json!([{"op": "remove", "path": path}])).unwrap();
    assert_eq!(user, before);
    let add = json!([{"op": "add", "path": path, "value": {"a": 2}}]);
    let refused = patch(&mut user, add).unwrap_err();
    assert_eq!(refused.scim_type, Some(ScimType::NoTarget), "{refused}");
}

#[test]
fn a_read_only_attribute_in_an_extension_is_passed_over_unless_it_would_change() {
    let part = |value: Value| {
        json!([{"op": "replace", "path": ENTERPRISE, "value": {
            "manager.displayName": value, "department": "E",
        }}])
    };
    assert_eq!(patched(part(Value::Null))[ENTERPRISE]["department"], "E");
    assert_eq!(refused(part(json!("M"))).0, ScimType::Mutability);
}
