//! The description for machines is complete and true.

use serde_json::Value;

use super::*;
use crate::support::on_both_databases;

const ENDPOINTS: [(&str, &str); 16] = [
    ("/", "GET"),
    ("/.search", "POST"),
    ("/Bulk", "POST"),
    ("/Groups", "GET, POST"),
    ("/Groups/.search", "POST"),
    ("/Groups/{id}", "GET, PUT, PATCH, DELETE"),
    ("/Me", "GET, POST, PUT, PATCH, DELETE"),
    ("/ResourceTypes", "GET"),
    ("/ResourceTypes/{id}", "GET"),
    ("/Schemas", "GET"),
    ("/Schemas/{id}", "GET"),
    ("/ServiceProviderConfig", "GET"),
    ("/Users", "GET, POST"),
    ("/Users/.search", "POST"),
    ("/Users/{id}", "GET, PUT, PATCH, DELETE"),
    ("/openapi.json", "GET"),
];

/// Checks that the properties are the attributes, but for those that are never answered.
fn assert_properties(attributes: &Value, properties: &Value) {
    for attribute in attributes.as_array().unwrap() {
        let name = attribute["name"].as_str().unwrap();
        let property = &properties[name];
        if attribute["returned"] == "never" {
            assert!(property.is_null(), "{name}");
            continue;
        }
        let multi_valued = attribute["multiValued"] == true;
        assert_eq!(multi_valued, property["type"] == "array", "{name}: {property}");
        let single = if multi_valued { &property["items"] } else { property };
        let expected = match attribute["type"].as_str().unwrap() {
            "complex" => "object",
            "boolean" => "boolean",
            "integer" => "integer",
            _ => "string",
        };
        assert_eq!(single["type"], expected, "{name}: {property}");
        assert_eq!(property["readOnly"] == true, attribute["mutability"] == "readOnly", "{name}");
        if expected == "object" {
            assert_properties(&attribute["subAttributes"], &single["properties"]);
        }
    }
}

on_both_databases! {
    async fn the_description_names_every_endpoint_with_the_methods_it_has(app: App) {
        let account = app.account(5).await;
        let response = account.scim.get("/openapi.json").await;
        assert_eq!(response.header("content-type"), "application/json");
        let document = response.expect(200);
        assert_eq!(document["openapi"], "3.1.0");
        assert_eq!(document["servers"][0]["url"], account.scim.base);
        let mut described: Vec<(&str, Vec<String>)> = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            let methods = item.as_object().unwrap().keys().filter(|key| *key != "parameters");
            described.push((path, methods.map(|method| method.to_uppercase()).collect()));
        }
        described.sort();
        let described: Vec<_> =
            described.iter().map(|(path, methods)| (*path, methods.join(", "))).collect();
        assert_eq!(described, ENDPOINTS.map(|(path, methods)| (path, methods.to_owned())));
        for (path, methods) in ENDPOINTS {
            let path = path.replace("{id}", "1").trim_end_matches('/').to_owned();
            let response = account.scim.send(reqwest::Method::OPTIONS, &path, &[], None).await;
            let allowed = methods.replacen("GET", "GET, HEAD", 1);
            assert_eq!(response.header("allow"), allowed, "{path}");
            refused(response, 405, None);
        }
    }

    async fn the_description_has_the_attributes_of_every_schema(app: App) {
        let account = app.account(5).await;
        let document = account.scim.get("/openapi.json").await.expect(200);
        let schemas = &document["components"]["schemas"];
        let served = account.scim.get("/Schemas").await.expect(200);
        let served = served["Resources"].as_array().unwrap();
        assert_eq!(served.len(), 5);
        for schema in served {
            let name = schema["name"].as_str().unwrap();
            assert_properties(&schema["attributes"], &schemas[name]["properties"]);
        }
    }

    async fn the_description_is_for_the_connector_only(app: App) {
        let account = app.account(5).await;
        let stranger = account.scim.with_token("wrong");
        refused(stranger.get("/openapi.json").await, 401, None);
    }
}
