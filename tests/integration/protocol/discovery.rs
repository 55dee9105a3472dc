//! The discovery documents say what is so.

use serde_json::{Value, json};

use super::*;
use crate::support::{App, Options, on_both_databases, on_both_migrated_databases, text_set};

const DOCUMENTS: [&str; 5] = [
    "/ServiceProviderConfig",
    "/ResourceTypes",
    "/ResourceTypes/User",
    "/Schemas",
    "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
];

/// Every name in the object is an attribute of the definitions, of its type.
fn assert_defined(value: &Value, definitions: &Value, place: &str) {
    for (name, value) in value.as_object().unwrap() {
        let mut known = definitions.as_array().unwrap().iter();
        let definition = known.find(|definition| definition["name"] == name.as_str());
        let definition = definition.unwrap_or_else(|| panic!("{place}.{name} is in no schema"));
        let values = match value {
            Value::Array(values) => values.iter().collect(),
            value => vec![value],
        };
        assert_eq!(value.is_array(), definition["multiValued"] == true, "{place}.{name}");
        for value in values {
            let fits = match definition["type"].as_str().unwrap() {
                "complex" => value.is_object(),
                "boolean" => value.is_boolean(),
                "integer" => value.is_i64(),
                _ => value.is_string(),
            };
            assert!(fits, "{place}.{name} is {value}");
            if value.is_object() {
                assert_defined(value, &definition["subAttributes"], name);
            }
        }
    }
}

on_both_databases! {
    async fn the_schemas_describe_what_resources_show(app: App) {
        let account = app.account(5).await;
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let ada = user_with(&account, "ada@kongair.example", json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", enterprise],
            "externalId": "7", "displayName": "Ada", "nickName": "A", "title": "Pilot",
            "profileUrl": "https://kongair.example/ada", "userType": "Employee",
            "preferredLanguage": "en", "locale": "en-GB", "timezone": "Europe/London",
            "phoneNumbers": [{"value": "+44 20", "type": "work", "primary": true}],
            "addresses": [{"streetAddress": "1 Apron", "country": "GB", "type": "work"}],
            "roles": [{"value": "captain"}],
            enterprise: {"department": "Flight", "manager": {"value": "1"}},
            "urn:insomnia:params:scim:schemas:extension:account:2.0:User": {"note": "left-handed"},
        })).await;
        let id = ada["id"].as_str().unwrap();
        let mut crew = crate::support::group("Crew", &[id]);
        crew["urn:insomnia:params:scim:schemas:extension:team:2.0:Group"] =
            json!({"description": "who flies"});
        let team = account.scim.post("/Groups", crew).await;
        let team = team.expect(201)["id"].as_str().unwrap().to_owned();
        let cargo = account.admin.post("/organizations", json!({"name": "Cargo"})).await;
        let cargo = cargo.expect(201)["id"].as_str().unwrap().to_owned();
        let link = format!("/teams/{team}/organizations/{cargo}");
        account.admin.put(&link, json!({})).await.expect(204);

        // What only administrators set is shown on request, name by name.
        let schemas = account.scim.get("/Schemas").await.expect(200);
        for (path, kind) in [(format!("/Users/{id}"), "User"), (format!("/Groups/{team}"), "Group")] {
            let mut resource = account.scim.get(&path).await.expect(200);
            let own = schemas["Resources"].as_array().unwrap().iter().find(|schema| {
                let id = schema["id"].as_str().unwrap();
                id.starts_with("urn:insomnia:") && id.ends_with(&format!(":{kind}"))
            });
            let urn = own.unwrap()["id"].as_str().unwrap();
            let names = crate::support::texts(&own.unwrap()["attributes"], "name");
            let names: Vec<String> = names.iter().map(|name| format!("{urn}:{name}")).collect();
            let query = [("attributes", names.join(","))];
            let query = query.each_ref().map(|(name, value)| (*name, value.as_str()));
            let shown = account.scim.query(&path, &query).await.expect(200);
            assert_eq!(shown[urn].as_object().unwrap().len(), names.len(), "{shown}");
            resource[urn] = shown[urn].clone();
            let urns: Vec<String> = serde_json::from_value(resource["schemas"].clone()).unwrap();
            let object = resource.as_object_mut().unwrap();
            for common in ["schemas", "id", "externalId", "meta"] {
                object.shift_remove(common);
            }
            // The extensions first: what is left is the core.
            for urn in urns.iter().rev() {
                let schema = account.scim.get(&format!("/Schemas/{urn}")).await.expect(200);
                match object.shift_remove(urn) {
                    Some(extension) => assert_defined(&extension, &schema["attributes"], urn),
                    None => {
                        let core = Value::Object(object.clone());
                        assert_defined(&core, &schema["attributes"], urn);
                    }
                }
            }
        }
    }

    async fn each_document_is_there_by_its_id_and_location(app: App) {
        let account = app.account(5).await;
        for (list, expected) in [("/ResourceTypes", 2), ("/Schemas", 5)] {
            let page = account.scim.get(list).await.expect(200);
            assert_eq!(page["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:ListResponse");
            assert_eq!(page["totalResults"], expected);
            let items = page["Resources"].as_array().unwrap();
            assert_eq!(items.len(), expected);
            for item in items {
                let id = item["id"].as_str().unwrap();
                let alone = account.scim.get(&format!("{list}/{id}")).await.expect(200);
                assert_eq!(alone, *item);
                let location = format!("{}{list}/{id}", account.scim.base);
                assert_eq!(item["meta"]["location"], location);
            }
        }
        let types = account.scim.get("/ResourceTypes").await.expect(200);
        let schemas = account.scim.get("/Schemas").await.expect(200);
        let served = text_set(&schemas["Resources"], "id");
        for known in types["Resources"].as_array().unwrap() {
            assert!(served.contains(known["schema"].as_str().unwrap()), "{known}");
            for extension in known["schemaExtensions"].as_array().unwrap() {
                assert!(served.contains(extension["schema"].as_str().unwrap()), "{known}");
            }
            account.scim.get(known["endpoint"].as_str().unwrap()).await.expect(200);
        }
    }

    async fn an_unknown_id_is_not_found(app: App) {
        let account = app.account(5).await;
        for path in ["/ResourceTypes/Device", "/Schemas/urn:example:none", "/Schemas/User"] {
            refused(account.scim.get(path).await, 404, None);
        }
    }

    async fn documents_cannot_be_written(app: App) {
        let account = app.account(5).await;
        for path in DOCUMENTS {
            for response in [
                account.scim.post(path, json!({})).await,
                account.scim.put(path, json!({})).await,
                account.scim.patch(path, json!({})).await,
                account.scim.delete(path).await,
            ] {
                assert_eq!(response.header("allow"), "GET, HEAD", "{path}");
                refused(response, 405, None);
            }
        }
    }

    async fn documents_cannot_be_filtered(app: App) {
        let account = app.account(5).await;
        for path in DOCUMENTS {
            let response = account.scim.filter(path, "name eq \"User\"").await;
            refused(response, 403, None);
        }
    }
}

