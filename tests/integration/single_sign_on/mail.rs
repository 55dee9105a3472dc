//! Signing in by a link in a mail.

use serde_json::{Value, json};

use super::{Connected, client};
use crate::support::{App, Browser, Client, link_in, on_both_databases, text};

fn nobody(app: &App) -> Client {
    Client::new(format!("{}/api/v1", app.url), String::new())
}

/// Asks for a link, and gives what it ends with.
async fn token(app: &App, email: &str) -> String {
    nobody(app).post("/sign-in", json!({"email": email})).await.expect(202);
    app.background().await;
    // Owners get other mail, too.
    let mails = app.mailbox.to(email);
    let mail = mails.iter().rfind(|mail| mail.subject.starts_with("Sign in")).unwrap();
    link_in(mail).rsplit_once('/').unwrap().1.to_owned()
}

on_both_databases! {
    async fn a_link_signs_in_once_and_for_fifteen_minutes(app: App) {
        let account = app.account(5).await;
        let link = token(&app, "owner@kongair.example").await;
        let nobody = nobody(&app);
        let made = nobody.post("/sessions", json!({"token": link})).await;
        assert!(made.header("set-cookie").starts_with("insomnia_session="));
        let made = made.expect(201);
        let owner = nobody.with_token(&text(&made, "secret"));
        let me = owner.get("/session").await.expect(200);
        assert_eq!(me["email"], "owner@kongair.example");
        assert_eq!(me["signed_in_by"], "mail");
        assert_eq!(me["role"], "owner");
        owner.get("/members").await.expect(200);
        let again = nobody.post("/sessions", json!({"token": link})).await.expect(401);
        assert_eq!(again["type"], "urn:insomnia:problem:link-unknown");
        let late = token(&app, "owner@kongair.example").await;
        app.clock.advance(15 * 60 * 1000);
        nobody.post("/sessions", json!({"token": late})).await.expect(401);
        for guess in ["", "guess", "\u{0}"] {
            nobody.post("/sessions", json!({"token": guess})).await.expect(401);
        }
        let log = account.admin.items("/audit-log").await;
        assert!(log.iter().any(|row| row["action"] == "session.started"), "{log:?}");
    }

    async fn who_is_locked_out_of_their_domain_does_not_get_in(app: App) {
        let account = app.account(5).await;
        let other = app.account_named("Other", "other.example", 5).await;
        other.add_member("bea@kongair.example", "member").await;
        let link = token(&app, "bea@kongair.example").await;
        let domain = text(&account.admin.items("/domains").await[0], "id");
        let path = format!("/domains/{domain}");
        account.admin.patch(&path, json!({"locked": true})).await.expect(200);
        let refused = nobody(&app).post("/sessions", json!({"token": link})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:domain-locked");
        account.add_member("bea@kongair.example", "member").await;
        let link = token(&app, "bea@kongair.example").await;
        nobody(&app).post("/sessions", json!({"token": link})).await.expect(201);
    }

    async fn the_same_is_answered_for_an_address_that_nobody_has(app: App) {
        app.account(5).await;
        for email in ["owner@kongair.example", "nobody@kongair.example"] {
            for _ in 0..5 {
                let answer = nobody(&app).post("/sign-in", json!({"email": email})).await;
                assert_eq!(answer.expect(202), Value::Null);
            }
            let refused = nobody(&app).post("/sign-in", json!({"email": email})).await.expect(429);
            assert_eq!(refused["type"], "urn:insomnia:problem:too-many-links");
        }
        app.background().await;
        assert_eq!(app.mailbox.to("owner@kongair.example").len(), 5);
        assert_eq!(app.mailbox.mails().len(), 5);
        app.clock.advance(60 * 60 * 1000);
        app.background().await;
        let email = json!({"email": "owner@kongair.example"});
        nobody(&app).post("/sign-in", email).await.expect(202);
        nobody(&app).post("/sign-in", json!({"email": "none"})).await.expect(422);
    }

    async fn opening_the_link_asks_and_the_button_signs_in(app: App) {
        app.account(5).await;
        let link = token(&app, "owner@kongair.example").await;
        let (mut browser, url) = (Browser::new(), format!("{}/sign-in/{link}", app.url));
        // Programs that look at mails do it often.
        for _ in 0..3 {
            let page = browser.get(&url).await.page(200);
            assert!(page.contains("sign in as owner@kongair.example"), "{page}");
            assert!(client(&app, &browser).is_none());
        }
        browser.submit(&url, "https://evil.example", &[]).await.page(400);
        browser.submit(&url, &app.url, &[]).await.leads_to();
        let me = client(&app, &browser).unwrap().get("/session").await.expect(200);
        assert_eq!(me["email"], "owner@kongair.example");
        Browser::new().get(&url).await.page(401);
    }

    async fn where_sso_is_on_a_link_that_was_sent_before_is_refused_too(app: App) {
        let account = app.account(5).await;
        let link = token(&app, "owner@kongair.example").await;
        let connected = Connected::on(&app, &account).await;
        let nobody = nobody(&app);
        let refused = nobody.post("/sessions", json!({"token": link})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:sso-required");
        assert!(text(&refused, "detail").contains("/sso/start?domain=kongair.example"));
        Browser::new().get(&format!("{}/sign-in/{link}", app.url)).await.page(403);
        for email in ["owner@kongair.example", "NOBODY@KongAir.Example"] {
            nobody.post("/sign-in", json!({"email": email})).await.expect(403);
        }
        // People of other domains sign in by mail; so do these, when it is off.
        let guest = account.add_member("guest@other.example", "member").await;
        let link = token(&app, "guest@other.example").await;
        let made = nobody.post("/sessions", json!({"token": link})).await.expect(201);
        let me = nobody.with_token(&text(&made, "secret")).get("/session").await.expect(200);
        assert_eq!(me["member_id"], guest.as_str());
        let path = format!("/sso-connections/{}/activation", connected.id);
        account.admin.delete(&path).await.expect(200);
        token(&app, "owner@kongair.example").await;
    }
}
