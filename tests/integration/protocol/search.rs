//! `POST /.search` (RFC 7644 §3.4.3) and queries on the root.

use serde_json::{Value, json};

use super::*;
use crate::support::{App, group, on_both_databases, set, text_set, texts};

fn request(more: Value) -> Value {
    let mut body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// Two users beside the owner, two groups.
async fn population(app: &App) -> Account {
    let account = app.account(10).await;
    for name in ["ada", "crew"] {
        user_with(&account, &format!("{name}@kongair.example"), json!({"displayName": name})).await;
    }
    for name in ["Crew", "Ground"] {
        account.scim.post("/Groups", group(name, &[])).await.expect(201);
    }
    account
}

on_both_databases! {
    async fn a_search_on_a_type_is_a_query_on_it(app: App) {
        let account = population(&app).await;
        let found = account.scim.post("/Users/.search", request(json!({
            "filter": "userName sw \"ada\" or userName sw \"crew\"",
            "sortBy": "userName", "sortOrder": "descending",
            "startIndex": 1, "count": 10,
            "attributes": ["userName"],
        }))).await;
        assert_eq!(found.header("content-type"), MEDIA_TYPE);
        let found = found.expect(200);
        assert_eq!(found["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:ListResponse");
        let names = texts(&found["Resources"], "userName");
        assert_eq!(names, ["crew@kongair.example", "ada@kongair.example"]);
        assert_eq!(found["Resources"][0].get("emails"), None);
        let groups = account.scim.post("/Groups/.search", request(json!({}))).await.expect(200);
        assert_eq!(text_set(&groups["Resources"], "displayName"), set(&["Crew", "Ground"]));
        let page = request(json!({"count": "1", "startIndex": "2"}));
        let page = account.scim.post("/Users/.search", page).await.expect(200);
        assert_eq!((&page["itemsPerPage"], &page["totalResults"]), (&json!(1), &json!(3)));
    }

    async fn the_root_holds_users_and_groups(app: App) {
        let account = population(&app).await;
        let all = account.scim.get("").await.expect(200);
        assert_eq!(all["totalResults"], 5);
        let kinds: Vec<&str> = all["Resources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["meta"]["resourceType"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, ["User", "User", "User", "Group", "Group"]);
        let posted = account.scim.post("/.search", request(json!({}))).await.expect(200);
        assert_eq!(posted, all);
        for (start, count, expected) in [(1, 2, 2), (3, 2, 2), (4, 9, 2), (5, 1, 1), (6, 5, 0)] {
            let path = format!("?startIndex={start}&count={count}");
            let page = account.scim.get(&path).await.expect(200);
            let part: Vec<_> = all["Resources"].as_array().unwrap().iter().skip(start - 1)
                .take(expected).cloned().collect();
            assert_eq!(page["Resources"], json!(part), "{path}");
            assert_eq!(page["totalResults"], 5);
        }
    }

    async fn a_filter_on_the_root_looks_at_both_types(app: App) {
        let account = population(&app).await;
        for (filter, total) in [
            ("displayName eq \"crew\"", 2),
            ("displayName co \"crew\"", 2),
            ("userName sw \"crew\"", 1),
            ("members pr", 0),
            ("id pr", 5),
            ("meta.resourceType eq \"Group\"", 2),
            ("meta.resourceType eq \"Group\" and displayName sw \"g\"", 1),
        ] {
            let got = account.scim.filter("", filter).await.expect(200);
            assert_eq!(got["totalResults"], total, "{filter}");
            let posted = account.scim.post("/.search", request(json!({"filter": filter}))).await;
            assert_eq!(posted.expect(200), got);
        }
        let query = [("filter", "displayName eq \"crew\""), ("sortBy", "meta.resourceType")];
        let sorted = account.scim.query("", &query).await.expect(200);
        assert_eq!(sorted["Resources"][0]["meta"]["resourceType"], "Group");
        let response = account.scim.filter("", "shoeSize pr").await;
        let detail = refused(response, 400, Some("invalidFilter"));
        assert!(detail.contains("shoeSize"), "{detail}");
    }

    async fn what_is_no_search_request_is_refused(app: App) {
        let account = population(&app).await;
        for path in ["/.search", "/Users/.search", "/Groups/.search"] {
            for body in [json!({}), json!([]), json!({"schemas": ["urn:x"]})] {
                let response = account.scim.post(path, body).await;
                refused(response, 400, Some("invalidSyntax"));
            }
            let body = request(json!({"count": true}));
            refused(account.scim.post(path, body).await, 400, Some("invalidValue"));
            let body = request(json!({"filter": "displayName"}));
            refused(account.scim.post(path, body).await, 400, Some("invalidFilter"));
            let response = account.scim.get(path).await;
            assert_eq!(response.header("allow"), "POST", "{path}");
            refused(response, 405, None);
        }
    }
}
