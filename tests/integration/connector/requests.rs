//! The request log: what is kept, masked, found, exported and forgotten.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Account, App, on_both_databases, patch, text, user};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// The log, newest first, once it is written.
async fn log(app: &App, account: &Account, query: &str) -> Vec<Value> {
    app.background().await;
    account.admin.items_of(&format!("/connector/requests?limit=50{query}")).await
}

async fn whole(account: &Account, entry: &Value) -> Value {
    account.admin.get(&format!("/connector/requests/{}", text(entry, "id"))).await.expect(200)
}

on_both_databases! {
    async fn every_request_is_kept_with_what_it_came_to(app: App) {
        let account = app.account(5).await;
        let headers = [
            ("content-type", "application/scim+json"),
            ("user-agent", "Okta SCIM Client 1.0.0"),
            ("x-request-id", "request-4711"),
        ];
        let body = user("jane@kongair.example").to_string();
        let (length, made) = (body.len(), account.scim.send(Method::POST, "/Users", &headers, Some(body)).await);
        let id = text(&made.expect(201), "id");
        account.scim.get("/Users?filter=userName+eq+%22jane%40kongair.example%22&count=2").await.expect(200);
        account.scim.post("/Users", user("jane@kongair.example")).await.expect(409);
        let entries = log(&app, &account, "").await;
        assert_eq!(entries.len(), 3, "{entries:?}");
        let [refused, looked_up, made] = &entries[..] else { panic!() };
        assert_eq!(made["at"], "2026-01-01T00:00:00.000Z");
        assert_eq!((&made["idp"], &made["method"], &made["path"], &made["status"]),
            (&json!("okta"), &json!("POST"), &json!("/Users"), &json!(201)));
        assert_eq!((&made["resource_id"], &made["request_id"]), (&json!(id), &json!("request-4711")));
        assert_eq!(made["request_bytes"], length);
        assert!(made["response_bytes"].as_i64().unwrap() > 100);
        assert!(made["duration_ms"].as_f64().unwrap() > 0.0);
        assert_eq!(looked_up["query"], "filter=userName eq \"***(20)\"&count=2");
        assert_eq!(refused["status"], 409);
        assert!(text(refused, "error_detail").contains("userName"), "{refused}");
    }

    async fn personal_values_are_masked_unless_they_are_wanted(app: App) {
        let account = app.account(5).await;
        let id = account.provision("jane@kongair.example").await;
        account.scim.post("/Users", user("jane@kongair.example")).await.expect(409);
        account.scim.get("/Users/jane@kongair.example").await.expect(404);
        for entry in log(&app, &account, "").await {
            let kept = whole(&account, &entry).await.to_string();
            assert!(!kept.contains("jane") && !kept.contains("Family"), "{kept}");
        }
        let made = whole(&account, &log(&app, &account, "&status=201").await[0]).await;
        let body: Value = serde_json::from_str(&text(&made, "request_body")).unwrap();
        assert_eq!(body["userName"], "***(20)");
        assert_eq!(body["active"], true);
        assert_eq!(body["emails"][0]["type"], "work");
        let answer: Value = serde_json::from_str(&text(&made, "response_body")).unwrap();
        assert_eq!(answer["id"], json!(id));
        account.admin.patch("/connector", json!({"log_personal_values": true})).await.expect(200);
        account.provision("joe@kongair.example").await;
        let made = whole(&account, &log(&app, &account, "&status=201").await[0]).await;
        assert!(text(&made, "request_body").contains("joe@kongair.example"));
    }

    async fn only_words_of_the_protocol_and_our_ids_stay_readable(app: App) {
        let account = app.account(5).await;
        let id = account.provision("jane@kongair.example").await;
        let members = json!({
            "displayName": "Crew",
            "members": [{"value": "jane.doe", "$ref": "Users/jane"}, {"value": id}],
        });
        account.scim.post("/Groups", members).await.expect(400);
        let mut body = user("joe@kongair.example");
        body["groups"] = json!([{"value": "jane.doe"}]);
        body["id"] = "jane.doe".into();
        account.scim.post("/Users", body).await.expect(201);
        for query in [
            "?filter=jane.doe+pr", "?sortBy=jane", "?attributes=jane.doe", "?jane=1", "?count=0&who=jane",
        ] {
            account.scim.get(&format!("/Users{query}")).await;
        }
        account.scim.get("/Schemas/urn:ietf:params:scim:jane").await.expect(404);
        let entries = log(&app, &account, "").await;
        assert_eq!(entries.len(), 9);
        for entry in entries {
            let kept = whole(&account, &entry).await.to_string();
            assert!(!kept.contains("jane"), "{kept}");
        }
        let made = whole(&account, &log(&app, &account, "&path=/Groups").await[0]).await;
        let body: Value = serde_json::from_str(&text(&made, "request_body")).unwrap();
        assert_eq!(body["members"][0]["value"], "***(8)");
        assert_eq!(body["members"][1]["value"], json!(id));
    }

    async fn refusals_of_strangers_are_kept_up_to_a_number(app: App) {
        let account = app.account(5).await;
        let stranger = account.scim.with_token("insomnia_scim_wrong");
        for _ in 0..60 {
            stranger.post("/Users", user("jane@kongair.example")).await.expect(401);
        }
        let entries = log(&app, &account, "&status=401").await;
        assert!((20..40).contains(&entries.len()), "{}", entries.len());
        let kept = whole(&account, &entries[0]).await;
        assert_eq!(kept["request_body"], Value::Null);
        let page = account.admin.get("/connector").await.expect(200);
        assert_eq!(page["last_request_at"], Value::Null, "a stranger is not the identity provider");
        account.scim.get("/Users?count=1").await.expect(200);
        assert_eq!(log(&app, &account, "&status=2xx").await.len(), 1, "others are kept all the same");
    }

    async fn a_body_that_is_long_is_counted_and_not_kept(app: App) {
        let account = app.account(5).await;
        let mut wish = user("jane@kongair.example");
        wish["title"] = "x".repeat(12_000).into();
        wish["nickName"] = "x".repeat(12_000).into();
        account.scim.post("/Users", wish).await.expect(201);
        let entry = whole(&account, &log(&app, &account, "").await[0]).await;
        assert_eq!(entry["request_body"], Value::Null);
        assert!(entry["request_bytes"].as_i64().unwrap() > 20_000);
    }

    async fn the_log_is_searched_paged_and_exported(app: App) {
        let account = app.account(10).await;
        let jane = account.provision("jane@kongair.example").await;
        let other = account.provision("joe@kongair.example").await;
        app.clock.advance(1000);
        let operation = json!([{"op": "replace", "path": "active", "value": false}]);
        account.scim.patch(&format!("/Users/{jane}"), patch(operation)).await.expect(200);
        account.scim.get(&format!("/Users/{other}")).await.expect(200);
        account.scim.get("/Groups/none").await.expect(404);
        app.clock.advance(1000);
        let headers = [("user-agent", "Okta SCIM Client 1.0.0")];
        account.scim.send(Method::GET, "/Groups?count=1", &headers, None).await.expect(200);
        let count = async |query: &str| log(&app, &account, query).await.len();
        assert_eq!(count("").await, 6);
        for (query, found) in [
            ("&method=patch", 1),
            ("&status=404", 1),
            ("&status=2xx", 5),
            ("&status=5xx", 0),
            ("&path=/Groups", 2),
            ("&idp=okta", 1),
            ("&idp=other", 5),
            (&format!("&user={jane}"), 2),
            ("&user=jane%40kongair.example", 2),
            ("&user=nobody%40kongair.example", 0),
            ("&q=does%20NOT%20exist", 1),
            ("&since=2026-01-01T00:00:01Z", 4),
            ("&since=2026-01-01T00:00:01Z&until=2026-01-01T00:00:02Z", 3),
        ] {
            assert_eq!(count(query).await, found, "{query}");
        }
        for bad in ["status=9", "idp=nobody", "since=yesterday", "q=%00", "cursor=x", "limit=0"] {
            account.admin.get(&format!("/connector/requests?{bad}")).await.expect(400);
        }
        let paged = account.admin.items_of("/connector/requests?limit=2").await;
        assert_eq!(paged, log(&app, &account, "").await);
        let csv = account.admin.get("/connector/requests.csv").await.expect(200);
        let csv = csv.as_str().unwrap().to_owned();
        assert_eq!(csv.lines().count(), 7);
        assert!(csv.starts_with("at,idp,method,path"), "{csv}");
        let lines = account.admin.get("/connector/requests.jsonl?method=PATCH").await.expect(200);
        assert_eq!(lines["method"], "PATCH");
        assert!(text(&lines, "request_body").contains("active"));
    }

    async fn the_log_is_kept_as_long_as_the_account_wants(app: App) {
        let account = app.account(5).await;
        for bad in [0, 366] {
            account.admin.patch("/connector", json!({"log_days": bad})).await.expect(422);
        }
        account.admin.patch("/connector", json!({"log_days": 2})).await.expect(200);
        account.scim.get("/Users?count=1").await.expect(200);
        let other = app.account_named("Other", "other.example", 3).await;
        other.scim.get("/Users?count=1").await.expect(200);
        app.background().await;
        app.clock.advance(2 * DAY);
        account.scim.get("/Groups?count=1").await.expect(200);
        assert_eq!(log(&app, &account, "").await.len(), 2);
        app.clock.advance(DAY);
        let left = log(&app, &account, "").await;
        assert_eq!(left.len(), 1);
        assert_eq!(left[0]["path"], "/Groups");
        assert_eq!(log(&app, &other, "").await.len(), 1, "30 days where nothing is said");
        app.clock.advance(30 * DAY);
        assert_eq!(log(&app, &other, "").await.len(), 0);
    }

    async fn accounts_see_their_own_log_only(app: App) {
        let account = app.account(5).await;
        let other = app.account_named("Other", "other.example", 3).await;
        account.scim.get("/Users?count=1").await.expect(200);
        let entry = log(&app, &account, "").await.remove(0);
        assert!(log(&app, &other, "").await.is_empty());
        other.admin.get(&format!("/connector/requests/{}", text(&entry, "id"))).await.expect(404);
    }
}
