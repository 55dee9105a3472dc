//! Tests of what identity providers POST and PUT, and the resulting resources.

use serde_json::{Value, json};

use super::limits::{MAX_ASSIGNMENTS, MAX_BINARY, MAX_DEPTH, MAX_STRING, MAX_VALUES};
use super::{Location, coerce, read, schemas};
use crate::schema::{GROUP_RESOURCE, USER, USER_RESOURCE};
use crate::{ScimError, ScimType};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn user(mut body: Value) -> Result<Value, ScimError> {
    if body.get("userName").is_none() {
        body["userName"] = "u".into();
    }
    let mut resource = read(body, &USER_RESOURCE)?;
    if resource.get("userName") == Some(&json!("u")) {
        resource.shift_remove("userName");
    }
    Ok(Value::Object(resource))
}

/// Reads the body of a user with these attributes.
fn read_user(body: Value) -> Value {
    user(body).unwrap()
}

fn refuse_user(body: Value) -> String {
    let error = user(body).unwrap_err();
    assert_eq!((error.status, error.scim_type), (400, Some(ScimType::InvalidValue)), "{error}");
    error.detail
}

#[test]
fn oktas_create_is_read() {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "a@example.com",
        "name": {"givenName": "A", "familyName": "B"},
        "emails": [{"primary": true, "value": "a@example.com", "type": "work"}],
        "displayName": "A B",
        "locale": "en-US",
        "externalId": "00u1",
        "groups": [],
        "password": "1mz050nq",
        "active": true,
    });
    let mut expected = body.clone();
    for name in ["schemas", "groups", "password"] {
        expected.as_object_mut().unwrap().shift_remove(name);
    }
    assert_eq!(Value::Object(read(body, &USER_RESOURCE).unwrap()), expected);
}

#[test]
fn entras_create_is_read() {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "externalId": "x",
        "userName": "x@contoso.com",
        "active": "True",
        "title": null,
        "phoneNumbers": null,
        "meta": {"resourceType": "User"},
        "name": {"formatted": null, "familyName": "F", "givenName": ""},
        "roles": [],
        ENTERPRISE: {"department": "d", "division": null, "manager": ""},
    });
    assert_eq!(
        Value::Object(read(body, &USER_RESOURCE).unwrap()),
        json!({
            "externalId": "x",
            "userName": "x@contoso.com",
            "active": true,
            "name": {"familyName": "F"},
            ENTERPRISE: {"department": "d"},
        })
    );
}

#[test]
fn names_are_read_in_any_letter_case_dotted_and_qualified() {
    let read = read_user(json!({
        "DISPLAYNAME": "d",
        "name": {"GIVENNAME": "g"},
        "name.familyName": "f",
        "urn:ietf:params:scim:schemas:core:2.0:User:title": "t",
        "urn:ietf:params:scim:schemas:core:2.0:user:Name.middleName": "m",
        "URN:ietf:params:scim:schemas:extension:enterprise:2.0:User:Department": "dep",
        ENTERPRISE: {"COSTCENTER": "c"},
        "emails[type eq \"work\"].value": "a@x",
        "manager": "m1",
    }));
    assert_eq!(
        read,
        json!({
            "displayName": "d",
            "name": {"givenName": "g", "familyName": "f", "middleName": "m"},
            "title": "t",
            ENTERPRISE: {"department": "dep", "costCenter": "c", "manager": {"value": "m1"}},
            "emails": [{"type": "work", "value": "a@x"}],
        })
    );
}

#[test]
fn core_attributes_may_stand_under_the_core_urn() {
    let core = "urn:ietf:params:scim:schemas:core:2.0:User";
    for key in [core.to_owned(), core.to_uppercase()] {
        let read = read_user(json!({key: {
            "ACTIVE": "False", "name.givenName": "g", "manager": "m", "emails": ["a@x"],
        }}));
        assert_eq!(
            read,
            json!({
                "active": false,
                "name": {"givenName": "g"},
                ENTERPRISE: {"manager": {"value": "m"}},
                "emails": [{"value": "a@x"}],
            })
        );
    }
    for empty in [json!(null), json!(""), json!({}), json!([])] {
        assert_eq!(read_user(json!({core: empty})), json!({}));
    }
    let detail = refuse_user(json!({core: true}));
    assert!(detail.starts_with(&format!("{core} must be an object")), "{detail}");
}

