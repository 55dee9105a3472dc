//! What a change makes of values (RFC 7643 §2.4, RFC 7644 §3.5.2): none is invented, none is there
//! twice, and what cannot be changed says so.

use serde_json::json;

use super::*;
use crate::support::{group, on_both_databases, patch};

on_both_databases! {
    async fn a_filter_that_matches_nothing_makes_up_no_address(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let path = format!("/Users/{id}");
        let before = account.scim.get(&path).await.expect(200);
        for (op, value) in [("replace", "X"), ("add", "X"), ("replace", "")] {
            let change = json!([
                {"op": "replace", "path": "title", "value": "Pilot"},
                {"op": op, "path": "emails[value eq \"eve@x.example\"].display", "value": value},
            ]);
            let response = account.scim.patch(&path, patch(change)).await;
            let detail = refused(response, 400, Some("noTarget"));
            assert!(detail.contains("emails[value eq"), "{detail}");
        }
        assert_eq!(account.scim.get(&path).await.expect(200), before);
        let kinds = json!([
            {"op": "Replace", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "1"},
            {"op": "Replace", "path": "roles[primary eq \"True\"].value", "value": "r"},
        ]);
        let user = account.scim.patch(&path, patch(kinds)).await.expect(200);
        assert_eq!(user["phoneNumbers"], json!([{"type": "mobile", "value": "1"}]));
        assert_eq!(user["roles"], json!([{"primary": true, "value": "r"}]));
    }

    async fn a_path_to_what_the_server_sets_is_refused_with_and_without_a_value(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let path = format!("/Users/{id}");
        let operations = [
            json!({"op": "remove", "path": "groups"}),
            json!({"op": "replace", "path": "groups", "value": []}),
            json!({"op": "replace", "path": "groups", "value": null}),
            json!({"op": "remove", "path": "meta"}),
            json!({"op": "replace", "path": "id", "value": id}),
            json!({"op": "remove", "path":
                "urn:insomnia:params:scim:schemas:extension:account:2.0:User:organizations"}),
        ];
        for with_group in [false, true] {
            if with_group {
                account.scim.post("/Groups", group("Crew", &[&id])).await.expect(201);
            }
            for operation in &operations {
                let response = account.scim.patch(&path, patch(json!([operation]))).await;
                let detail = refused(response, 400, Some("mutability"));
                assert!(detail.contains("set by the service provider"), "{detail}");
            }
        }
        // Beside others, as Okta and Entra send what they have read, it is passed over.
        let echo = json!([{"op": "replace", "value": {"id": id, "groups": [], "title": "Mate"}}]);
        assert_eq!(account.scim.patch(&path, patch(echo)).await.expect(200)["title"], "Mate");
    }

    async fn an_address_in_other_letters_is_the_same(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let path = format!("/Users/{id}");
        let before = account.scim.get(&path).await.expect(200);
        for email in ["ADA@KONGAIR.example", "ada@kongair.EXAMPLE"] {
            let add = json!([{"op": "add", "path": "emails", "value": [
                {"value": email, "type": "work"},
            ]}]);
            assert_eq!(account.scim.patch(&path, patch(add)).await.expect(200), before);
        }
        let mut body = user("ada@kongair.example");
        body["emails"] = json!([
            {"value": "ada@kongair.example", "type": "work", "primary": true},
            {"value": "Ada@KongAir.example", "type": "WORK"},
        ]);
        assert_eq!(account.scim.put(&path, body).await.expect(200)["emails"], before["emails"]);
    }

    async fn a_text_of_json_is_no_address(app: App) {
        let account = app.account(5).await;
        let mut body = user("ada@kongair.example");
        body["emails"] = json!(["{\"value\":\"ada@kongair.example\",\"type\":\"work\"}"]);
        let made = account.scim.post("/Users", body.clone()).await.expect(201);
        assert_eq!(made["emails"], json!([{"value": "ada@kongair.example", "type": "work"}]));
        body["userName"] = "bob@kongair.example".into();
        for text in ["{\"address\":\"bob@kongair.example\"}", "[\"bob@kongair.example\"]"] {
            for emails in [json!([text]), json!([{"value": text, "type": "work"}])] {
                body["emails"] = emails;
                let response = account.scim.post("/Users", body.clone()).await;
                let detail = refused(response, 400, Some("invalidValue"));
                assert!(detail.starts_with("emails must be an object"), "{detail}");
            }
        }
    }

    async fn roles_that_are_texts_of_json_are_read_back_as_they_were_written(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let path = format!("/Users/{id}");
        let role = |id: &str| json!({
            "value": format!("{{\"id\":\"{id}\",\"value\":\"Pilot\",\"displayName\":\"Pilot\"}}"),
        });
        for name in ["roles", "entitlements"] {
            let roles = json!([role("1"), role("2")]);
            let add = json!([{"op": "Add", "path": name, "value": roles}]);
            assert_eq!(account.scim.patch(&path, patch(add)).await.expect(200)[name], roles);
        }
    }

    async fn a_patch_without_schemas_is_read_as_other_bodies_are(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let path = format!("/Users/{id}");
        let operations = json!([{"op": "replace", "path": "active", "value": false}]);
        let body = json!({"Operations": operations});
        assert_eq!(account.scim.patch(&path, body).await.expect(200)["active"], false);
        let body = json!({"schemas": ["urn:x"], "Operations": operations});
        refused(account.scim.patch(&path, body).await, 400, Some("invalidSyntax"));
    }

    async fn a_group_without_members_says_so_wherever_members_are_shown(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let made = account.scim.post("/Groups", group("Crew", &[])).await.expect(201);
        let path = format!("/Groups/{}", made["id"].as_str().unwrap());
        account.scim.post("/Groups", group("Deck", &[&id])).await.expect(201);
        let remove = json!([{"op": "remove", "path": "members"}]);
        let one = |list: serde_json::Value| list["Resources"][0].clone();
        let named = "displayName eq \"Crew\"";
        for group in [
            made,
            account.scim.get(&path).await.expect(200),
            account.scim.get(&format!("{path}?attributes=members")).await.expect(200),
            account.scim.get(&format!("{path}?attributes=members.value")).await.expect(200),
            account.scim.get(&format!("{path}?excludedAttributes=members.$ref")).await.expect(200),
            account.scim.patch(&path, patch(remove)).await.expect(200),
            account.scim.put(&path, group("Crew", &[])).await.expect(200),
            one(account.scim.filter("/Groups", named).await.expect(200)),
            one(account.scim.get("/Groups?sortBy=displayName").await.expect(200)),
            one(account.scim.get("/Groups?sortBy=displayName&count=2").await.expect(200)),
        ] {
            assert_eq!(group["members"], json!([]), "{group}");
        }
        for query in ["?excludedAttributes=members", "?attributes=displayName"] {
            let group = account.scim.get(&format!("{path}{query}")).await.expect(200);
            assert_eq!(group.get("members"), None);
            let list = account.scim.get(&format!("/Groups{query}")).await.expect(200);
            assert_eq!(one(list).get("members"), None);
        }
        let found = account.scim.filter("/Groups", "members pr").await.expect(200);
        assert_eq!(found["totalResults"], 1);
    }
}
