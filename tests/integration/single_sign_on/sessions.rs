//! Sessions: how long, of whom, from where.

use reqwest::Method;
use serde_json::json;

use super::{Connected, client, start};
use crate::support::{Account, App, Browser, Client, on_both_databases, text};

const MINUTE: i64 = 60 * 1000;
const AMELIA: &str = "amelia@kongair.example";

/// Signs somebody in at an identity provider.
async fn signed_in(app: &App, connected: &Connected, email: &str) -> (Browser, Client) {
    let mut browser = Browser::new();
    connected.answer(app, &mut browser, &start(app), email).await.leads_to();
    let client = client(app, &browser).unwrap();
    (browser, client)
}

async fn set_up(app: &App) -> (Account, Connected, String) {
    let account = app.account(5).await;
    let amelia = account.add_member(AMELIA, "co-owner").await;
    let connected = Connected::on(app, &account).await;
    (account, connected, amelia)
}

on_both_databases! {
    async fn a_session_ends_after_twelve_hours(app: App) {
        let (_, connected, _) = set_up(&app).await;
        let (_, amelia) = signed_in(&app, &connected, AMELIA).await;
        for _ in 0..8 {
            app.clock.advance(89 * MINUTE);
            amelia.get("/session").await.expect(200);
        }
        app.clock.advance(8 * MINUTE);
        amelia.get("/session").await.expect(401);
        amelia.get("/members").await.expect(401);
    }

    async fn a_session_ends_after_two_hours_of_rest(app: App) {
        let (_, connected, _) = set_up(&app).await;
        let (_, amelia) = signed_in(&app, &connected, AMELIA).await;
        app.clock.advance(120 * MINUTE - 1);
        amelia.get("/session").await.expect(200);
        let (_, resting) = signed_in(&app, &connected, AMELIA).await;
        app.clock.advance(120 * MINUTE);
        resting.get("/session").await.expect(401);
        app.background().await;
    }

    async fn who_signs_out_or_is_signed_out_is_out_at_once(app: App) {
        let (account, connected, _) = set_up(&app).await;
        let (_, one) = signed_in(&app, &connected, AMELIA).await;
        let (mut browser, two) = signed_in(&app, &connected, AMELIA).await;
        let sessions = one.items("/sessions").await;
        assert_eq!(sessions.len(), 2);
        one.delete(&format!("/sessions/{}", text(&sessions[0], "id"))).await.expect(204);
        one.get("/session").await.expect(401);
        two.get("/session").await.expect(200);
        // Nobody ends somebody else's.
        let (_, owner) = signed_in(&app, &connected, "owner@kongair.example").await;
        owner.delete(&format!("/sessions/{}", text(&sessions[1], "id"))).await.expect(404);
        let url = format!("{}/api/v1/session", app.url);
        let request = browser.request(Method::DELETE, &url).header("origin", &app.url);
        let out = browser.send(&url, request).await;
        assert_eq!(out.status, 204, "{}", out.body);
        assert!(client(&app, &browser).is_none(), "the cookie is gone");
        two.get("/session").await.expect(401);
        let log = account.admin.items("/audit-log").await;
        for action in ["session.revoked", "session.ended"] {
            assert!(log.iter().any(|row| row["action"] == action), "{action}");
        }
    }

    async fn a_member_who_is_deactivated_or_removed_is_out_at_once(app: App) {
        let (account, connected, _) = set_up(&app).await;
        let bea = account.provision("bea@kongair.example").await;
        let (_, client) = signed_in(&app, &connected, "bea@kongair.example").await;
        client.get("/session").await.expect(200);
        let active = |active: bool| {
            crate::support::patch(json!([{"op": "replace", "path": "active", "value": active}]))
        };
        account.scim.patch(&format!("/Users/{bea}"), active(false)).await.expect(200);
        client.get("/session").await.expect(401);
        account.scim.patch(&format!("/Users/{bea}"), active(true)).await.expect(200);
        client.get("/session").await.expect(401);
        let (_, client) = signed_in(&app, &connected, "bea@kongair.example").await;
        account.scim.delete(&format!("/Users/{bea}")).await.expect(204);
        client.get("/session").await.expect(401);
    }

    async fn who_is_a_member_no_more_can_sign_in_and_reaches_nothing(app: App) {
        let (account, connected, amelia) = set_up(&app).await;
        account.scim.patch(&format!("/Users/{amelia}"), crate::support::patch(json!([
            {"op": "replace", "path": "active", "value": false},
        ]))).await.expect(200);
        let (_, client) = signed_in(&app, &connected, AMELIA).await;
        let me = client.get("/session").await.expect(200);
        assert_eq!(me["account_id"], serde_json::Value::Null);
        assert_eq!(me["accounts"], json!([]));
        for path in ["/members", "/tokens", "/seats", "/organizations"] {
            let refused = client.get(path).await.expect(403);
            assert_eq!(refused["type"], "urn:insomnia:problem:no-account");
        }
    }

    async fn a_person_acts_in_one_account_at_a_time_and_never_in_a_strangers(app: App) {
        let (account, connected, amelia) = set_up(&app).await;
        let other = app.account_named("Other", "other.example", 5).await;
        let third = app.account_named("Third", "third.example", 5).await;
        let there = other.add_member(AMELIA, "member").await;
        let (_, client) = signed_in(&app, &connected, AMELIA).await;
        let me = client.get("/session").await.expect(200);
        assert_eq!(me["member_id"], amelia.as_str(), "the account whose provider it was");
        assert_eq!(me["accounts"].as_array().unwrap().len(), 1);
        assert_eq!(me["waiting"], json!([]), "what others say of her is not its to see");
        client.get("/members").await.expect(200);
        // Single sign-on of one account says nothing in another.
        for account in [&other, &third] {
            let choice = json!({"account_id": account.made.account_id});
            client.patch("/session", choice).await.expect(403);
        }
        for path in [format!("/session/memberships/{there}/join"), "/session/addresses".to_owned()] {
            let refused = client.post(&path, json!({"email": "amelia@other.example"})).await;
            assert_eq!(refused.expect(403)["type"], "urn:insomnia:problem:session-confined");
        }
        assert_eq!(account.recount().await, 2);
    }

    async fn a_cookie_changes_nothing_for_pages_of_others(app: App) {
        let (account, connected, _) = set_up(&app).await;
        let (mut browser, _) = signed_in(&app, &connected, AMELIA).await;
        let url = format!("{}/api/v1/teams", app.url);
        let mut post = async |name: &str, value: &str| {
            let request = browser
                .request(Method::POST, &url)
                .header("content-type", "application/json")
                .header(name, value)
                .body(json!({"name": "Crew"}).to_string());
            browser.send(&url, request).await
        };
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("x-nothing", "said"),
        ] {
            let page = post(name, value).await.page(403);
            assert!(page.contains("other-origin"), "{name}: {value}: {page}");
        }
        assert!(account.admin.items("/teams").await.is_empty());
        post("origin", &app.url).await.page(201);
        browser.get(&url).await.page(200);
    }

    async fn a_token_is_no_session_and_a_session_no_token(app: App) {
        let (account, connected, _) = set_up(&app).await;
        account.admin.get("/session").await.expect(401);
        let (_, client) = signed_in(&app, &connected, AMELIA).await;
        let secret = client.token.replace("insomnia_session_", "insomnia_admin_");
        account.admin.with_token(&secret).get("/members").await.expect(401);
        let mut scim = account.scim.clone();
        scim.token = client.token.clone();
        scim.get("/Users").await.expect(401);
    }
}
