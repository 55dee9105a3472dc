//! All resource types and schemas of the protocol.

use super::enterprise_user::ENTERPRISE_USER;
use super::group::{GROUP, GROUP_RESOURCE};
use super::resource_type::RESOURCE_TYPE;
use super::schema_schema::SCHEMA;
use super::service_provider_config::SERVICE_PROVIDER_CONFIG;
use super::user::{USER, USER_RESOURCE};
use super::{ResourceType, Schema};

/// The resource types, in the order of the discovery endpoints.
pub static RESOURCE_TYPES: &[&ResourceType] = &[&USER_RESOURCE, &GROUP_RESOURCE];

/// The schemas, in the order of the discovery endpoints.
pub static SCHEMAS: &[&Schema] =
    &[&USER, &ENTERPRISE_USER, &GROUP, &SERVICE_PROVIDER_CONFIG, &RESOURCE_TYPE, &SCHEMA];

/// Returns the schema with this URN, ignoring letter case.
pub fn schema(id: &str) -> Option<&'static Schema> {
    SCHEMAS.iter().copied().find(|schema| schema.id.eq_ignore_ascii_case(id))
}

/// Returns the resource type with this name, ignoring letter case.
pub fn resource_type(name: &str) -> Option<&'static ResourceType> {
    RESOURCE_TYPES.iter().copied().find(|found| found.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::common::common_attribute;
    use crate::schema::{Attribute, Kind};

    fn walk(attributes: &'static [Attribute], check: &mut dyn FnMut(&'static Attribute)) {
        for attribute in attributes {
            check(attribute);
            walk(attribute.sub_attributes, check);
        }
    }

    #[test]
    fn every_attribute_is_described_and_only_complex_ones_have_sub_attributes() {
        for schema in SCHEMAS {
            walk(schema.attributes, &mut |attribute| {
                assert!(!attribute.description.is_empty(), "{} {}", schema.id, attribute.name);
                assert_eq!(
                    attribute.kind == Kind::Complex,
                    !attribute.sub_attributes.is_empty(),
                    "{} {}",
                    schema.id,
                    attribute.name
                );
                assert_eq!(
                    attribute.kind == Kind::Reference,
                    !attribute.reference_types.is_empty(),
                    "{} {}",
                    schema.id,
                    attribute.name
                );
            });
        }
    }

    #[test]
    fn names_are_unique_within_their_schema_without_case() {
        for schema in SCHEMAS {
            let mut names: Vec<_> =
                schema.attributes.iter().map(|found| found.name.to_ascii_lowercase()).collect();
            names.sort();
            let before = names.len();
            names.dedup();
            assert_eq!(names.len(), before, "{}", schema.id);
        }
    }

    #[test]
    fn a_name_for_looking_up_leads_to_one_attribute() {
        for schema in SCHEMAS {
            let mut names: Vec<_> = schema.attributes.iter().flat_map(|it| it.sought_as).collect();
            let is_taken = |name: &str| {
                SCHEMAS.iter().any(|schema| schema.attribute(name).is_some())
                    || common_attribute(name).is_some()
            };
            assert!(names.iter().all(|name| !is_taken(name)), "{}: {names:?}", schema.id);
            let before = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), before, "{}", schema.id);
        }
    }

    #[test]
    fn schemas_and_resource_types_are_found_without_case() {
        let found = schema("URN:ietf:params:scim:schemas:core:2.0:user").map(|found| found.name);
        assert_eq!(found, Some("User"));
        assert_eq!(resource_type("group").map(|found| found.endpoint), Some("/Groups"));
        assert!(schema("urn:unknown").is_none());
    }
}
