//! The discovery documents (RFC 7643 §5 to §7, RFC 7644 §4, RFC 9865 §4), generated from the
//! definitions that the engine itself uses.

use serde_json::{Map, Value, json};

use super::schema::resource_type::RESOURCE_TYPE;
use super::schema::schema_schema::SCHEMA;
use super::schema::service_provider_config::SERVICE_PROVIDER_CONFIG;
use super::schema::{Attribute, Kind, Mutability, ResourceType, Returned, Schema, Uniqueness};

/// The limits that the service provider announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceProviderConfig {
    /// The largest number of resources on a page.
    pub max_page_size: u64,
    /// The number of resources on a page if the client does not ask for one.
    pub default_page_size: u64,
    /// How long a cursor is valid, in seconds.
    pub cursor_timeout: u64,
    /// The largest number of operations in a bulk request.
    pub bulk_max_operations: u64,
    /// The largest bulk request, in bytes.
    pub bulk_max_payload: u64,
    /// The URL of the documentation for administrators, if there is one.
    pub documentation_uri: Option<String>,
}

/// Returns the Schema resource (RFC 7643 §7) of a schema that is served at `location`.
pub fn schema_document(schema: &Schema, location: &str) -> Value {
    json!({
        "schemas": [SCHEMA.id],
        "id": schema.id,
        "name": schema.name,
        "description": schema.description,
        "attributes": attributes(schema.attributes),
        "meta": { "resourceType": SCHEMA.name, "location": location },
    })
}

fn attributes(definitions: &[Attribute]) -> Vec<Value> {
    definitions.iter().map(attribute).collect()
}

/// Characteristics that do not apply to the type are left out (RFC 7643 §7).
fn attribute(definition: &Attribute) -> Value {
    let mut document = Map::new();
    let mut put = |name: &str, value: Value| document.insert(name.into(), value);
    put("name", definition.name.into());
    put("type", type_name(definition.kind).into());
    put("multiValued", definition.multi_valued.into());
    put("description", definition.description.into());
    put("required", definition.required.into());
    if !definition.canonical_values.is_empty() {
        put("canonicalValues", json!(definition.canonical_values));
    }
    if matches!(definition.kind, Kind::String | Kind::Reference | Kind::Binary) {
        put("caseExact", definition.case_exact.into());
    }
    put("mutability", mutability_name(definition.mutability).into());
    put("returned", returned_name(definition.returned).into());
    put("uniqueness", uniqueness_name(definition.uniqueness).into());
    if !definition.reference_types.is_empty() {
        put("referenceTypes", json!(definition.reference_types));
    }
    if !definition.sub_attributes.is_empty() {
        put("subAttributes", Value::Array(attributes(definition.sub_attributes)));
    }
    Value::Object(document)
}

const fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Boolean => "boolean",
        Kind::Decimal => "decimal",
        Kind::Integer => "integer",
        Kind::DateTime => "dateTime",
        Kind::Binary => "binary",
        Kind::Reference => "reference",
        Kind::Complex => "complex",
        // Served schemas contain no attributes of kind `Any`.
        Kind::String | Kind::Any => "string",
    }
}

const fn mutability_name(mutability: Mutability) -> &'static str {
    match mutability {
        Mutability::ReadOnly => "readOnly",
        Mutability::ReadWrite => "readWrite",
        Mutability::Immutable => "immutable",
        Mutability::WriteOnly => "writeOnly",
    }
}

const fn returned_name(returned: Returned) -> &'static str {
    match returned {
        Returned::Always => "always",
        Returned::Never => "never",
        Returned::Default => "default",
        Returned::Request => "request",
    }
}

const fn uniqueness_name(uniqueness: Uniqueness) -> &'static str {
    match uniqueness {
        Uniqueness::None => "none",
        Uniqueness::Server => "server",
        Uniqueness::Global => "global",
    }
}

/// Returns the ResourceType resource (RFC 7643 §6); `base` is the URL of the SCIM endpoint.
pub fn resource_type_document(resource_type: &ResourceType, base: &str) -> Value {
    let extensions: Vec<_> = resource_type
        .extensions
        .iter()
        .map(|schema| json!({ "schema": schema.id, "required": false }))
        .collect();
    json!({
        "schemas": [RESOURCE_TYPE.id],
        "id": resource_type.name,
        "name": resource_type.name,
        "description": resource_type.description,
        "endpoint": resource_type.endpoint,
        "schema": resource_type.schema.id,
        "schemaExtensions": extensions,
        "meta": {
            "resourceType": RESOURCE_TYPE.name,
            "location": location(base, &format!("ResourceTypes/{}", resource_type.name)),
        },
    })
}

