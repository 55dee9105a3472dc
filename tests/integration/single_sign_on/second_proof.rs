//! The second proof: a session has to be fresh for what a stolen one must not do.

use insomnia_scim::http::admin;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Connected, client, start};
use crate::support::{App, Browser, link_in, on_both_databases, text};

const OWNER: &str = "owner@kongair.example";
const MINUTE: i64 = 60_000;

/// What takes a fresh session, written down a second time.
const FRESH: [&str; 10] = [
    "connector.enable",
    "connector.refresh-token",
    "oauth-clients.create",
    "oauth-clients.rotate-secret",
    "organization-transfers.accept",
    "organizations.create-transfer",
    "plan.downgrade",
    "recovery-links.create",
    "sso-connections.switch-on",
    "tokens.create",
];

/// Checks that an answer asks for a fresh proof; gives its text.
#[track_caller]
fn stale(refused: &Value) -> String {
    assert_eq!(refused["type"], "urn:insomnia:problem:sign-in-again", "{refused}");
    text(refused, "detail")
}

fn token() -> Value {
    json!({"name": "new"})
}

/// What the newest link to prove ends with.
async fn link(app: &App) -> String {
    app.background().await;
    let mails = app.mailbox.to(OWNER);
    let mail = mails.iter().rfind(|mail| mail.subject.contains("it is you")).unwrap();
    link_in(mail)
}