#[test]
fn a_key_that_is_nearly_known_is_read_or_refused() {
    let core = "urn:ietf:params:scim:schemas:core:2.0:User";
    let read = read_user(json!({
        format!("{core}.active"): false,
        format!("{ENTERPRISE}.department"): "d",
        format!("{ENTERPRISE}.manager"): {"value": "m"},
        ENTERPRISE: {format!("{ENTERPRISE}:division"): "v"},
    }));
    assert_eq!(
        read,
        json!({
            "active": false,
            ENTERPRISE: {"department": "d", "manager": {"value": "m"}, "division": "v"},
        })
    );
    for (key, value) in [
        ("urn:ietf:params:scim:schemas:core:2.0:Group", json!({"displayName": "x"})),
        ("urn:ietf:params:scim:schemas:core:2.0:Group:displayName", json!("x")),
        ("urn:ietf:params:scim:schemas:core:2.0:Users", json!({"active": false})),
        ("urn:ietf:params:scim:schemas:core:2.0", json!({"active": false})),
        ("urn:ietf:params:scim:schemas:core:2.0:User/active", json!(false)),
        ("urn:ietf:params:scim:schemas:extension:enterprise:1.0:User", json!({"division": "x"})),
        ("urn:ietf:params:scim:api:messages:2.0:PatchOp", json!({"Operations": []})),
        ("urn:ietf:param:scim:schemas:core:2.0:User.active", json!(false)),
        ("ietf:params:scim:schemas:core:2.0:User:active", json!(false)),
        (" urn:ietf:params:scim:schemas:core:2.0:User:active", json!(false)),
        ("urn:x:\0", json!({"a": 1})),
        ("active ", json!(false)),
        ("active:", json!(false)),
        ("name.givenName.x", json!("g")),
        ("emails[type eq \"work\"]value", json!("a@x")),
    ] {
        let detail = refuse_user(json!({key: value}));
        assert!(detail.starts_with("The body has the attribute"), "{key} {detail}");
    }
    let detail = refuse_user(json!({ENTERPRISE: {"urn:acme:1.0:badge": 1}}));
    assert!(detail.starts_with("\"urn:acme:1.0:badge\" is inside"), "{detail}");
}

#[test]
fn unassigned_values_leave_nothing_behind() {
    let read = read_user(json!({
        "title": "",
        "nickName": null,
        "name": {"givenName": "", "familyName": null},
        "emails": [null, {}, {"value": ""}, ""],
        "roles": [],
        ENTERPRISE: {"manager": {"value": null}},
        "urn:custom:2.0:User": {"a": null, "b": "", "c": [], "d": {"e": null}},
    }));
    assert_eq!(read, json!({}));
}

#[test]
fn the_forms_of_a_manager_are_one() {
    for manager in [
        json!("m"),
        json!({"value": "m"}),
        json!([{"value": "m"}]),
        json!(["m"]),
        json!({"VALUE": "m", "displayName": "is read-only", "$ref": null}),
    ] {
        let read = read_user(json!({ENTERPRISE: {"manager": manager}}));
        assert_eq!(read, json!({ENTERPRISE: {"manager": {"value": "m"}}}));
    }
}

#[test]
fn the_forms_of_roles_are_one() {
    for roles in [
        json!([{"value": "v", "display": "d"}]),
        json!({"value": "v", "display": "d"}),
        json!([{"value": "v", "displayName": "d"}]),
    ] {
        let read = read_user(json!({"roles": roles}));
        assert_eq!(read, json!({"roles": [{"value": "v", "display": "d"}]}));
    }
    assert_eq!(read_user(json!({"roles": ["v"]})), json!({"roles": [{"value": "v"}]}));
    assert_eq!(read_user(json!({"roles": ["{v"]})), json!({"roles": [{"value": "{v"}]}));
}

