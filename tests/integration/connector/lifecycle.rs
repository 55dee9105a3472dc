//! Onboarding step 7, "SCIM": from what is missing to a token that ends.

use serde_json::{Value, json};

use crate::support::{Account, App, Client, on_both_databases, text, user};

const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;
const OWNER: &str = "owner@kongair.example";

/// A client for the connector with this token.
fn scim(made: &Value) -> Client {
    Client::new(text(made, "scim_base_url"), text(made, "secret"))
}

async fn page(account: &Account) -> Value {
    account.admin.get("/connector").await.expect(200)
}

/// Takes away everything that enabling needs, and the connector itself.
fn take_everything_away(app: &App) {
    for statement in [
        "DELETE FROM connector_tokens",
        "DELETE FROM connectors",
        "DELETE FROM domains",
        "UPDATE enterprises SET sso_configured_at = NULL, plan = 'pro'",
    ] {
        app.database.execute(statement);
    }
}

/// Subjects of the mails to the owner about tokens and provisioning.
fn letters(app: &App) -> Vec<String> {
    app.mailbox.to(OWNER).into_iter().map(|mail| mail.subject).collect()
}

on_both_databases! {
    async fn step_7_scim_is_enabled_used_refreshed_and_runs_out(app: App) {
        let account = app.account(10).await;
        let co_owner = account.add_member("co@kongair.example", "co-owner").await;
        take_everything_away(&app);

        // "Enabling needs …": what is missing is named, all at once.
        let wish = json!({"expiry": "30_days", "label": "Okta"});
        let refused = account.admin.post("/connector/enable", wish.clone()).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:scim-prerequisites");
        let detail = text(&refused, "detail");
        for part in ["Enterprise plan", "no domain is verified", "single sign-on is not configured"] {
            assert!(detail.contains(part), "{detail}");
        }
        app.database.execute("UPDATE enterprises SET plan = 'enterprise'");
        let detail = account.admin.post("/connector/enable", wish.clone()).await.detail(403);
        assert!(!detail.contains("Enterprise plan") && detail.contains("no domain"), "{detail}");
        // A domain that waits for its record is none yet.
        account.admin.post("/domains", json!({"name": "kongair.example"})).await.expect(201);
        let shown = page(&account).await;
        assert_eq!(shown["status"], "disabled");
        assert_eq!(shown["scim_base_url"], Value::Null);
        assert_eq!(shown["missing_prerequisites"], json!(["verified_domain", "sso"]));
        app.database.execute("UPDATE domains SET method = 'operator', verified_at = 1");
        app.database.execute("UPDATE enterprises SET sso_configured_at = 1");

        // Enable: URL and token, once.
        let made = account.admin.post("/connector/enable", wish.clone()).await.expect(201);
        assert!(text(&made, "secret").starts_with("insomnia_scim_"));
        let first = scim(&made);
        let shown = page(&account).await;
        assert_eq!(shown["status"], "valid");
        assert_eq!(shown["scim_base_url"], made["scim_base_url"]);
        assert_eq!(shown["tokens"][0]["expiry"], "30_days");
        assert_eq!(shown["tokens"][0]["expires_at"], "2026-01-31T00:00:00.000Z");
        assert!(!shown.to_string().contains(&text(&made, "secret")));
        let again = account.admin.post("/connector/enable", wish.clone()).await.expect(409);
        assert_eq!(again["type"], "urn:insomnia:problem:scim-enabled");

        // Provision.
        first.post("/Users", user("jane@kongair.example")).await.expect(201);

        // Refresh: both tokens are good for the grace period, then only the new one.
        let wish = json!({"expiry": "30_days", "label": "Okta again"});
        let refreshed = account.admin.post("/connector/token", wish).await.expect(201);
        assert_eq!(refreshed["scim_base_url"], made["scim_base_url"], "the URL never changes");
        let second = scim(&refreshed);
        app.clock.advance(DAY - 1);
        first.get("/Users?count=1").await.expect(200);
        second.get("/Users?count=1").await.expect(200);
        app.clock.advance(1);
        first.get("/Users?count=1").await.expect(401);
        second.get("/Users?count=1").await.expect(200);

        // Warnings from 20 days before, to owner and co-owners, by whichever node: each once.
        let node = app.peer();
        app.clock.advance(9 * DAY - 1);
        app.background().await;
        assert!(letters(&app).is_empty(), "{:?}", letters(&app));
        assert_eq!(page(&account).await["status"], "valid");
        app.clock.advance(60_000);
        for (days, sent) in [(0, 1), (1, 1), (9, 2), (5, 3), (4, 4)] {
            app.clock.advance(days * DAY);
            tokio::join!(app.background(), node.background());
            app.background().await;
            assert_eq!(letters(&app).len(), sent, "{:?}", letters(&app));
        }
        let shown = page(&account).await;
        assert_eq!(shown["status"], "expiring_soon");
        assert!(text(&json!({"w": shown["warnings"][0]}), "w").contains("ends at"), "{shown}");
        assert!(letters(&app)[0].contains("the SCIM token ends on 2026-01-31"));
        assert_eq!(app.mailbox.to("co@kongair.example").len(), 4);
        second.get("/Users?count=1").await.expect(200);

        // Once when provisioning has stopped.
        app.clock.advance(DAY);
        tokio::join!(app.background(), node.background());
        app.clock.advance(DAY);
        app.background().await;
        assert_eq!(letters(&app).len(), 5);
        assert!(letters(&app)[4].contains("provisioning has stopped"));
        assert_eq!(page(&account).await["status"], "expired");
        second.get("/Users?count=1").await.expect(401);
        let state = account.member(&co_owner).await["state"].clone();
        assert_eq!(state, "active", "nothing was changed by it");

        // A refresh gets it going again.
        let third = account
            .admin
            .post("/connector/token", json!({"expiry": "never", "grace_hours": 0}))
            .await
            .expect(201);
        scim(&third).get("/Users?count=1").await.expect(200);
        assert_eq!(page(&account).await["status"], "valid");
        app.clock.advance(800 * DAY);
        scim(&third).get("/Users?count=1").await.expect(200);
    }

    async fn disabling_refuses_every_token_at_once_and_keeps_data_and_url(app: App) {
        let account = app.account(5).await;
        let id = account.provision("jane@kongair.example").await;
        let before = page(&account).await;
        account.admin.post("/connector/disable", json!({})).await.expect(204);
        account.scim.get("/Users?count=1").await.expect(401);
        let shown = page(&account).await;
        assert_eq!((&shown["status"], &shown["scim_base_url"]),
            (&json!("disabled"), &before["scim_base_url"]));
        assert_eq!(account.member(&id).await["state"], "active");
        let twice = account.admin.post("/connector/disable", json!({})).await.expect(409);
        assert_eq!(twice["type"], "urn:insomnia:problem:scim-not-enabled");
        account.admin.post("/connector/token", json!({"expiry": "never"})).await.expect(409);
        let made =
            account.admin.post("/connector/enable", json!({"expiry": "1_year"})).await.expect(201);
        assert_eq!(made["scim_base_url"], before["scim_base_url"]);
        account.scim.get("/Users?count=1").await.expect(401);
        scim(&made).get(&format!("/Users/{id}")).await.expect(200);
    }

    async fn grace_is_chosen_and_bounded_and_a_token_can_be_ended(app: App) {
        let account = app.account(5).await;
        let refresh = |grace: i64| json!({"expiry": "2_years", "grace_hours": grace});
        account.admin.post("/connector/token", refresh(169)).await.expect(422);
        account.admin.post("/connector/token", refresh(-1)).await.expect(422);
        account.admin.post("/connector/token", json!({"expiry": "1_day"})).await.expect(400);
        let made = account.admin.post("/connector/token", refresh(0)).await.expect(201);
        account.scim.get("/Users?count=1").await.expect(401);
        assert_eq!(page(&account).await["tokens"].as_array().unwrap().len(), 1);
        scim(&made).get("/Users?count=1").await.expect(200);
        let path = format!("/connector/tokens/{}", text(&made, "id"));
        let other = app.account_named("Other", "other.example", 3).await;
        other.admin.delete(&path).await.expect(404);
        account.admin.delete(&path).await.expect(204);
        account.admin.delete(&path).await.expect(404);
        scim(&made).get("/Users?count=1").await.expect(401);
        let shown = page(&account).await;
        assert_eq!(shown["status"], "expired");
        assert!(shown["warnings"][0].as_str().unwrap().contains("no SCIM token"), "{shown}");
    }

    async fn losing_a_prerequisite_is_a_warning_and_provisioning_goes_on(app: App) {
        let account = app.account(5).await;
        assert_eq!(page(&account).await["warnings"], json!([]));
        app.database.execute("DELETE FROM domains");
        let shown = page(&account).await;
        assert_eq!(shown["missing_prerequisites"], json!(["verified_domain"]));
        assert!(shown["warnings"][0].as_str().unwrap().contains("SCIM goes on"), "{shown}");
        account.provision("jane@kongair.example").await;
    }

    async fn only_owner_and_co_owner_enable(app: App) {
        let account = app.account(5).await;
        for (role, status) in [("member", 403), ("billing-only", 403), ("co-owner", 409)] {
            let id = account.add_member(&format!("{role}@kongair.example"), role).await;
            let client = account.admin.with_token(&account.token_for(&app, &id).await);
            client.post("/connector/enable", json!({"expiry": "never"})).await.expect(status);
        }
    }

    async fn the_page_says_when_token_and_connector_were_last_used(app: App) {
        let account = app.account(5).await;
        assert_eq!(page(&account).await["last_request_at"], Value::Null);
        app.clock.advance(5000);
        account.scim.get("/Users?count=1").await.expect(200);
        app.background().await;
        app.clock.advance(HOUR / 2);
        account.scim.get("/Users?count=1").await.expect(200);
        app.background().await;
        let shown = page(&account).await;
        assert_eq!(shown["last_request_at"], "2026-01-01T00:30:05.000Z");
        assert_eq!(shown["tokens"][0]["last_used_at"], "2026-01-01T00:00:05.000Z", "to the hour");
        app.clock.advance(HOUR);
        account.scim.get("/Users?count=1").await.expect(200);
        app.background().await;
        let used = &page(&account).await["tokens"][0]["last_used_at"];
        assert_eq!(used, "2026-01-01T01:30:05.000Z");
    }
}