on_both_databases! {
    async fn a_session_by_mail_proves_itself_by_mail_and_stays_the_same(app: App) {
        let account = app.account(9).await;
        let owner = app.signed_in(OWNER).await;
        owner.post("/tokens", token()).await.expect(201);
        app.clock.advance(15 * MINUTE - 1);
        owner.post("/tokens", token()).await.expect(201);
        app.clock.advance(1);
        let detail = stale(&owner.post("/tokens", token()).await.expect(403));
        assert!(detail.contains("15 minutes") && detail.contains("/session/proof"), "{detail}");
        // All else goes on, and a token has its scopes in place of it.
        owner.items("/tokens").await;
        owner.post("/teams", json!({"name": "Flight"})).await.expect(201);
        account.admin.post("/tokens", token()).await.expect(201);
        owner.post("/session/proof", json!({})).await.expect(202);
        let secret = link(&app).await.rsplit_once('/').unwrap().1.to_owned();
        let proof = json!({"token": secret});
        // The link is the session's that asked for it, and works once.
        app.signed_in(OWNER).await.post("/session/proof/confirm", proof.clone()).await.expect(404);
        let fresh = owner.post("/session/proof/confirm", proof.clone()).await.expect(200);
        let me = owner.get("/session").await.expect(200);
        assert_eq!(fresh["fresh_until"], me["fresh_until"]);
        owner.post("/tokens", token()).await.expect(201);
        owner.post("/session/proof/confirm", proof).await.expect(404);
        app.clock.advance(15 * MINUTE);
        stale(&owner.post("/tokens", token()).await.expect(403));
        let log = account.admin.items_of("/audit-log?action=session.proved").await;
        assert_eq!(log.len(), 1);
    }

    async fn links_end_and_are_few(app: App) {
        app.account(9).await;
        let owner = app.signed_in(OWNER).await;
        for _ in 0..5 {
            owner.post("/session/proof", json!({})).await.expect(202);
        }
        owner.post("/session/proof", json!({})).await.expect(429);
        let secret = link(&app).await.rsplit_once('/').unwrap().1.to_owned();
        app.clock.advance(15 * MINUTE);
        owner.post("/session/proof/confirm", json!({"token": secret})).await.expect(404);
    }

    async fn the_page_of_the_link_leads_back_in_the_same_browser(app: App) {
        app.account(9).await;
        let sign_in = format!("{}/sign-in/{}", app.url, app.sign_in_link(OWNER).await);
        let mut browser = Browser::new();
        browser.submit(&sign_in, &app.url, &[]).await.leads_to();
        let owner = client(&app, &browser).unwrap();
        app.clock.advance(16 * MINUTE);
        stale(&owner.post("/tokens", token()).await.expect(403));
        owner.post("/session/proof", json!({"return_to": "/my-addresses"})).await.expect(202);
        let url = link(&app).await;
        // Whoever reads the mail elsewhere proves nothing.
        let elsewhere = Browser::new().submit(&url, &app.url, &[]).await.leads_to();
        assert!(elsewhere.contains("/sign-in?return_to="), "{elsewhere}");
        let page = browser.get(&url).await.page(200);
        assert!(page.contains("It is me"), "{page}");
        stale(&owner.post("/tokens", token()).await.expect(403));
        browser.submit(&url, "https://evil.example", &[]).await.page(400);
        let back = browser.submit(&url, &app.url, &[]).await.leads_to();
        assert_eq!(back, format!("{}/my-addresses", app.url));
        assert_eq!(client(&app, &browser).unwrap().token, owner.token);
        owner.post("/tokens", token()).await.expect(201);
        // No page of another server.
        owner.post("/session/proof", json!({"return_to": "//evil.example"})).await.expect(202);
        let url = link(&app).await;
        let back = browser.submit(&url, &app.url, &[]).await.leads_to();
        assert_eq!(back, format!("{}/", app.url));
    }

    async fn after_single_sign_on_the_identity_provider_proves_it(app: App) {
        let account = app.account(9).await;
        account.add_member("max@kongair.example", "member").await;
        let connected = Connected::on(&app, &account).await;
        let mut browser = Browser::new();
        let (request, claims) = connected.begin(&app, &mut browser, &start(&app), OWNER).await;
        assert!(!request.contains("prompt="), "{request}");
        connected.come_back(&app, &mut browser, &request, &claims).await;
        let owner = client(&app, &browser).unwrap();
        app.clock.advance(16 * MINUTE);
        let detail = stale(&owner.post("/tokens", token()).await.expect(403));
        assert!(detail.contains("/sso/again"), "{detail}");
        owner.post("/session/proof", json!({})).await.expect(409);
        let again = format!("{}/sso/again?return_to=/my-addresses", app.url);
        let elsewhere = Browser::new().get(&again).await.leads_to();
        assert!(elsewhere.contains("/sign-in?return_to="), "{elsewhere}");
        // Somebody else at the same computer proves nothing.
        let (request, claims) = connected.begin(&app, &mut browser, &again, "max@kongair.example").await;
        connected.come_back(&app, &mut browser, &request, &claims).await.page(403);
        stale(&owner.post("/tokens", token()).await.expect(403));
        let (request, claims) = connected.begin(&app, &mut browser, &again, OWNER).await;
        assert!(request.contains("prompt=login"), "{request}");
        let back = connected.come_back(&app, &mut browser, &request, &claims).await.leads_to();
        assert_eq!(back, format!("{}/my-addresses", app.url));
        assert_eq!(client(&app, &browser).unwrap().token, owner.token);
        owner.post("/tokens", token()).await.expect(201);
        assert_eq!(owner.items("/sessions").await.len(), 1);
    }

    async fn a_stale_session_is_refused_where_the_table_says_and_nowhere_else(app: App) {
        let account = app.account(9).await;
        let owner = app.signed_in(OWNER).await;
        app.clock.advance(16 * MINUTE);
        let api = admin::api();
        let mut asked = Vec::new();
        for endpoint in api.endpoints() {
            if endpoint.access.operation().is_none() || endpoint.method == "GET" {
                continue;
            }
            let method: Method = endpoint.method.as_str().parse().unwrap();
            let path = endpoint.path.replace(['{', '}'], "");
            let body = Some("{no json".to_owned());
            let headers = [("content-type", "application/json")];
            let answer = owner.send(method.clone(), &path, &headers, body.clone()).await;
            let is_stale = answer.body["type"] == "urn:insomnia:problem:sign-in-again";
            assert_eq!(is_stale, FRESH.contains(&endpoint.id), "{}: {}", endpoint.id, answer.body);
            if is_stale {
                asked.push(endpoint.id);
                if endpoint.id != "organization-transfers.accept" {
                    let by_token = account.admin.send(method, &path, &headers, body).await;
                    assert_ne!(by_token.body["type"], "urn:insomnia:problem:sign-in-again");
                }
            }
        }
        asked.sort_unstable();
        assert_eq!(asked, FRESH);
    }
}