/// Returns the ServiceProviderConfig resource (RFC 7643 §5); `base` is the URL of the SCIM
/// endpoint.
pub fn service_provider_config(config: &ServiceProviderConfig, base: &str) -> Value {
    let mut document = json!({
        "schemas": [SERVICE_PROVIDER_CONFIG.id],
        "patch": { "supported": true },
        "bulk": {
            "supported": true,
            "maxOperations": config.bulk_max_operations,
            "maxPayloadSize": config.bulk_max_payload,
        },
        "filter": { "supported": true, "maxResults": config.max_page_size },
        "changePassword": { "supported": false },
        "sort": { "supported": true },
        "etag": { "supported": true },
        "pagination": {
            "cursor": true,
            "index": true,
            "defaultPaginationMethod": "index",
            "defaultPageSize": config.default_page_size,
            "maxPageSize": config.max_page_size,
            "cursorTimeout": config.cursor_timeout,
        },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "OAuth Bearer Token",
            "description": "The connector's token, or an access token obtained for it, in the \
                            Authorization header.",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }],
        "meta": {
            "resourceType": SERVICE_PROVIDER_CONFIG.name,
            "location": location(base, SERVICE_PROVIDER_CONFIG.name),
        },
    });
    if let Some(uri) = &config.documentation_uri {
        document["documentationUri"] = uri.as_str().into();
    }
    document
}

fn location(base: &str, path: &str) -> String {
    format!("{}/{path}", base.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{RESOURCE_TYPES, SCHEMAS, USER, USER_RESOURCE};

    fn config() -> ServiceProviderConfig {
        ServiceProviderConfig {
            max_page_size: 1_000,
            default_page_size: 100,
            cursor_timeout: 600,
            bulk_max_operations: 1_000,
            bulk_max_payload: 1_048_576,
            documentation_uri: None,
        }
    }

    fn assert_complete(document: &Value, schema: &Schema, location: &str) {
        assert_eq!(document["schemas"], json!([schema.id]));
        assert_eq!(document["meta"], json!({"resourceType": schema.name, "location": location}));
        assert!(!document.to_string().contains("null"), "{document}");
        for attribute in schema.attributes.iter().filter(|attribute| attribute.required) {
            assert!(document.get(attribute.name).is_some(), "{} {document}", attribute.name);
        }
        for name in document.as_object().into_iter().flat_map(|object| object.keys()) {
            let known = schema.attribute(name).is_some()
                || crate::schema::common::common_attribute(name).is_some();
            assert!(known, "{name} is not in the schema");
        }
    }

    #[test]
    fn every_document_is_complete_by_its_own_schema() {
        for schema in SCHEMAS {
            assert_complete(&schema_document(schema, "l"), &SCHEMA, "l");
        }
        for resource_type in RESOURCE_TYPES {
            let document = resource_type_document(resource_type, "https://x/scim/");
            let location = format!("https://x/scim/ResourceTypes/{}", resource_type.name);
            assert_complete(&document, &RESOURCE_TYPE, &location);
        }
        let document = service_provider_config(&config(), "https://x/scim");
        let location = "https://x/scim/ServiceProviderConfig";
        assert_complete(&document, &SERVICE_PROVIDER_CONFIG, location);
    }

    #[test]
    fn an_attribute_is_written_with_what_applies_to_its_type() {
        let document = schema_document(&USER, "l");
        assert_eq!(
            document["attributes"][0],
            json!({
                "name": "userName",
                "type": "string",
                "multiValued": false,
                "description": USER.attributes[0].description,
                "required": true,
                "caseExact": false,
                "mutability": "readWrite",
                "returned": "default",
                "uniqueness": "server",
            })
        );
        let find = |attributes: &Value, name: &str| {
            let mut all = attributes.as_array().unwrap().iter();
            all.find(|attribute| attribute["name"] == name).unwrap().clone()
        };
        let groups = find(&document["attributes"], "groups");
        assert_eq!(groups["mutability"], "readOnly");
        assert_eq!(groups.get("caseExact"), None);
        let reference = find(&groups["subAttributes"], "$ref");
        assert_eq!(reference["referenceTypes"], json!(["Group"]));
        let kind = find(&groups["subAttributes"], "type");
        assert_eq!(kind["canonicalValues"], json!(["direct", "indirect"]));
        assert_eq!(find(&document["attributes"], "password")["returned"], "never");
    }

    #[test]
    fn the_configuration_announces_the_limits() {
        let config =
            ServiceProviderConfig { documentation_uri: Some("https://d".into()), ..config() };
        let document = service_provider_config(&config, "b");
        assert_eq!(document["documentationUri"], "https://d");
        assert_eq!(document["filter"]["maxResults"], 1_000);
        assert_eq!(document["bulk"]["maxPayloadSize"], 1_048_576);
        assert_eq!(document["pagination"]["defaultPaginationMethod"], "index");
        assert_eq!(document["pagination"]["cursorTimeout"], 600);
        assert_eq!(document["changePassword"]["supported"], false);
        assert_eq!(document["authenticationSchemes"][0]["type"], "oauthbearertoken");
    }

    #[test]
    fn a_user_may_carry_the_enterprise_extension() {
        let document = resource_type_document(&USER_RESOURCE, "b");
        assert_eq!(
            document["schemaExtensions"],
            json!([{
                "schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
                "required": false,
            }])
        );
    }
}
