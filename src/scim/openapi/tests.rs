//! Tests that the description is complete and all of its references resolve.

use std::collections::BTreeSet;

use super::names::schema_reference;
use super::*;
use crate::schema::{Attribute, Mutability, Returned};
use crate::schema::{GROUP_RESOURCE, RESOURCE_TYPES, USER_RESOURCE};

fn described() -> Value {
    let about = About { title: "scim", version: "1.2.3", base_url: "https://x/scim" };
    document(RESOURCE_TYPES, &about)
}

fn walk<'v>(value: &'v Value, visit: &mut dyn FnMut(&'v str, &'v Value)) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                visit(name, value);
                walk(value, visit);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| walk(value, visit)),
        _ => {}
    }
}

#[test]
fn references_lead_to_what_is_there_and_everything_is_referred_to() {
    let document = described();
    let mut led_to = BTreeSet::new();
    walk(&document, &mut |name, value| {
        // `$ref` is also the name of a sub-attribute, whose value is then an object.
        if let ("$ref", Some(reference)) = (name, value.as_str()) {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
            led_to.insert(pointer.to_owned());
        }
    });
    for part in ["schemas", "parameters", "headers", "responses"] {
        for name in document["components"][part].as_object().unwrap().keys() {
            let pointer = format!("/components/{part}/{name}");
            assert!(led_to.contains(&pointer), "nothing refers to {pointer}");
        }
    }
}

#[test]
fn operations_have_different_ids_and_every_link_leads_to_one() {
    let document = described();
    let mut ids = BTreeSet::new();
    let mut linked = BTreeSet::new();
    for item in document["paths"].as_object().unwrap().values() {
        for (method, operation) in item.as_object().unwrap() {
            if method == "parameters" {
                continue;
            }
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id), "{id}");
            walk(&operation["responses"], &mut |name, value| {
                linked.extend((name == "operationId").then(|| value.as_str().unwrap()));
            });
        }
    }
    assert_eq!(linked.len(), 8);
    assert!(linked.is_subset(&ids), "{linked:?}");
}

fn assert_described(definitions: &[Attribute], properties: &Value, request: bool) {
    for definition in definitions {
        let shown = if request {
            definition.mutability != Mutability::ReadOnly
        } else {
            definition.returned != Returned::Never
        };
        let property = properties.get(definition.name);
        assert_eq!(property.is_some(), shown, "{}", definition.name);
        let Some(property) = property else { continue };
        let text = property["description"].as_str().unwrap();
        assert!(text.starts_with(definition.description), "{text}");
        if definition.sub_attributes.is_empty() || request {
            continue;
        }
        let single = if definition.multi_valued { &property["items"] } else { property };
        assert_described(definition.sub_attributes, &single["properties"], request);
    }
}

#[test]
fn every_attribute_is_described_where_it_can_be() {
    let document = described();
    let schemas = &document["components"]["schemas"];
    for known in [&USER_RESOURCE, &GROUP_RESOURCE] {
        let name = known.name;
        assert_described(known.schema.attributes, &schemas[name]["properties"], false);
        let request = &schemas[request_name(known)];
        assert_described(known.schema.attributes, &request["properties"], true);
        for extension in known.extensions {
            assert_described(extension.attributes, &schemas[extension.name]["properties"], false);
            let request = &schemas[request_name_of(extension)]["anyOf"][0];
            assert_described(extension.attributes, &request["properties"], true);
        }
    }
}

#[test]
fn a_request_is_described_with_what_is_accepted_instead_of_the_right_type() {
    let document = described();
    let user = &document["components"]["schemas"]["UserRequest"];
    assert_eq!(user["required"], json!(["userName"]));
    assert_eq!(user["additionalProperties"], true);
    let active = &user["properties"]["active"]["anyOf"];
    assert_eq!(active[0], json!({ "type": "boolean" }));
    assert!(active[1]["pattern"].as_str().unwrap().contains("[tT][rR][uU][eE]"));
    assert_eq!(active[2], schema_reference("Unassigned"));
    assert_eq!(user["properties"]["password"]["writeOnly"], true);
    let name = &user["properties"]["userName"]["anyOf"];
    assert_eq!(*name, json!([{ "type": "string", "minLength": 1 }]));
}

#[test]
fn usual_values_are_told_and_not_enforced() {
    let document = described();
    let emails = &document["components"]["schemas"]["User"]["properties"]["emails"];
    let kind = &emails["items"]["properties"]["type"];
    assert_eq!(kind.get("enum"), None);
    let definition = USER_RESOURCE.schema.attribute("emails").unwrap().sub_attribute("type");
    let told = format!("{} Usual values: work, home, other.", definition.unwrap().description);
    assert_eq!(kind["description"], told);
}

#[test]
fn a_patch_of_one_attribute_is_described_with_the_attribute_s_value() {
    let document = described();
    let user = &document["components"]["schemas"]["UserPatchRequest"];
    let forms = user["properties"]["Operations"]["items"]["anyOf"].as_array().unwrap();
    let of = |path: &str| {
        let mut forms = forms.iter().map(|form| &form["properties"]);
        forms.find(|properties| properties["path"]["const"] == path)
    };
    assert_eq!(of("active").unwrap()["value"], schema_reference("UserRequest/properties/active"));
    let department = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    assert!(of(department).is_some());
    assert!(of("groups").is_none(), "groups are read-only");
}

