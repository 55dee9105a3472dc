use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn masked_json(value: Value) -> Value {
    serde_json::from_str(&body(value.to_string().as_bytes())).unwrap()
}

#[test]
fn what_is_personal_is_masked_and_what_is_not_stays() {
    let masked = masked_json(json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "0b52f6b0-6f1c-4b4a-9a51-0d0f9a4ad0c1",
        "userName": "jane@kongair.example",
        "externalId": "00u1",
        "active": true,
        "name": {"givenName": "Jane", "familyName": "Doe"},
        "emails": [{"value": "jane@kongair.example", "type": "work", "primary": true}],
        "phoneNumbers": [{"value": "+44 20", "type": "mobile"}],
        "password": "hunter2hunter2",
        "members": [{"value": "0b52f6b0-6f1c-4b4a-9a51-0d0f9a4ad0c1", "display": "Jane"}],
    }));
    let expected = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "0b52f6b0-6f1c-4b4a-9a51-0d0f9a4ad0c1",
        "userName": "***(20)",
        "externalId": "***(4)",
        "active": true,
        "name": {"givenName": "***(4)", "familyName": "***(3)"},
        "emails": [{"value": "***(20)", "type": "work", "primary": true}],
        "phoneNumbers": [{"value": "***(6)", "type": "mobile"}],
        "password": "***(14)",
        "members": [{"value": "0b52f6b0-6f1c-4b4a-9a51-0d0f9a4ad0c1", "display": "***(4)"}],
    });
    assert_eq!(masked, expected);
}

#[test]
fn filters_and_paths_keep_their_form() {
    let masked = filter("userName eq \"jane \\\" doe@x\" and active eq true");
    assert_eq!(masked, "userName eq \"***(13)\" and active eq true");
    assert_eq!(filter("emails[type eq \"work\"].value"), "emails[type eq \"work\"].value");
    let pairs = [
        ("filter".to_owned(), "userName eq \"jane@x.example\"".to_owned()),
        ("startIndex".to_owned(), "1".to_owned()),
        ("who".to_owned(), "jane".to_owned()),
    ];
    assert_eq!(query(&pairs), "filter=userName eq \"***(14)\"&startIndex=1&***(3)=***(4)");
    assert_eq!(filter_or_nothing("userName eq jane@x.example"), "***(26)");
    assert_eq!(filter_or_nothing("userName eq jane"), "***(16)");
    let nested = "(emails[type eq \"work\" and value co \"jane\"]) or not (active eq true)";
    assert_eq!(filter_or_nothing(nested), nested.replace("jane", "***(4)"));
    assert_eq!(name_of("emails[value eq \"jane@x\"].type"), "emails[value eq \"***(6)\"].type");
    assert_eq!(
        name_of("urn:ietf:params:scim:schemas:core:2.0:User"),
        "urn:ietf:params:scim:schemas:core:2.0:User"
    );
    assert_eq!(name_of("jane doe"), "***(8)");
    assert_eq!(name_of(&"x".repeat(200)), "x".repeat(200));
    assert_eq!(name_of(&"x".repeat(201)), "***(201)");
    assert_eq!(path("/Users/jane@x.example"), "/Users/***(14)");
    let id = "/Users/0b52f6b0-6f1c-4b4a-9a51-0d0f9a4ad0c1";
    assert_eq!(path(id), id);
}

#[test]
fn only_the_whole_form_of_an_id_is_one_of_ours() {
    let uuid = "0b52f6b0-6f1c-4b4a-9a51-0d0f9a4ad0c1";
    for id in [uuid, "team_0123456789abcdef0123456789abcdef"] {
        assert!(is_our_id(id), "{id}");
        assert!(!is_our_id(&id[..id.len() - 1]) && !is_our_id(&format!("{id}0")), "{id}");
    }
    for other in ["team_abc", "dead", "", &"x".repeat(36), &uuid.replace('-', "0")] {
        assert!(!is_our_id(other), "{other}");
    }
}

