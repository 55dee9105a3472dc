//! Personal tokens: scoped, revocable, with an end.

use serde_json::json;

use crate::support::{on_both_databases, text};

const DAY: i64 = 24 * 60 * 60 * 1000;

on_both_databases! {
    async fn a_token_does_what_its_scopes_say_and_no_more(app: App) {
        let account = app.account(5).await;
        let wish = json!({"name": "reports", "scopes": ["account:read", "tokens:own"]});
        let made = account.admin.post("/tokens", wish).await.expect(201);
        let reports = account.admin.with_token(&text(&made, "secret"));
        reports.get("/members").await.expect(200);
        let detail = reports.post("/organizations", json!({"name": "Cargo"})).await.detail(403);
        assert!(detail.contains("scopes do not include organizations:create"), "{detail}");
        let more = json!({"name": "more", "scopes": ["members:manage"]});
        let detail = reports.post("/tokens", more).await.detail(403);
        assert!(detail.contains("members:manage"), "{detail}");
        let same = reports.post("/tokens", json!({"name": "same"})).await.expect(201);
        assert_eq!(same["scopes"], json!(["account:read", "tokens:own"]), "not more than its maker");
    }

    async fn a_token_ends_at_its_time_and_at_once_when_it_is_revoked(app: App) {
        let account = app.account(5).await;
        let wish = json!({"name": "short", "expires_in_days": 2});
        let made = account.admin.post("/tokens", wish).await.expect(201);
        let short = account.admin.with_token(&text(&made, "secret"));
        app.clock.advance(2 * DAY - 1);
        short.get("/seats").await.expect(200);
        app.clock.advance(1);
        short.get("/seats").await.expect(401);
        let made = account.admin.post("/tokens", json!({"name": "gone"})).await.expect(201);
        let gone = account.admin.with_token(&text(&made, "secret"));
        gone.get("/seats").await.expect(200);
        account.admin.delete(&format!("/tokens/{}", text(&made, "id"))).await.expect(204);
        gone.get("/seats").await.expect(401);
        account.admin.delete(&format!("/tokens/{}", text(&made, "id"))).await.expect(404);
    }

    async fn a_token_that_has_ended_is_listed_for_a_month_and_then_forgotten(app: App) {
        let account = app.account(5).await;
        let wish = json!({"name": "short", "expires_in_days": 1});
        account.admin.post("/tokens", wish).await.expect(201);
        let is_listed = async || {
            account.admin.items("/tokens").await.iter().any(|token| token["name"] == "short")
        };
        app.clock.advance(31 * DAY);
        app.background().await;
        assert!(is_listed().await);
        app.clock.advance(DAY);
        app.background().await;
        assert!(!is_listed().await);
        account.admin.get("/seats").await.expect(200);
    }

    async fn nobody_sees_or_ends_the_tokens_of_others(app: App) {
        let account = app.account(5).await;
        let stranger = app.account_named("Other", "other.example", 5).await;
        let made = account.admin.post("/tokens", json!({"name": "mine"})).await.expect(201);
        let id = text(&made, "id");
        let member = account.admin.with_token(
            &account.token_of(&app, insomnia_scim::enterprise::Role::CoOwner).await,
        );
        for other in [&stranger.admin, &member] {
            assert!(!other.items("/tokens").await.iter().any(|token| token["id"] == id.as_str()));
            other.delete(&format!("/tokens/{id}")).await.expect(404);
        }
        let listed = account.admin.items("/tokens").await;
        let mine = listed.iter().find(|token| token["id"] == id.as_str()).unwrap();
        assert_eq!(mine["name"], "mine");
        assert!(mine.get("secret").is_none());
    }

    async fn a_role_cannot_make_a_token_for_more_than_itself(app: App) {
        let account = app.account(5).await;
        let role = insomnia_scim::enterprise::Role::BillingOnly;
        let billing = account.admin.with_token(&account.token_of(&app, role).await);
        let wish = json!({"name": "x", "scopes": ["members:manage"]});
        let detail = billing.post("/tokens", wish).await.detail(403);
        assert!(detail.contains("billing-only may not manage members"), "{detail}");
        billing.post("/tokens", json!({"name": "x", "scopes": ["billing:read"]})).await.expect(201);
    }

    async fn mistakes_in_a_wish_are_named(app: App) {
        let account = app.account(5).await;
        for (wish, status, named) in [
            (json!({"name": " "}), 422, "name"),
            (json!({"name": "x", "scopes": ["everything"]}), 400, "\"everything\" is not one of"),
            (json!({"name": "x", "expires_in_days": 0}), 422, "expires_in_days"),
            (json!({"name": "x", "expires_in_days": 366}), 422, "expires_in_days"),
            (json!({"name": "x", "colour": "red"}), 400, "colour"),
        ] {
            let detail = account.admin.post("/tokens", wish).await.detail(status);
            assert!(detail.contains(named), "{detail}");
        }
    }
}