#[test]
fn roles_and_entitlements_that_are_texts_of_json_stay_as_sent() {
    let role = |id: &str| format!("{{\"id\":\"{id}\",\"value\":\"v\",\"displayName\":\"d\"}}");
    let expected = json!([{"value": role("1")}, {"value": role("2")}]);
    for name in ["roles", "entitlements"] {
        for given in [expected.clone(), json!([role("1"), role("2")])] {
            assert_eq!(read_user(json!({name: given})), json!({name: expected}));
        }
    }
}

#[test]
fn a_text_of_json_for_a_complex_value_is_read_or_refused() {
    for (given, expected) in [
        (
            json!({"emails": ["{\"value\":\"a@x\",\"type\":\"work\"}"]}),
            json!({"emails": [{"value": "a@x", "type": "work"}]}),
        ),
        (
            json!({"emails": [{"value": " {\"value\":\"a@x\"}", "type": "home"}]}),
            json!({"emails": [{"value": "a@x", "type": "home"}]}),
        ),
        (json!({"name": "{\"givenName\":\"g\"}"}), json!({"name": {"givenName": "g"}})),
        (json!({"addresses": "{\"locality\":\"l\"}"}), json!({"addresses": [{"locality": "l"}]})),
        (json!({"manager": "{\"value\":\"m\"}"}), json!({ENTERPRISE: {"manager": {"value": "m"}}})),
    ] {
        assert_eq!(read_user(given), expected);
    }
    for given in [
        json!({"emails": ["{\"address\":\"a@x\"}"]}),
        json!({"emails": ["[\"a@x\"]"]}),
        json!({"emails": [{"value": "{\"address\":\"a@x\"}"}]}),
        json!({"phoneNumbers": "{}"}),
        json!({"manager": "[1]"}),
    ] {
        let detail = refuse_user(given);
        assert!(detail.contains("a text that holds other JSON"), "{detail}");
    }
    // JSON that is packed twice is refused as well.
    let detail =
        refuse_user(json!({"emails": [{"value": "{\"value\":\"{\\\"value\\\":\\\"a@x\\\"}\"}"}]}));
    assert!(detail.contains("a text of JSON inside of another value"), "{detail}");
    assert!(refuse_user(json!({"emails.value": "[1]"})).contains("other JSON"));
    assert!(refuse_user(json!({"emails[type eq \"work\"].value": "{}"})).contains("other JSON"));
    assert_eq!(
        read_user(json!({"emails[type eq \"work\"].value": "{\"value\":\"a@x\"}"})),
        json!({"emails": [{"type": "work", "value": "a@x"}]})
    );
}

#[test]
fn values_that_differ_as_their_attribute_ignores_are_one() {
    let read = read_user(json!({
        "emails": [
            {"value": "a@x.example", "type": "work"},
            {"value": "A@X.Example", "type": "Work", "primary": true},
            {"value": "A@X.Example", "type": "home"},
        ],
        "photos": ["https://x/a", "https://x/A"],
        "roles": ["Admin", "admin"],
    }));
    assert_eq!(
        read,
        json!({
            "emails": [
                {"value": "a@x.example", "type": "work", "primary": true},
                {"value": "A@X.Example", "type": "home"},
            ],
            "photos": [{"value": "https://x/a"}, {"value": "https://x/A"}],
            "roles": [{"value": "Admin"}],
        })
    );
}

#[test]
fn many_values_are_one_as_few_are() {
    let mut given: Vec<Value> = (0..10).map(|id| json!({"value": format!("a{id}@x")})).collect();
    let expected = given.clone();
    given.extend((0..10).map(|id| json!({"value": format!("A{id}@X")})));
    assert_eq!(read_user(json!({"emails": given})), json!({"emails": expected}));
}

#[test]
fn a_value_that_says_more_is_another() {
    let emails = json!({"emails": [{"value": "a@x"}, {"value": "a@x", "type": "work"}]});
    assert_eq!(read_user(emails.clone()), emails);
}

