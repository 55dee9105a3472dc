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
    assert!(kind["description"].as_str().unwrap().ends_with("Usual values: work, home, other."));
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
