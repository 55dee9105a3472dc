//! The same creating call sent again.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, Response, at_once, on_both_databases};

async fn post(client: &Client, path: &str, key: &str, body: &Value) -> Response {
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    client.send(Method::POST, path, &headers, Some(body.to_string())).await
}

on_both_databases! {
    async fn a_repeated_call_creates_nothing_again_and_answers_as_it_did(app: App) {
        let account = app.account(5).await;
        let body = json!({"email": "amelia@kongair.example"});
        let first = post(&account.admin, "/members", "key-1", &body).await;
        assert_eq!(first.header("idempotency-replayed"), "");
        let first = first.expect(201);
        let again = post(&account.admin, "/members", "key-1", &body).await;
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.expect(201), first);
        assert_eq!(account.seats().await, (2, 5));
        // Without a key, or with another one, it is a second call.
        post(&account.admin, "/members", "key-2", &body).await.expect(409);
        account.admin.post("/members", body).await.expect(409);
    }

    async fn the_same_call_many_times_at_once_on_two_nodes_creates_one(app: App) {
        let account = app.account(9).await;
        let node = app.peer();
        let elsewhere = account.through(&node);
        let calls = (0..16).map(|number| {
            let client = if number % 2 == 0 { account.admin.clone() } else { elsewhere.admin.clone() };
            async move { post(&client, "/organizations", "once", &json!({"name": "Cargo"})).await }
        });
        let answers = at_once(calls).await;
        let first = answers[0].clone().expect(201);
        for answer in answers {
            assert_eq!(answer.expect(201), first);
        }
        assert_eq!(account.admin.items("/organizations").await.len(), 2);
    }

    async fn a_refused_call_is_not_remembered(app: App) {
        let account = app.account(1).await;
        let body = json!({"email": "amelia@kongair.example"});
        post(&account.admin, "/members", "key", &body).await.expect(403);
        app.database.execute("UPDATE enterprises SET seats_total = 2");
        post(&account.admin, "/members", "key", &body).await.expect(201);
    }

    async fn a_key_used_for_something_else_is_refused(app: App) {
        let account = app.account(5).await;
        post(&account.admin, "/organizations", "key", &json!({"name": "Cargo"})).await.expect(201);
        for (path, body) in [
            ("/organizations", json!({"name": "Passengers"})),
            ("/teams", json!({"name": "Cargo"})),
        ] {
            let problem = post(&account.admin, path, "key", &body).await.expect(422);
            assert_eq!(problem["type"], "urn:insomnia:problem:idempotency-key-reused");
        }
        let stranger = app.account_named("Other", "other.example", 5).await;
        let own = post(&stranger.admin, "/organizations", "key", &json!({"name": "Own"})).await;
        own.expect(201);
    }

    async fn a_secret_is_shown_once_even_to_a_repeated_call(app: App) {
        let account = app.account(5).await;
        let body = json!({"name": "robot"});
        let made = post(&account.admin, "/tokens", "key", &body).await.expect(201);
        let problem = post(&account.admin, "/tokens", "key", &body).await.expect(409);
        assert_eq!(problem["type"], "urn:insomnia:problem:already-done");
        let secret = made["secret"].as_str().unwrap();
        assert!(!problem.to_string().contains(secret));
        let named = account.admin.items("/tokens").await;
        assert_eq!(named.iter().filter(|token| token["name"] == "robot").count(), 1);
    }

    async fn a_key_is_forgotten_after_a_day(app: App) {
        let account = app.account(5).await;
        let body = json!({"name": "Cargo"});
        post(&account.admin, "/organizations", "key", &body).await.expect(201);
        app.clock.advance(24 * 60 * 60 * 1000 + 1);
        post(&account.admin, "/organizations", "key", &body).await.expect(409);
    }

    async fn a_key_that_is_none_is_refused(app: App) {
        let account = app.account(5).await;
        for key in ["", "with blank", &"x".repeat(256)] {
            let answer = post(&account.admin, "/organizations", key, &json!({"name": "X"})).await;
            assert!(answer.detail(400).contains("Idempotency-Key"));
        }
    }
}