#[test]
fn at_most_one_value_is_primary_and_equal_values_are_one() {
    let read = read_user(json!({"emails": [
        {"value": "a"},
        {"value": "b", "primary": true},
        {"value": "a"},
        {"value": "c", "primary": "TRUE"},
    ]}));
    assert_eq!(
        read,
        json!({"emails": [
            {"value": "a"},
            {"value": "b", "primary": true},
            {"value": "c", "primary": false},
        ]})
    );
}

#[test]
fn attributes_of_unknown_extensions_are_kept_as_sent() {
    let extension = json!({"Tag": ["b", 1, {"x": true}], "deep": {"y": 1.5}});
    let mut sent = extension.clone();
    sent["deep"]["gone"] = Value::Null;
    let read = read(json!({"userName": "u", "urn:custom:2.0:User": sent}), &USER_RESOURCE).unwrap();
    assert_eq!(read["urn:custom:2.0:User"], extension);
    // Schemas that /ResourceTypes does not advertise are not listed (RFC 7643 §3).
    assert!(schemas(&read, &USER_RESOURCE).eq([USER.id]));
}

#[test]
fn unknown_and_read_only_attributes_are_ignored() {
    let read = read_user(json!({
        "favouriteColour": "blue",
        "name": {"nonsense": 1, "givenName": "g"},
        "emails": [{"value": "a@x", "nonsense": "x"}],
        "id": 5,
        "meta": "no object",
        "groups": [{"value": "g"}],
        "meta.version": "7",
        ENTERPRISE: {"rank": 1, "manager": {"displayName": "is read-only"}},
    }));
    assert_eq!(read, json!({"name": {"givenName": "g"}, "emails": [{"value": "a@x"}]}));
}

#[test]
fn what_has_a_wrong_type_is_refused_by_its_full_name() {
    let manager = format!("{ENTERPRISE}:manager");
    for (body, name, expected) in [
        (json!({"active": "maybe"}), "active", "true or false"),
        (json!({"active": 1}), "active", "true or false"),
        (json!({"title": 5}), "title", "a string"),
        (json!({"name": "A B"}), "name", "an object"),
        (json!({"name": {"givenName": ["a"]}}), "name.givenName", "a string"),
        (json!({"name.givenName": false}), "name.givenName", "a string"),
        (json!({"emails": [{"primary": "x"}]}), "emails.primary", "true or false"),
        (json!({"emails": 7}), "emails", "an object"),
        (json!({"x509Certificates": ["%%"]}), "x509Certificates.value", "binary data in base64"),
        (json!({"password": 5}), "password", "a string"),
        (json!({ENTERPRISE: "x"}), ENTERPRISE, "an object"),
        (json!({ENTERPRISE: {"manager": 5}}), &manager, "an object"),
        (json!({ENTERPRISE: {"manager": ["m", "n"]}}), &manager, "an object"),
    ] {
        let detail = refuse_user(body);
        assert!(detail.starts_with(&format!("{name} must be {expected}")), "{detail}");
    }
}

#[test]
fn a_refusal_says_what_the_value_is() {
    for (value, found) in [
        (json!(true), "a boolean"),
        (json!(5), "a number"),
        (json!(["a", "b"]), "a list"),
        (json!({"a": 1}), "an object"),
    ] {
        let detail = refuse_user(json!({"title": value}));
        assert_eq!(detail, format!("title must be a string; it is {found}"));
    }
    let detail = refuse_user(json!({"x509Certificates": ["%%"]}));
    assert!(detail.ends_with("it is a string of another form"), "{detail}");
}

#[test]
fn a_value_path_with_a_wrong_filter_gets_the_error_of_a_filter() {
    let body = json!({"userName": "u", "emails[type eq work].value": "a@x"});
    let error = read(body, &USER_RESOURCE).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidFilter), "{error}");
}

