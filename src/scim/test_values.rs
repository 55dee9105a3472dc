//! Generators of JSON for property tests: arbitrary values, and bodies that resemble users.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Keys of attributes, and some unknown ones.
const KEYS: &[&str] = &[
    "userName",
    "displayName",
    "name",
    "name.givenName",
    "emails",
    "emails.value",
    "emails[type eq \"work\"].value",
    "emails[primary eq true]",
    "emails[type eq \"work\"].type",
    "roles",
    "roles[primary eq \"True\"].display",
    "addresses",
    "addresses[type eq \"work\" and primary eq true].locality",
    "phoneNumbers[type ne \"home\"].value",
    "x509Certificates",
    "photos.primary",
    "active",
    "title",
    "password",
    "id",
    "meta",
    "schemas",
    "groups",
    "externalId",
    "manager",
    "manager.value",
    "members",
    "nonsense",
    "value",
    "type",
    "primary",
    "display",
    "givenName",
    "locality",
    "department",
    ENTERPRISE,
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
    "urn:custom:2.0:User",
    "urn:custom:2.0:User:tag",
    "urn:custom:2.0:User:tags[value eq \"a\"].label",
];

/// Generates a key of a body, or a path.
pub(super) fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => prop::sample::select(KEYS).prop_map(str::to_owned),
        1 => "[a-z.:\\[\\]\" ]{0,12}",
    ]
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        prop::sample::select(&["", "a", "b", "work", "True", "false", " "][..])
            .prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
    ]
}

/// Generates any JSON value, with keys of attributes in many places.
pub(super) fn json_value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            object(inner),
        ]
    })
}

fn object(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop::collection::vec((key(), value), 0..6)
        .prop_map(|entries| Value::Object(entries.into_iter().collect()))
}

/// Generates a value of a multi-valued attribute, usually of the right type.
pub(super) fn element() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(&["a", "b", "c", "d"][..]);
    let kind = prop::sample::select(&["work", "home"][..]);
    (word, prop::option::of(kind), prop::option::of(any::<bool>())).prop_map(
        |(value, kind, primary)| {
            let mut element = json!({"value": value});
            if let Some(kind) = kind {
                element["type"] = kind.into();
            }
            if let Some(primary) = primary {
                element["primary"] = primary.into();
            }
            element
        },
    )
}

/// Generates a value for a key, usually of a type that some attribute accepts.
pub(super) fn operand() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => leaf(),
        3 => element(),
        3 => prop::collection::vec(element(), 0..4).prop_map(Value::Array),
        1 => json_value(),
    ]
}

/// Generates a body that resembles a user.
pub(super) fn body() -> impl Strategy<Value = Map<String, Value>> {
    let emails = prop::collection::vec(element(), 0..4);
    let others = prop::collection::vec((key(), operand()), 0..4);
    (emails, others).prop_map(|(emails, others)| {
        let mut body = Map::new();
        body.extend(others);
        body.insert("userName".into(), "u".into());
        body.insert("emails".into(), emails.into());
        body
    })
}