on_both_migrated_databases! {
    async fn the_limits_are_the_announced_ones(database: Database) {
        let mut options = Options::default();
        options.limits.max_body = 20_000;
        options.limits.bulk_operations = 3;
        options.limits.search.default_page = 2;
        options.limits.search.max_page = 4;
        options.limits.search.cursor_timeout = 60;
        let app = App::start_with(database, options);
        let account = app.account(10).await;
        for number in 0..5 {
            account.provision(&format!("u{number}@kongair.example")).await;
        }
        let config = account.scim.get("/ServiceProviderConfig").await.expect(200);
        for feature in ["patch", "bulk", "filter", "sort", "etag"] {
            assert_eq!(config[feature]["supported"], true, "{feature}");
        }
        assert_eq!(config["changePassword"]["supported"], false);
        assert_eq!(config["authenticationSchemes"][0]["type"], "oauthbearertoken");

        let paging = &config["pagination"];
        assert_eq!((&paging["cursor"], &paging["index"]), (&json!(true), &json!(true)));
        let page = account.scim.get("/Users").await.expect(200);
        assert_eq!(page["itemsPerPage"], paging["defaultPageSize"]);
        let page = account.scim.get("/Users?count=100").await.expect(200);
        assert_eq!(page["itemsPerPage"], paging["maxPageSize"]);
        assert_eq!(page["itemsPerPage"], config["filter"]["maxResults"]);
        let page = account.scim.get("/Users?cursor&count=1").await.expect(200);
        let next = format!("/Users?count=1&cursor={}", page["nextCursor"].as_str().unwrap());
        app.clock.advance(paging["cursorTimeout"].as_i64().unwrap() * 1000);
        account.scim.get(&next).await.expect(200);
        app.clock.advance(1000);
        refused(account.scim.get(&next).await, 400, Some("expiredCursor"));

        let most = config["bulk"]["maxOperations"].as_u64().unwrap();
        let request = |operations: u64| {
            let operations: Vec<_> = (0..operations)
                .map(|number| json!({"method": "DELETE", "path": format!("/Users/{number}")}))
                .collect();
            json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
                "Operations": operations,
            })
        };
        account.scim.post("/Bulk", request(most)).await.expect(200);
        refused(account.scim.post("/Bulk", request(most + 1)).await, 413, None);
        let size = config["bulk"]["maxPayloadSize"].as_u64().unwrap();
        let mut padded = request(1).to_string();
        padded.push_str(&" ".repeat(usize::try_from(size).unwrap() - padded.len()));
        let headers = [("content-type", MEDIA_TYPE)];
        let post = reqwest::Method::POST;
        let fits = account.scim.send(post.clone(), "/Bulk", &headers, Some(padded.clone())).await;
        fits.expect(200);
        let longer = Some(padded + " ");
        refused(account.scim.send(post, "/Bulk", &headers, longer).await, 413, None);
    }
}