#[test]
fn certificates_are_base64_of_any_kind_and_stay_as_sent() {
    for text in ["MIIB+/==", "MIIB-_", "MIIB\nMIIB", "TWE="] {
        let read = read_user(json!({"x509Certificates": text}));
        assert_eq!(read, json!({"x509Certificates": [{"value": text}]}));
    }
    for text in ["MIIBa", "MI%B", "MIIB=MIIB"] {
        assert!(refuse_user(json!({"x509Certificates": text})).contains("base64"), "{text}");
    }
}

#[test]
fn references_may_be_any_text() {
    let read = read_user(json!({"profileUrl": "bare word", "photos": "x"}));
    assert_eq!(read, json!({"profileUrl": "bare word", "photos": [{"value": "x"}]}));
}

#[test]
fn required_attributes_must_have_a_value() {
    for body in [json!({}), json!({"userName": ""}), json!({"userName": null})] {
        let error = read(body, &USER_RESOURCE).unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
        assert!(error.detail.starts_with("userName is required"), "{error}");
    }
    let error = read(json!({"userName": "  "}), &USER_RESOURCE).unwrap_err();
    assert!(error.detail.starts_with("userName is required"), "{error}");
    let error = read(json!({"members": []}), &GROUP_RESOURCE).unwrap_err();
    assert!(error.detail.starts_with("displayName is required"), "{error}");
}

#[test]
fn schemas_must_name_a_schema_of_the_resource_if_they_are_given() {
    let group =
        |schemas: Value| read(json!({"schemas": schemas, "displayName": "g"}), &GROUP_RESOURCE);
    let core = "urn:ietf:params:scim:schemas:core:2.0:Group";
    let legacy = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";
    for accepted in
        [json!([core]), json!([legacy, core]), json!(core.to_uppercase()), json!([]), json!(null)]
    {
        assert!(group(accepted.clone()).is_ok(), "{accepted}");
    }
    for refused in [json!([USER.id]), json!(["urn:scim:schemas:core:1.0"]), json!([legacy])] {
        let error = group(refused.clone()).unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::InvalidValue), "{refused}");
        assert!(error.detail.contains(core), "{error}");
    }
    for malformed in [json!({}), json!([1]), json!(true)] {
        let error = group(malformed).unwrap_err();
        assert!(error.detail.contains("list of strings"), "{error}");
    }
    assert!(read(json!({"schemas": [ENTERPRISE], "userName": "u"}), &USER_RESOURCE).is_ok());
}

#[test]
fn a_body_that_is_no_object_is_refused() {
    for body in [json!([]), json!("x"), json!(null), json!(1)] {
        let error = read(body, &USER_RESOURCE).unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::InvalidSyntax));
    }
}

#[test]
fn members_need_a_value() {
    let group =
        |members: Value| read(json!({"displayName": "g", "members": members}), &GROUP_RESOURCE);
    let members = group(json!([{"value": "1", "$ref": null, "display": "A"}, "2"])).unwrap();
    assert_eq!(members["members"], json!([{"value": "1", "display": "A"}, {"value": "2"}]));
    let error = group(json!([{"display": "A"}])).unwrap_err();
    assert!(error.detail.starts_with("members.value is required"), "{error}");
    let error =
        read(json!({"displayName": "g", "members.display": "A"}), &GROUP_RESOURCE).unwrap_err();
    assert!(error.detail.starts_with("members.value is required"), "{error}");
}

#[test]
fn an_extension_has_only_so_many_attributes() {
    let many: serde_json::Map<_, _> =
        (0..=MAX_ASSIGNMENTS).map(|index| (format!("a{index}"), json!(1))).collect();
    let detail = refuse_user(json!({"urn:custom:2.0:User": many}));
    assert!(detail.contains("may assign 2000 attributes"), "{detail}");
}

#[test]
fn a_body_may_assign_exactly_the_allowed_number_of_attributes() {
    let own = |count: usize| -> Value {
        (0..count).map(|index| (format!("a{index}"), json!(1))).collect()
    };
    // One is userName.
    let body = |count| json!({"userName": "u", "urn:custom:2.0:User": own(count - 1)});
    assert!(read(body(MAX_ASSIGNMENTS), &USER_RESOURCE).is_ok());
    assert!(read(body(MAX_ASSIGNMENTS + 1), &USER_RESOURCE).is_err());
}

