//! Tests of the attributes in responses.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Projection;
use crate::Resource;
use crate::schema::{
    Attribute, GROUP_RESOURCE, Kind, Mutability, ResourceType, Returned, Schema, USER_RESOURCE,
};
use crate::test_values::{body, key};

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const CUSTOM: &str = "urn:custom:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn user() -> Resource {
    let user = json!({
        "schemas": [CORE, ENTERPRISE],
        "id": "7",
        "userName": "u",
        "name": {"givenName": "g", "familyName": "f"},
        "password": "secret",
        "emails": [{"value": "a", "type": "work"}, {"type": "home"}],
        ENTERPRISE: {"department": "d", "manager": {"value": "m"}},
        CUSTOM: {"tag": {"a": 1}, "label": 2},
        "meta": {"resourceType": "User", "version": "1"},
    });
    user.as_object().unwrap().clone()
}

/// Returns the user in the response to a request with these parameters.
fn projected(attributes: &[&str], excluded: &[&str]) -> Value {
    let mut user = user();
    Projection::new(&names(attributes), &names(excluded), &USER_RESOURCE).apply(&mut user);
    Value::Object(user)
}

/// Returns the whole user except for these parts.
fn without(names: &[&str]) -> Value {
    let mut user = user();
    user.shift_remove("password");
    for name in names {
        user.shift_remove(*name);
        if let Some(schemas) = user.get_mut("schemas").and_then(Value::as_array_mut) {
            schemas.retain(|urn| urn != name);
        }
    }
    Value::Object(user)
}

#[test]
fn by_default_everything_is_returned_but_secrets() {
    assert_eq!(projected(&[], &[]), without(&[]));
    assert!(Projection::everything(&USER_RESOURCE).is_default());
    assert!(Projection::new(&[], &names(&["nonsense"]), &USER_RESOURCE).is_default());
    assert!(!Projection::new(&names(&["nonsense"]), &[], &USER_RESOURCE).is_default());
}

#[test]
fn a_name_behind_a_urn_that_is_nearly_known_is_refused() {
    for name in [
        "urn:ietf:params:scim:schemas:core:2.0:Users:active",
        "urn:ietf:params:scim:schemas:core:2.0:User:activ",
        "urn:ietf:params:scim:schemas:extension:enterprice:2.0:User",
    ] {
        for (attributes, excluded) in [(vec![name], vec![]), (vec![], vec![name])] {
            let refused =
                Projection::requested(&names(&attributes), &names(&excluded), &USER_RESOURCE);
            assert!(refused.unwrap_err().detail.contains("ttributes: "), "{name}");
        }
    }
    let fine = [CORE, ENTERPRISE, CUSTOM, "urn:custom:2.0:User:tag.a", "nonsense"];
    Projection::requested(&names(&fine), &[], &USER_RESOURCE).unwrap();
}

#[test]
fn a_client_gets_what_its_parameters_name() {
    for (attributes, excluded) in
        [(vec![], vec![]), (vec!["userName", "nonsense"], vec![]), (vec![], vec!["name", CUSTOM])]
    {
        let mut user = user();
        let read = Projection::requested(&names(&attributes), &names(&excluded), &USER_RESOURCE);
        read.unwrap().apply(&mut user);
        assert_eq!(Value::Object(user), projected(&attributes, &excluded));
    }
}

#[test]
fn requested_attributes_come_with_those_that_always_come() {
    assert_eq!(
        projected(&["USERNAME", "name.givenName"], &[]),
        json!({"schemas": [CORE], "id": "7", "userName": "u", "name": {"givenName": "g"}})
    );
    assert_eq!(projected(&["nonsense", "password"], &[]), json!({"schemas": [CORE], "id": "7"}));
}

#[test]
fn sub_attributes_of_lists_are_chosen_in_every_value() {
    let requested = projected(&["emails.value"], &[]);
    assert_eq!(requested["emails"], json!([{"value": "a"}]));
    let excluded = projected(&[], &["emails.type"]);
    assert_eq!(excluded["emails"], json!([{"value": "a"}]));
    assert_eq!(projected(&["emails.display"], &[]).get("emails"), None);
    let both = projected(&["emails.value", "emails"], &[]);
    assert_eq!(both["emails"], user()["emails"]);
}

#[test]
fn excluded_attributes_are_left_out_unless_they_always_come() {
    let excluded = projected(&[], &["id", "schemas", "meta", "name", "nonsense"]);
    assert_eq!(excluded, without(&["meta", "name"]));
    let excluded = projected(&["name", "userName"], &["name.familyName", "userName"]);
    assert_eq!(excluded, json!({"schemas": [CORE], "id": "7", "name": {"givenName": "g"}}));
}

#[test]
fn extensions_are_chosen_whole_or_by_attribute() {
    let always = json!({"schemas": [CORE], "id": "7"});
    let with = |urn: &str, value: Value| {
        let mut expected = always.clone();
        if urn == ENTERPRISE {
            expected["schemas"] = json!([CORE, urn]);
        }
        expected[urn] = value;
        expected
    };
    let whole = user()[ENTERPRISE].clone();
    assert_eq!(projected(&[ENTERPRISE], &[]), with(ENTERPRISE, whole.clone()));
    let department = format!("{}:department", ENTERPRISE.to_uppercase());
    assert_eq!(projected(&[&department], &[]), with(ENTERPRISE, json!({"department": "d"})));
    assert_eq!(projected(&["manager"], &[]), with(ENTERPRISE, json!({"manager": {"value": "m"}})));
    assert_eq!(projected(&[], &[ENTERPRISE]), without(&[ENTERPRISE]));
    let custom = "urn:custom:2.0:User";
    assert_eq!(projected(&[custom], &[]), with(custom, user()[custom].clone()));
    assert_eq!(
        projected(&["urn:custom:2.0:user:TAG.a"], &[]),
        with(custom, json!({"tag": {"a": 1}}))
    );
    assert_eq!(projected(&[], &[custom]), without(&[custom]));
}

