//! Bulk (RFC 7644 §3.7).

use serde_json::{Value, json};

use super::*;
use crate::support::{on_both_databases, patch, set, text_set};

fn request(operations: Value) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": operations,
    })
}

/// Sends a bulk request; gives the results.
async fn run(account: &Account, request: Value) -> Vec<Value> {
    let response = account.scim.post("/Bulk", request).await;
    assert_eq!(response.header("content-type"), MEDIA_TYPE);
    let body = response.expect(200);
    assert_eq!(body["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:BulkResponse");
    body["Operations"].as_array().unwrap().clone()
}

fn post(bulk_id: &str, data: Value) -> Value {
    json!({"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": data})
}

fn statuses(results: &[Value]) -> Vec<&str> {
    results.iter().map(|result| result["status"].as_str().unwrap()).collect()
}

/// The path of what an operation made.
fn made<'r>(account: &Account, result: &'r Value) -> &'r str {
    result["location"].as_str().unwrap().strip_prefix(&account.scim.base).unwrap()
}

on_both_databases! {
    async fn every_method_works_and_says_what_it_did(app: App) {
        let account = app.account(10).await;
        let ada = account.provision("ada@kongair.example").await;
        let bob = account.provision("bob@kongair.example").await;
        let gone = account.provision("gone@kongair.example").await;
        let mut put = user("ada@kongair.example");
        put["title"] = "Pilot".into();
        let retitle = patch(json!([{"op": "add", "path": "title", "value": "Mate"}]));
        let results = run(&account, request(json!([
            post("new", user("new@kongair.example")),
            {"method": "PUT", "path": format!("/Users/{ada}"), "data": put},
            {"method": "PATCH", "path": format!("/Users/{bob}"), "data": retitle},
            {"method": "DELETE", "path": format!("/Users/{gone}")},
        ]))).await;
        assert_eq!(statuses(&results), ["201", "200", "200", "204"]);
        assert_eq!((&results[0]["method"], &results[0]["bulkId"]), (&json!("POST"), &json!("new")));
        for result in &results[..3] {
            let resource = account.scim.get(made(&account, result)).await.expect(200);
            assert_eq!(result["version"], resource["meta"]["version"]);
            assert_eq!(result.get("response"), None);
        }
        for (id, title) in [(&ada, "Pilot"), (&bob, "Mate")] {
            let user = account.scim.get(&format!("/Users/{id}")).await.expect(200);
            assert_eq!(user["title"], title);
        }
        account.scim.get(&format!("/Users/{gone}")).await.expect(404);
        assert_eq!(account.seats().await.0, 4);
    }

    async fn references_lead_forward_and_back(app: App) {
        let account = app.account(10).await;
        let results = run(&account, request(json!([
            {"method": "POST", "path": "/Groups", "bulkId": "crew", "data": {
                "displayName": "Crew",
                "members": [{"value": "bulkId:ada"}, {"value": "bulkId:bob"}],
            }},
            post("ada", user("ada@kongair.example")),
            post("bob", user("bob@kongair.example")),
            {"method": "POST", "path": "/Groups", "bulkId": "deck", "data": {
                "displayName": "Deck", "members": [{"value": "bulkId:ada"}],
            }},
            {"method": "PATCH", "path": "/Groups/bulkId:deck", "data": patch(json!([
                {"op": "add", "path": "members", "value": [{"value": "bulkId:bob"}]},
            ]))},
        ]))).await;
        assert_eq!(statuses(&results), ["201", "201", "201", "201", "200"]);
        let id = |result: &Value| {
            made(&account, result).rsplit_once('/').unwrap().1.to_owned()
        };
        let both = set(&[&id(&results[1]), &id(&results[2])]);
        for group in [&results[0], &results[3]] {
            let group = account.scim.get(made(&account, group)).await.expect(200);
            assert_eq!(text_set(&group["members"], "value"), both);
        }
    }

    async fn circular_references_are_followed(app: App) {
        let account = app.account(10).await;
        let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let managed = |address: &str, manager: &str| {
            let mut user = user(address);
            user[urn] = json!({"manager": {"value": format!("bulkId:{manager}")}});
            user
        };
        let results = run(&account, request(json!([
            post("ada", managed("ada@kongair.example", "bob")),
            post("bob", managed("bob@kongair.example", "ada")),
        ]))).await;
        assert_eq!(statuses(&results), ["201", "201"]);
        let ada = account.scim.get(made(&account, &results[0])).await.expect(200);
        let bob = account.scim.get(made(&account, &results[1])).await.expect(200);
        assert_eq!(ada[urn]["manager"]["value"], bob["id"]);
        assert_eq!(bob[urn]["manager"]["value"], ada["id"]);
        assert_eq!(results[0]["version"], ada["meta"]["version"]);
        assert_eq!(results[1]["version"], bob["meta"]["version"]);
    }

    async fn an_error_undoes_nothing_but_its_operation(app: App) {
        let account = app.account(10).await;
        let results = run(&account, request(json!([
            post("ada", user("ada@kongair.example")),
            post("twin", user("ADA@kongair.example")),
            post("bad", json!({"userName": "bad", "active": "maybe"})),
            {"method": "DELETE", "path": "/Users/none"},
            {"method": "PATCH", "path": "/Users/bulkId:ada", "data": patch(json!([
                {"op": "replace", "path": "title", "value": "Pilot"},
                {"op": "replace", "path": "active", "value": "maybe"},
            ]))},
            {"method": "POST", "path": "/Devices", "bulkId": "d", "data": {}},
            {"method": "PATCH", "path": "/Users/bulkId:twin", "data": patch(json!([
                {"op": "replace", "path": "title", "value": "x"},
            ]))},
            post("bob", user("bob@kongair.example")),
        ]))).await;
        let expected = ["201", "409", "400", "404", "400", "404", "409", "201"];
        assert_eq!(statuses(&results), expected);
        for result in &results[1..7] {
            let error = &result["response"];
            assert_eq!(error["status"], result["status"], "{result}");
            assert_eq!(error["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:Error");
        }
        assert_eq!(results[1]["response"]["scimType"], "uniqueness");
        assert_eq!(results[1].get("location"), None, "a POST that failed has none");
        let ada = account.scim.get(made(&account, &results[0])).await.expect(200);
        assert_eq!(ada.get("title"), None);
        assert_eq!(account.scim.get("/Users").await.expect(200)["totalResults"], 3);
        assert_eq!(account.seats().await.0, 3);
    }

    async fn it_stops_after_as_many_errors_as_allowed(app: App) {
        let account = app.account(10).await;
        for (limit, expected) in [
            (1, &["201", "404"][..]),
            (2, &["201", "404", "404"]),
            (3, &["201", "404", "404", "201"]),
        ] {
            let mut body = request(json!([
                post("a", user(&format!("a{limit}@kongair.example"))),
                {"method": "DELETE", "path": "/Users/none"},
                {"method": "DELETE", "path": "/Users/none"},
                post("b", user(&format!("b{limit}@kongair.example"))),
            ]));
            body["failOnErrors"] = limit.into();
            assert_eq!(statuses(&run(&account, body).await), expected, "{limit}");
        }
        let found = account.scim.filter("/Users", "userName sw \"b\"").await.expect(200);
        assert_eq!(found["totalResults"], 1);
    }

    async fn a_version_is_a_condition(app: App) {
        let account = app.account(10).await;
        let id = account.provision("ada@kongair.example").await;
        let path = format!("/Users/{id}");
        let tag = account.scim.get(&path).await.header("etag").to_owned();
        let change = |title: &str, version: &str| json!({
            "method": "PATCH", "path": path, "version": version,
            "data": patch(json!([{"op": "replace", "path": "title", "value": title}])),
        });
        let delete = json!({"method": "DELETE", "path": path, "version": tag});
        let operations = json!([change("One", &tag), change("Two", &tag), delete]);
        let results = run(&account, request(operations)).await;
        assert_eq!(statuses(&results), ["200", "412", "412"]);
        assert_eq!(account.scim.get(&path).await.expect(200)["title"], "One");
    }

    async fn a_lack_of_seats_refuses_single_operations(app: App) {
        let account = app.account(3).await;
        let results = run(&account, request(json!([
            post("a", user("a@kongair.example")),
            post("b", user("b@kongair.example")),
            post("c", user("c@kongair.example")),
            {"method": "DELETE", "path": "/Users/bulkId:a"},
            post("d", user("d@kongair.example")),
        ]))).await;
        assert_eq!(statuses(&results), ["201", "201", "403", "204", "201"]);
        let detail = results[2]["response"]["detail"].as_str().unwrap();
        assert!(detail.contains('3'), "{detail}");
        assert_eq!(account.seats().await, (3, 3));
    }

    async fn more_operations_than_allowed_are_refused_whole(app: App) {
        let account = app.account(10).await;
        let mut operations = vec![post("a", user("a@kongair.example"))];
        operations.resize(1001, json!({"method": "DELETE", "path": "/Users/none"}));
        let response = account.scim.post("/Bulk", request(json!(operations))).await;
        let detail = refused(response, 413, None);
        assert!(detail.contains("1000") && detail.contains("1001"), "{detail}");
        operations.truncate(1000);
        assert_eq!(run(&account, request(json!(operations))).await.len(), 1000);
        assert_eq!(account.scim.get("/Users").await.expect(200)["totalResults"], 2);
    }

    async fn what_is_no_bulk_request_is_refused_whole(app: App) {
        let account = app.account(10).await;
        let ada = post("a", user("a@kongair.example"));
        let data = user("b@kongair.example");
        for (operation, named) in [
            (json!({"method": "GET", "path": "/Users/1"}), "method"),
            (json!({"method": "POST", "path": "/Users", "data": data}), "bulkId"),
            (json!({"method": "POST", "path": "/Users", "bulkId": "b"}), "data"),
            (json!({"method": "PATCH", "path": "/Users", "data": {}}), "path"),
            (ada.clone(), "bulkId"),
        ] {
            let response = account.scim.post("/Bulk", request(json!([ada, operation]))).await;
            let detail = refused(response, 400, Some("invalidSyntax"));
            assert!(detail.contains("Operation 2") && detail.contains(named), "{detail}");
        }
        let response = account.scim.post("/Bulk", json!({"Operations": [ada]})).await;
        refused(response, 400, Some("invalidSyntax"));
        assert_eq!(account.scim.get("/Users").await.expect(200)["totalResults"], 1);
    }

    async fn every_answer_names_its_resource_but_that_of_a_failed_post(app: App) {
        let account = app.account(10).await;
        let ada = account.provision("ada@kongair.example").await;
        let bob = account.provision("bob@kongair.example").await;
        let title = || patch(json!([{"op": "replace", "path": "title", "value": "x"}]));
        let results = run(&account, request(json!([
            {"method": "PUT", "path": format!("/Users/{ada}"), "version": "W/\"none\"",
             "data": user("ada@kongair.example")},
            {"method": "PATCH", "path": "/Users/no one", "data": title()},
            {"method": "PATCH", "path": format!("/users/{ada}"), "data": title()},
            {"method": "DELETE", "path": format!("/Users/{bob}")},
            {"method": "DELETE", "path": "/Groups/none"},
            {"method": "PUT", "path": format!("/Users/{ada}"), "data": {"active": "maybe"}},
            {"method": "PATCH", "path": "/Users/bulkId:none", "data": title()},
            {"method": "DELETE", "path": "/Devices/1"},
            post("p", json!({})),
            post("q", user("q@kongair.example")),
            {"method": "DELETE", "path": "/Users/bulkId:q"},
        ]))).await;
        let expected =
            ["412", "404", "200", "204", "404", "400", "409", "404", "400", "201", "204"];
        assert_eq!(statuses(&results), expected);
        let places: Vec<Option<&str>> = results
            .iter()
            .map(|result| result.get("location").map(|_| made(&account, result)))
            .collect();
        let (ada, bob) = (format!("/Users/{ada}"), format!("/Users/{bob}"));
        assert_eq!(places[..9], [
            Some(ada.as_str()), Some("/Users/no%20one"), Some(&ada), Some(&bob),
            Some("/Groups/none"), Some(&ada), Some("/Users/bulkId:none"), Some("/Devices/1"), None,
        ]);
        assert!(places[9].is_some() && places[9] == places[10], "{places:?}");
    }
}