#[test]
fn a_reference_may_be_as_long_as_a_picture() {
    let photo = |length: usize| json!({"photos": "x".repeat(length)});
    let read = read_user(photo(MAX_BINARY));
    assert_eq!(read["photos"][0]["value"].as_str().map(str::len), Some(MAX_BINARY));
    let detail = refuse_user(photo(MAX_BINARY + 1));
    assert!(detail.starts_with("photos.value may be 102400 bytes long"), "{detail}");
}

#[test]
fn a_group_may_have_many_members_and_a_user_not_many_emails() {
    let ids: Vec<String> = (0..20_000).map(|id| id.to_string()).collect();
    let read = read(json!({"displayName": "g", "members": ids}), &GROUP_RESOURCE).unwrap();
    assert_eq!(read["members"].as_array().unwrap().len(), 20_000);
    let detail = refuse_user(json!({"emails": vec!["a"; MAX_VALUES + 1]}));
    assert!(detail.starts_with("emails may have 1000 values"), "{detail}");
}

#[test]
fn long_texts_and_deep_nesting_are_refused() {
    let detail = refuse_user(json!({"title": "x".repeat(MAX_STRING + 1)}));
    assert!(detail.starts_with("title may be 16384 bytes long"), "{detail}");
    let nests: [fn(Value) -> Value; 2] = [|inner| json!([inner]), |inner| json!({"k": inner})];
    for nest in nests {
        let nested = |levels: usize| (0..levels).fold(json!("x"), |inner, _| nest(inner));
        let body = |levels| json!({"urn:custom:2.0:User": {"a": nested(levels)}});
        assert_eq!(read_user(body(MAX_DEPTH)), body(MAX_DEPTH));
        let detail = refuse_user(body(MAX_DEPTH + 1));
        let expected = "\"urn:custom:2.0:User:a\" may be nested 16 levels deep";
        assert!(detail.starts_with(expected), "{detail}");
    }
}

#[test]
fn numbers_and_times_are_coerced_by_their_type() {
    use crate::schema::{Attribute, Kind};
    static INTEGER: Attribute = Attribute::new("count", Kind::Integer, "");
    static DECIMAL: Attribute = Attribute::new("ratio", Kind::Decimal, "");
    static TIME: Attribute = Attribute::new("since", Kind::DateTime, "");
    let as_read = |value, attribute| coerce(value, attribute, &Location::of("a"));
    for whole in [json!(7), json!(-7), json!(u64::MAX)] {
        assert_eq!(as_read(whole.clone(), &INTEGER), Ok(Some(whole)));
    }
    assert_eq!(as_read(json!(1.5), &DECIMAL), Ok(Some(json!(1.5))));
    assert_eq!(as_read(json!(" 7 "), &INTEGER), Ok(Some(json!(7))));
    assert_eq!(as_read(json!(u64::MAX.to_string()), &INTEGER), Ok(Some(json!(u64::MAX))));
    assert!(as_read(json!(1.5), &INTEGER).is_err());
    assert!(as_read(json!("1e3"), &INTEGER).is_err());
    assert_eq!(as_read(json!("1.5"), &DECIMAL), Ok(Some(json!(1.5))));
    assert!(as_read(json!("NaN"), &DECIMAL).is_err());
    let time = json!("2011-05-13T04:42:34Z");
    assert_eq!(as_read(time.clone(), &TIME), Ok(Some(time)));
    assert!(as_read(json!("yesterday"), &TIME).is_err());
    assert_eq!(as_read(json!(""), &TIME), Ok(None));
}

#[test]
fn a_nul_is_refused_wherever_text_is_kept() {
    for (body, name) in [
        (json!({"userName": "a\0b"}), "userName"),
        (json!({"name": {"givenName": "\0"}}), "name.givenName"),
        (json!({"emails": [{"value": "a\0@x.example"}]}), "emails.value"),
        (json!({"urn:custom:2.0:User": {"a": {"b": ["\0"]}}}), "urn:custom:2.0:User:a"),
    ] {
        let detail = refuse_user(body);
        assert!(detail.contains(name) && detail.contains("NUL"), "{detail}");
    }
    assert_eq!(read_user(json!({"noSuchAttribute": "\0"})), json!({}));
}