#[test]
fn an_empty_list_that_is_there_is_returned_where_the_attribute_is() {
    let group = |attributes: &[&str], excluded: &[&str]| {
        let mut group = json!({"id": "7", "members": []}).as_object().unwrap().clone();
        Projection::new(&names(attributes), &names(excluded), &GROUP_RESOURCE).apply(&mut group);
        group.contains_key("members")
    };
    assert!(group(&[], &[]) && group(&["members.value"], &[]) && group(&[], &["members.display"]));
    assert!(!group(&[], &["members"]) && !group(&["displayName"], &[]));
}

#[test]
fn the_core_urn_means_all_core_attributes() {
    let core = projected(&["urn:ietf:params:scim:schemas:core:2.0:User"], &[]);
    assert_eq!(core, without(&[ENTERPRISE, "urn:custom:2.0:User"]));
}

#[test]
fn loaders_are_told_what_they_can_leave_out() {
    let group = |attributes: &[&str], excluded: &[&str]| {
        Projection::new(&names(attributes), &names(excluded), &GROUP_RESOURCE)
    };
    assert!(group(&[], &[]).includes(None, "members"));
    assert!(!group(&[], &["Members"]).includes(None, "members"));
    assert!(group(&[], &["members.display"]).includes(None, "members"));
    assert!(!group(&["displayName"], &[]).includes(None, "members"));
    assert!(group(&["members.value"], &[]).includes(None, "MEMBERS"));
    assert!(group(&["displayName"], &["id"]).includes(None, "id"));
    let parts = |group: Projection| {
        let members = ["value", "$ref", "type", "display"];
        members.into_iter().filter(|part| group.includes_part(None, "members", part)).count()
    };
    assert_eq!(parts(group(&[], &[])), 4);
    assert_eq!(parts(group(&[], &["members.display"])), 3);
    assert_eq!(parts(group(&["members.value", "members.$ref"], &["members.$ref"])), 1);
    assert_eq!(parts(group(&["displayName"], &[])), 0);
    assert_eq!(parts(group(&[], &["members"])), 0);
    let user = Projection::new(&names(&["manager"]), &[], &USER_RESOURCE);
    assert!(user.includes(Some(ENTERPRISE), "manager"));
    assert!(!user.includes(Some(ENTERPRISE), "department"));
    assert!(!Projection::everything(&USER_RESOURCE).includes(None, "password"));
}

static SPECIAL: ResourceType = ResourceType {
    name: "Special",
    endpoint: "/Specials",
    description: "",
    schema: &Schema {
        id: "urn:special",
        name: "Special",
        description: "",
        attributes: &[
            Attribute::string("heavy", "").returned(Returned::Request),
            Attribute::string("secret", "")
                .mutability(Mutability::WriteOnly)
                .returned(Returned::Never),
            Attribute::complex(
                "parts",
                "",
                &[
                    Attribute::new("key", Kind::String, "").returned(Returned::Always),
                    Attribute::new("heavy", Kind::String, "").returned(Returned::Request),
                    Attribute::new("secret", Kind::String, "").returned(Returned::Never),
                    Attribute::new("plain", Kind::String, ""),
                ],
            )
            .multi_valued(),
            Attribute::complex(
                "hidden",
                "",
                &[Attribute::string("secret", "").returned(Returned::Never)],
            ),
        ],
    },
    extensions: &[],
};

#[test]
fn every_kind_of_returned_is_obeyed() {
    let special = |attributes: &[&str], excluded: &[&str]| {
        let part = json!({"key": "k", "heavy": "h", "secret": "s", "plain": "p"});
        let hidden = json!({"secret": "s"});
        let value = json!({"heavy": "h", "secret": "s", "parts": [part], "hidden": hidden});
        let mut resource = value.as_object().unwrap().clone();
        Projection::new(&names(attributes), &names(excluded), &SPECIAL).apply(&mut resource);
        Value::Object(resource)
    };
    assert_eq!(special(&[], &[]), json!({"parts": [{"key": "k", "plain": "p"}]}));
    assert_eq!(special(&["heavy", "secret"], &[]), json!({"heavy": "h"}));
    assert_eq!(
        special(&["urn:special"], &[]),
        json!({"heavy": "h", "parts": [{"key": "k", "plain": "p"}]})
    );
    assert_eq!(special(&["parts.heavy"], &[]), json!({"parts": [{"key": "k", "heavy": "h"}]}));
    assert_eq!(special(&["parts.secret"], &[]), json!({"parts": [{"key": "k"}]}));
    assert_eq!(special(&[], &["parts.key", "parts.plain"]), json!({"parts": [{"key": "k"}]}));
}

proptest! {
    #[test]
    fn secrets_are_never_returned_and_ids_always(
        body in body(),
        attributes in prop::collection::vec(key(), 0..4),
        excluded in prop::collection::vec(key(), 0..4),
    ) {
        let mut resource = body;
        resource.insert("id".into(), "7".into());
        resource.insert("password".into(), "secret".into());
        let projection = Projection::new(&attributes, &excluded, &USER_RESOURCE);
        let before = resource.clone();
        projection.apply(&mut resource);
        prop_assert!(!resource.contains_key("password"));
        prop_assert!(resource.contains_key("id"));
        for name in before.keys().filter(|name| !name.contains(':')) {
            prop_assert!(projection.includes(None, name) || !resource.contains_key(name));
        }
    }
}
