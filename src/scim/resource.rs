//! A resource as the engine processes it: a JSON object with keys in the schema's letter case,
//! values of the schema's types, and no null, empty strings or empty lists (these mean unassigned,
//! RFC 7643 §2.5). Extension attributes are in an object under their URN.

use serde_json::{Map, Value};

use super::path::{AttributeRef, urn};
use super::schema::common::common_attribute;
use super::schema::{Attribute, Mutability, ResourceType};

/// A normalised resource, created by the reader, changed by PATCH, and read by filters and
/// projection.
pub type Resource = Map<String, Value>;

/// Removes read-only attributes. The remaining ones were set by clients.
pub fn strip_read_only(resource: &mut Resource, resource_type: &ResourceType) {
    let is_read_only = |found: Option<&Attribute>| {
        found.is_some_and(|attribute| attribute.mutability == Mutability::ReadOnly)
    };
    resource.retain(|name, _| {
        name != "schemas"
            && !is_read_only(common_attribute(name))
            && !is_read_only(resource_type.schema.attribute(name))
    });
    for schema in resource_type.extensions {
        if let Some(Value::Object(extension)) = resource.get_mut(schema.id) {
            extension.retain(|name, _| !is_read_only(schema.attribute(name)));
            if extension.is_empty() {
                resource.shift_remove(schema.id);
            }
        }
    }
}

/// Removes objects under URNs that cannot be extensions of the client's own. Earlier releases
/// stored such objects; if they were returned, a client would send them back in a PUT, which would
/// be refused.
pub fn strip_foreign(resource: &mut Resource, resource_type: &ResourceType) {
    let may_stay = |name: &str| {
        !name.contains(':')
            || resource_type.extensions.iter().any(|schema| schema.id == name)
            || urn::check_own(name, resource_type).is_ok()
    };
    if !resource.keys().all(|name| may_stay(name)) {
        resource.retain(|name, _| may_stay(name));
    }
}

/// Returns the value of an attribute (not of its sub-attribute), if it is assigned.
pub fn value_of<'a>(resource: &'a Resource, reference: &AttributeRef) -> Option<&'a Value> {
    match &reference.extension {
        Some(urn) => {
            resource.get(urn.as_ref())?.as_object()?.get(reference.attribute.name.as_ref())
        }
        None => resource.get(reference.attribute.name.as_ref()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::{Schema, USER_RESOURCE};

    #[test]
    fn what_the_server_sets_is_taken_out() {
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let own = json!({
            "externalId": "x",
            "title": "t",
            enterprise: {"department": "d"},
            "urn:acme:1.0:User": {"id": 1},
        });
        let mut resource = own.as_object().unwrap().clone();
        strip_read_only(&mut resource, &USER_RESOURCE);
        assert_eq!(Value::Object(resource.clone()), own);
        for (name, value) in [
            ("id", json!("7")),
            ("schemas", json!([USER_RESOURCE.schema.id])),
            ("meta", json!({"version": "1"})),
            ("groups", json!([{"value": "g"}])),
        ] {
            resource.insert(name.to_owned(), value);
        }
        strip_read_only(&mut resource, &USER_RESOURCE);
        assert_eq!(Value::Object(resource), own);
    }

    #[test]
    fn an_extension_that_only_the_server_sets_is_taken_out_whole() {
        static DEVICE: ResourceType = ResourceType {
            name: "Device",
            endpoint: "/Devices",
            description: "",
            schema: &Schema {
                id: "urn:example:core:1.0:Device",
                name: "Device",
                description: "",
                attributes: &[],
            },
            extensions: &[&Schema {
                id: "urn:example:extension:1.0:Device",
                name: "Extension",
                description: "",
                attributes: &[
                    Attribute::string("seen", "").read_only(),
                    Attribute::string("note", ""),
                ],
            }],
        };
        let urn = DEVICE.extensions[0].id;
        for (given, kept) in [
            (json!({urn: {"seen": "s", "note": "n"}}), json!({urn: {"note": "n"}})),
            (json!({urn: {"seen": "s"}}), json!({})),
        ] {
            let mut resource = given.as_object().unwrap().clone();
            strip_read_only(&mut resource, &DEVICE);
            assert_eq!(Value::Object(resource), kept);
        }
    }

    #[test]
    fn what_an_earlier_release_took_for_an_extension_is_taken_out() {
        let own = json!({
            "title": "t",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "d"},
            "urn:acme:1.0:User": {"badge": 1},
        });
        let mut resource = own.as_object().unwrap().clone();
        strip_foreign(&mut resource, &USER_RESOURCE);
        assert_eq!(Value::Object(resource.clone()), own);
        for urn in [
            "urn:ietf:params:scim:schemas:core:2.0",
            "urn:ietf:params:scim:schemas:core:2.0:Group",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0",
        ] {
            resource.insert(urn.to_owned(), json!({"User": {"active": false}}));
        }
        strip_foreign(&mut resource, &USER_RESOURCE);
        assert_eq!(Value::Object(resource), own);
    }
}
