//! The audit log: who, what, before, after, when.

use serde_json::{Value, json};

use crate::support::{on_both_databases, text};

on_both_databases! {
    async fn a_change_is_logged_with_who_what_before_after_when_and_request(app: App) {
        let account = app.account(5).await;
        let headers = [("content-type", "application/json"), ("x-request-id", "request-4711")];
        let body = json!({"name": "ci"}).to_string();
        let made = account
            .admin
            .send(reqwest::Method::POST, "/tokens", &headers, Some(body))
            .await
            .expect(201);
        let id = text(&made, "id");
        let path = format!("/audit-log?target={id}");
        let entry = account.admin.get(&path).await.expect(200)["items"][0].clone();
        assert_eq!(entry["action"], "token.created");
        assert_eq!(entry["actor"]["kind"], "member");
        assert_eq!(entry["actor"]["name"], "owner@kongair.example");
        assert_eq!(entry["target"], json!({"kind": "token", "id": id, "name": "ci"}));
        assert_eq!(entry["before"], Value::Null);
        assert_eq!(entry["after"]["name"], "ci");
        assert_eq!(entry["at"], "2026-01-01T00:00:00.000Z");
        assert_eq!(entry["request_id"], "request-4711");
        assert!(!entry.to_string().contains(&text(&made, "secret")));
    }

    async fn the_log_is_filtered_paged_and_exported(app: App) {
        let account = app.account(5).await;
        for number in 0..5 {
            app.clock.advance(1000);
            let wish = json!({"name": format!("token {number}, \"quoted\"")});
            account.admin.post("/tokens", wish).await.expect(201);
        }
        let newest = account.admin.get("/audit-log?action=token.created&limit=2").await.expect(200);
        assert_eq!(newest["items"][0]["target"]["name"], "token 4, \"quoted\"");
        let all = account.admin.items_of("/audit-log?action=token.created&limit=2").await;
        assert_eq!(all.len(), 5);
        let since = "/audit-log?action=token.created&since=2026-01-01T00:00:03Z&until=2026-01-01T00:00:05Z";
        assert_eq!(account.admin.items_of(since).await.len(), 2);
        let nobody = account.admin.items_of("/audit-log?actor=nobody").await;
        assert!(nobody.is_empty());
        let csv = account.admin.get("/audit-log.csv?action=token.created").await;
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        let csv = csv.expect(200);
        let lines: Vec<&str> = csv.as_str().unwrap().split("\r\n").collect();
        assert_eq!(lines.len(), 7, "a head, five lines, and an end: {csv}");
        assert!(lines[1].contains("\"token 4, \"\"quoted\"\"\""), "{}", lines[1]);
        let lines = account.admin.get("/audit-log.jsonl?action=token.created").await.expect(200);
        let entries: Vec<Value> =
            lines.as_str().unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(entries, all);
    }

    async fn tenants_do_not_see_each_others_log(app: App) {
        let account = app.account(5).await;
        let stranger = app.account_named("Other", "other.example", 5).await;
        account.admin.post("/tokens", json!({"name": "ours"})).await.expect(201);
        let seen = stranger.admin.get("/audit-log.jsonl").await.expect(200);
        assert!(!seen.to_string().contains("ours"), "{seen}");
    }

    async fn nobody_can_change_or_delete_what_is_logged(app: App) {
        let account = app.account(5).await;
        account.admin.post("/tokens", json!({"name": "ours"})).await.expect(201);
        for statement in ["UPDATE audit_log SET actor_name = 'x'", "DELETE FROM audit_log"] {
            let refused = app.database.try_execute(statement);
            assert!(refused.unwrap_err().contains("append-only"));
        }
    }

    async fn a_filter_that_is_none_is_refused(app: App) {
        let account = app.account(5).await;
        for query in ["since=yesterday", "until=1", "limit=0", "cursor=x", "actor=%00"] {
            account.admin.get(&format!("/audit-log?{query}")).await.expect(400);
        }
    }
}
