//! Signing in by a link in a mail.

use serde_json::{Value, json};

use super::{Connected, client};
use crate::support::{App, Browser, Client, Response, on_both_databases, text};

fn nobody(app: &App) -> Client {
    Client::new(format!("{}/api/v1", app.url), String::new())
}

on_both_databases! {
    async fn a_link_signs_in_once_and_for_fifteen_minutes(app: App) {
        let account = app.account(5).await;
        let link = app.sign_in_link("owner@kongair.example").await;
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
        let late = app.sign_in_link("owner@kongair.example").await;
        app.clock.advance(15 * 60 * 1000);
        nobody.post("/sessions", json!({"token": late})).await.expect(401);
        for guess in ["", "guess", "\u{0}"] {
            nobody.post("/sessions", json!({"token": guess})).await.expect(401);
        }
        let log = account.admin.items("/audit-log").await;
        assert!(log.iter().any(|row| row["action"] == "session.started"), "{log:?}");
    }

    async fn a_page_of_another_site_signs_nobody_in(app: App) {
        app.account(5).await;
        let link = app.sign_in_link("owner@kongair.example").await;
        let url = format!("{}/api/v1/sessions", app.url);
        let post = async |media_type: &str, name: &str, value: &str| {
            let request = reqwest::Client::new()
                .post(&url)
                .header("content-type", media_type)
                .header(name, value)
                .body(json!({"token": link}).to_string());
            Response::of(request.send().await.unwrap()).await.unwrap()
        };
        // What a browser sends to anywhere without asking beforehand.
        for media_type in
            ["text/plain", "text/plain; application/json", "application/x-www-form-urlencoded"]
        {
            let refused = post(media_type, "x-nothing", "said").await;
            assert_eq!(refused.header("content-type"), "application/problem+json");
            assert!(refused.detail(415).contains("Content-Type: application/json"));
        }
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let refused = post("application/json", name, value).await;
            assert_eq!(refused.header("set-cookie"), "");
            assert_eq!(refused.expect(403)["type"], "urn:insomnia:problem:other-origin");
        }
        for path in ["sign-in", "sign-ups", "sign-ups/confirm", "activations", "invitations/accept"] {
            let url = format!("{}/api/v1/{path}", app.url);
            let request = reqwest::Client::new().post(url).body("{}");
            let refused = Response::of(request.send().await.unwrap()).await.unwrap();
            assert_eq!(refused.expect(415)["type"], "urn:insomnia:problem:not-json", "{path}");
        }
        // None of it used the link up.
        post("application/json; charset=utf-8", "origin", &app.url).await.expect(201);
    }

    async fn who_is_locked_out_of_their_domain_does_not_get_in(app: App) {
        let account = app.account(5).await;
        let other = app.account_named("Other", "other.example", 5).await;
        other.add_member("bea@kongair.example", "member").await;
        let link = app.sign_in_link("bea@kongair.example").await;
        let domain = text(&account.admin.items("/domains").await[0], "id");
        let path = format!("/domains/{domain}");
        account.admin.patch(&path, json!({"locked": true})).await.expect(200);
        let refused = nobody(&app).post("/sessions", json!({"token": link})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:domain-locked");
        account.add_member("bea@kongair.example", "member").await;
        let link = app.sign_in_link("bea@kongair.example").await;
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
        let link = app.sign_in_link("owner@kongair.example").await;
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
        let link = app.sign_in_link("owner@kongair.example").await;
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
        let link = app.sign_in_link("guest@other.example").await;
        let made = nobody.post("/sessions", json!({"token": link})).await.expect(201);
        let client = nobody.with_token(&text(&made, "secret"));
        let me = client.get("/session").await.expect(200);
        assert_eq!(me["waiting"][0]["member_id"], guest.as_str());
        let path = format!("/sso-connections/{}/activation", connected.id);
        account.admin.delete(&path).await.expect(200);
        app.sign_in_link("owner@kongair.example").await;
    }
}