#[test]
fn what_a_refusal_repeats_has_no_quotes_of_its_own() {
    let detail = refuse_user(json!({"schemas": ["\":jane doe\"", "urn:x"]}));
    assert!(detail.ends_with("it contains \"':jane doe'\", \"urn:x\""), "{detail}");
    let detail = refuse_user(json!({"active": "\":jane doe\""}));
    assert!(detail.contains("\"':jane doe'\""), "{detail}");
}

#[test]
fn a_number_keeps_its_last_bit() {
    let body = |number: f64| json!({"userName": "u", "urn:custom:2.0:User": {"n": number}});
    for number in [7.038368502638395e-283, 0.1 + 0.2, 5e-324] {
        let text = body(number).to_string();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), body(number), "{text}");
    }
}

#[test]
fn a_urn_of_the_clients_own_has_no_attribute_behind_it() {
    for key in ["urn:x:User.:a", "urn:x:User.b:a", "urn:x:User.b:a.c"] {
        let detail = refuse_user(json!({key: "1"}));
        assert!(detail.contains("there is already an attribute"), "{detail}");
    }
    assert_eq!(
        read_user(json!({"urn:x:User.b": "1", "urn:x:User:c": "2"})),
        json!({"urn:x:User": {"b": "1", "c": "2"}})
    );
}

#[test]
fn a_value_is_no_deeper_by_a_path() {
    let nested = |levels: usize| (0..levels).fold(json!("x"), |inner, _| json!([inner]));
    let by_path = |levels| json!({"urn:x:User:a[type eq \"k\"].v": nested(levels)});
    let kept = read_user(by_path(MAX_DEPTH - 2));
    assert_eq!(read_user(kept.clone()), kept);
    assert!(refuse_user(by_path(MAX_DEPTH - 1)).contains("nested deeper"));
    let beside = |levels| json!({"urn:x:User.a": ["y"], "URN:X:USER.A": {"v": nested(levels)}});
    let kept = read_user(beside(MAX_DEPTH - 2));
    assert_eq!(read_user(kept.clone()), kept);
    assert!(refuse_user(beside(MAX_DEPTH - 1)).contains("nested deeper"));
}

#[test]
fn a_path_into_an_extension_that_is_there_makes_no_other_one() {
    let mut body = json!({"urn:x:1.0:Badge": {"number": 1}, "urn:x:1.0:badge.colour": "red"});
    let expected = json!({"urn:x:1.0:Badge": {"number": 1, "colour": "red"}});
    assert_eq!(read_user(body.clone()), expected);
    body["urn:x:1.0:Badge[type eq \"k\"].v"] = json!("1");
    body["userName"] = json!("u");
    let refused = read(body, &USER_RESOURCE).unwrap_err();
    assert_eq!(refused.scim_type, Some(ScimType::NoTarget));
    assert!(refused.detail.contains("the path before the filter names an extension"));
}

#[test]
fn what_a_filter_makes_is_held_to_what_values_are_held_to() {
    let body = json!({"addresses[type eq \"\\u0000\"].country": "E"});
    assert!(refuse_user(body).contains("addresses.type must not contain the character NUL"));
    let long = "x".repeat(MAX_STRING + 1);
    let body = json!({format!("urn:x:User:a[type eq \"{long}\"].b"): "E"});
    assert!(read(body, &USER_RESOURCE).is_err());
}

#[test]
fn a_name_that_is_any_text_is_quoted_in_a_refusal() {
    let deep = (0..=MAX_DEPTH).fold(json!("x"), |inner, _| json!([inner]));
    let detail = refuse_user(json!({"urn:x:User": {"Jane \"J\" Doe": deep}}));
    assert!(detail.starts_with("\"urn:x:User:Jane 'J' Doe\" may be nested"), "{detail}");
}