#[test]
fn words_that_nobody_knows_are_masked() {
    let pairs = |query: &[(&str, &str)]| {
        let pairs = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        super::query(&pairs.collect::<Vec<_>>())
    };
    assert_eq!(
        pairs(&[
            ("sortBy", "jane.doe"),
            ("attributes", "userName,jane,urn:ietf:params:scim:schemas:core:2.0:User.title"),
            ("sortOrder", "jane"),
            ("count", "4915112345678"),
            ("jane", "1"),
            ("cursor", "abc"),
        ]),
        "sortBy=***(8)&attributes=userName,***(4),\
         urn:ietf:params:scim:schemas:core:2.0:User.title&sortOrder=***(4)&count=***(13)\
         &***(4)=***(1)&cursor=***(3)"
    );
    assert_eq!(filter_or_nothing("jane pr"), "***(7)");
    assert_eq!(filter_or_nothing("userName pr and jane.doe eq \"x\""), "***(31)");
    assert_eq!(path("/Schemas/urn:ietf:params:scim:jane"), "/Schemas/***(25)");
    assert_eq!((method("PATCH"), method("JANE")), ("PATCH".to_owned(), "***(4)".to_owned()));
    let masked = masked_json(json!({
        "id": "jane.doe",
        "type": "jane",
        "members": [{"value": "jane.doe", "type": "User"}, "jane", {"value": {"value": "jane"}}],
        "groups": [{"value": "team_0123456789abcdef0123456789abcdef", "display": "Crew"}],
        "bulkId": "jane",
        "meta": {"version": "W/\"3\"", "location": "https://x/Users/jane",
                 "created": "2026-01-01T00:00:00Z"},
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "jane"],
        "op": "Replace",
        "sortBy": "userName",
    }));
    let expected = json!({
        "id": "***(8)",
        "type": "***(4)",
        "members": [{"value": "***(8)", "type": "User"}, "***(4)", {"value": {"value": "***(4)"}}],
        "groups": [{"value": "team_0123456789abcdef0123456789abcdef", "display": "***(4)"}],
        "bulkId": "***(4)",
        "meta": {"version": "W/\"3\"", "location": "***(20)",
                 "created": "2026-01-01T00:00:00Z"},
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "***(4)"],
        "op": "Replace",
        "sortBy": "userName",
    });
    assert_eq!(masked, expected);
}

#[test]
fn a_name_with_quotes_in_an_error_is_masked_to_its_end() {
    for (text, expected) in [
        ("the name \"Crew\" is taken.", "the name \"***(4)\" is taken."),
        ("two: \"a\", \"b\" (\"c\")", "two: \"***(1)\", \"***(1)\" (\"***(1)\")"),
        ("the name \"a\"jane@x\"b\" is taken", "the name \"***(10)\" is taken"),
        ("emails[value eq \"eve@x\"].display", "emails[value eq \"***(5)\"].display"),
        ("there is \"jane", "there is \"***(4)"),
        ("nothing is quoted", "nothing is quoted"),
    ] {
        assert_eq!(detail(text), expected, "{text}");
    }
}

#[test]
fn an_error_that_we_answered_stays_readable() {
    let error = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": "409", "scimType": "uniqueness", "detail": "userName \"jane\" is taken.",
    });
    let answered: Value = serde_json::from_str(&answer(error.to_string().as_bytes())).unwrap();
    assert_eq!(answered["detail"], "userName \"***(4)\" is taken.");
    // A body from a client is not our error, even if it uses the error schema.
    assert_eq!(masked_json(error)["detail"], "***(25)");
}

#[test]
fn what_is_no_json_is_left_out() {
    assert_eq!(body(b"jane@x.example"), "(14 bytes that are not JSON, or nested too deep)");
    let deep = format!("{{\"jane\":{}{}}}", "[".repeat(200), "]".repeat(200));
    assert_eq!(body(deep.as_bytes()), "(409 bytes that are not JSON, or nested too deep)");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        "[a-zA-Z@. ]{4,20}".prop_map(|text| Value::from(format!("~{text}"))),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(
                (
                    prop_oneof![
                        "[a-z]{1,8}",
                        Just("displayName".to_owned()),
                        Just("id".to_owned()),
                        Just("type".to_owned()),
                        Just("detail".to_owned()),
                    ],
                    inner
                ),
                0..5
            )
            .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(object) => object.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

proptest! {
    /// No text longer than three characters survives unless it is a word of the protocol.
    #[test]
    fn no_text_survives(value in any_json()) {
        let mut before = Vec::new();
        texts(&value, &mut before);
        let after = body(value.to_string().as_bytes());
        for text in before {
            prop_assert!(!after.contains(&text), "{} in {}", text, after);
        }
    }

    #[test]
    fn masking_any_bytes_does_not_fail(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        body(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        filter(&text);
        path(&text);
        detail(&text);
        query(&[("filter".to_owned(), text.into_owned())]);
    }
}