/// Asserts that no part of the description is null; only values of an enumeration may be.
fn assert_written(place: &str, value: &Value) {
    assert!(!value.is_null(), "{place} is null");
    match value {
        Value::Object(object) => {
            for (name, value) in object.iter().filter(|(name, _)| *name != "enum") {
                assert_written(&format!("{place}/{name}"), value);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| assert_written(place, value)),
        _ => {}
    }
}

#[test]
fn every_part_is_written() {
    let document = described();
    assert_written("", &document);
    let schemas = &document["components"]["schemas"];
    let names: Vec<_> = schemas.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "User",
            "UserRequest",
            "UserPatchRequest",
            "UserListResponse",
            "EnterpriseUser",
            "EnterpriseUserRequest",
            "Group",
            "GroupRequest",
            "GroupPatchRequest",
            "GroupListResponse",
            "ListResponse",
            "ServiceProviderConfig",
            "ResourceType",
            "Schema",
            "ResourceTypeListResponse",
            "SchemaListResponse",
            "Meta",
            "Unassigned",
            "SearchRequest",
            "BulkRequest",
            "BulkResponse",
            "Error",
        ]
    );
    let items = &schemas["GroupListResponse"]["properties"]["Resources"]["items"];
    assert_eq!(*items, schema_reference("Group"));
}

#[test]
fn every_response_has_a_status_and_says_what_it_is() {
    let document = described();
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values().filter(|it| it.is_object()) {
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let known = (200..=599).contains(&status.parse::<u16>().unwrap());
                let said = answer.get("description").or_else(|| answer.get("$ref"));
                assert!(known && said.is_some_and(Value::is_string), "{path} {status}");
            }
        }
    }
    let resource = &document["paths"]["/Users/{id}"]["get"]["responses"]["200"];
    let headers: Vec<_> = resource["headers"].as_object().unwrap().keys().collect();
    assert_eq!(headers, ["ETag", "Content-Location"]);
    let deleted = &document["paths"]["/Users/{id}"]["delete"]["responses"]["204"];
    assert_eq!(*deleted, json!({ "description": "Deleted." }));
}

#[test]
fn the_paths_of_a_patch_are_those_that_can_be_written() {
    let document = described();
    let paths = |name: &str| -> Vec<String> {
        let schema = &document["components"]["schemas"][name];
        let forms = schema["properties"]["Operations"]["items"]["anyOf"].as_array().unwrap();
        let remove = forms.iter().find(|form| form["title"] == "Remove what the path names");
        let path = remove.unwrap()["properties"]["path"]["anyOf"][0]["enum"].clone();
        serde_json::from_value(path).unwrap()
    };
    assert_eq!(paths("GroupPatchRequest"), ["displayName", "members"]);
    let user = paths("UserPatchRequest");
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let manager = format!("{enterprise}:manager");
    for (path, expected) in [
        ("name", true),
        ("name.givenName", true),
        ("emails", true),
        ("emails.value", false),
        ("groups", false),
        (&manager, true),
        (&format!("{manager}.value"), true),
        (&format!("{manager}.displayName"), false),
    ] {
        assert_eq!(user.iter().any(|known| known == path), expected, "{path}");
    }
}

#[test]
fn the_forms_of_a_value_are_described_the_right_one_first() {
    let document = described();
    let forms = |name: &str, pointer: &str| -> Vec<String> {
        let property = document["components"]["schemas"][name].pointer(pointer).unwrap();
        let forms = property["anyOf"].as_array().unwrap().iter();
        forms.map(|form| form["type"].as_str().unwrap_or("none").to_owned()).collect()
    };
    for (name, pointer, expected) in [
        ("UserRequest", "/properties/title", &["string", "none"][..]),
        ("UserRequest", "/properties/name", &["object", "array", "none"]),
        ("UserRequest", "/properties/emails", &["array", "object", "string", "array", "none"]),
        (
            "EnterpriseUserRequest",
            "/anyOf/0/properties/manager",
            &["object", "string", "array", "none"],
        ),
        ("GroupRequest", "/properties/displayName", &["string"]),
        // A member without a value is unassigned, so the value is not required here.
        ("GroupRequest", "/properties/members/anyOf/1/properties/value", &["string", "none"]),
    ] {
        assert_eq!(forms(name, pointer), expected, "{name}{pointer}");
    }
}

#[test]
fn what_only_the_server_sets_is_marked_and_its_references_lead_somewhere() {
    let document = described();
    let user = &document["components"]["schemas"]["User"]["properties"];
    assert_eq!(user["groups"]["readOnly"], true);
    assert_eq!(user["groups"]["items"]["properties"]["$ref"]["format"], "uri-reference");
    assert_eq!(user["title"].get("readOnly"), None);
    assert_eq!(user["profileUrl"].get("format"), None);
}
