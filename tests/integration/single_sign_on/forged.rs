//! Answers that must not be believed.

use serde_json::{Value, json};

use super::{Connected, callback, client, connection, start, verification};
use crate::support::{App, Browser, Key, on_both_databases, unsigned};

/// Signs in with claims changed so; must be refused with a page that says this.
async fn refused(app: &App, connected: &Connected, change: impl Fn(&mut Value), says: &str) {
    let token = |claims: &Value| {
        let mut claims = claims.clone();
        change(&mut claims);
        connected.key.sign(&claims)
    };
    refused_token(app, connected, token, says).await;
}

async fn refused_token(
    app: &App,
    connected: &Connected,
    token: impl Fn(&Value) -> String,
    says: &str,
) {
    let mut browser = Browser::new();
    let (request, claims) =
        connected.begin(app, &mut browser, &start(app), "owner@kongair.example").await;
    connected.issuer.give(&token(&claims));
    let page = browser.get(&callback(app, &request)).await.page(409);
    assert!(page.contains(says), "{says}: {page}");
    assert!(client(app, &browser).is_none(), "{says}");
}

on_both_databases! {
    async fn a_token_that_says_something_else_is_refused(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        let now = app.clock.now().seconds();
        // What is refused below is refused for the reason given: unchanged, it is believed.
        let mut browser = Browser::new();
        connected.answer(&app, &mut browser, &start(&app), "owner@kongair.example").await.leads_to();
        assert!(client(&app, &browser).is_some());

        let set = |name: &'static str, value: Value| move |claims: &mut Value| claims[name] = value.clone();
        let without = |name: &'static str| move |claims: &mut Value| {
            claims.as_object_mut().unwrap().remove(name);
        };
        let not_this = "not for this sign-in";
        refused(&app, &connected, set("nonce", "another".into()), not_this).await;
        refused(&app, &connected, without("nonce"), not_this).await;
        refused(&app, &connected, set("aud", "another".into()), not_this).await;
        refused(&app, &connected, set("aud", json!(["insomnia", "another"])), not_this).await;
        refused(&app, &connected, set("aud", json!([])), not_this).await;
        refused(&app, &connected, set("azp", "another".into()), not_this).await;
        let slash = format!("{}/", connected.issuer.url);
        refused(&app, &connected, set("iss", slash.into()), not_this).await;
        refused(&app, &connected, set("iss", "https://idp.example".into()), not_this).await;
        let not_now = "not valid at this time";
        refused(&app, &connected, set("exp", (now - 60).into()), not_now).await;
        refused(&app, &connected, set("iat", (now + 61).into()), not_now).await;
        refused(&app, &connected, set("nbf", (now + 61).into()), not_now).await;
        let unverified = "email_verified is false";
        refused(&app, &connected, set("email_verified", false.into()), unverified).await;
        refused(&app, &connected, set("email_verified", "false".into()), unverified).await;
        refused(&app, &connected, without("email"), "no claim email").await;
        let shown = connection(&account, &connected.id).await;
        assert!(shown["last_failure"].as_str().unwrap().contains("no claim email"), "{shown}");
    }

    async fn clocks_may_differ_by_a_minute(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        let now = app.clock.now().seconds();
        for (name, value) in [("exp", now - 59), ("iat", now + 59), ("nbf", now + 59)] {
            let mut browser = Browser::new();
            let email = "owner@kongair.example";
            let (request, mut claims) =
                connected.begin(&app, &mut browser, &start(&app), email).await;
            claims[name] = value.into();
            connected.issuer.give(&connected.key.sign(&claims));
            browser.get(&callback(&app, &request)).await.leads_to();
        }
    }

    async fn a_token_that_the_provider_did_not_sign_is_refused(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        let not_signed = "not signed as it must be";
        let (same_id, other_id) = (Key::new("one"), Key::new("two"));
        refused_token(&app, &connected, |claims| same_id.sign(claims), not_signed).await;
        refused_token(&app, &connected, |claims| other_id.sign(claims), not_signed).await;
        refused_token(&app, &connected, unsigned, not_signed).await;
        // Whoever knows the client secret, or the public key, is not the provider.
        let secret = |claims: &Value| connected.key.authenticate(claims, b"shared");
        refused_token(&app, &connected, secret, not_signed).await;
        let public = connected.key.public()["x"].as_str().unwrap().to_owned();
        let public = |claims: &Value| connected.key.authenticate(claims, public.as_bytes());
        refused_token(&app, &connected, public, not_signed).await;
        let changed = |claims: &Value| {
            let token = connected.key.sign(claims);
            let (head, rest) = token.split_once('.').unwrap();
            let mut other = claims.clone();
            other["email"] = "other@kongair.example".into();
            let other = connected.key.sign(&other);
            let payload = other.split('.').nth(1).unwrap();
            format!("{head}.{payload}.{}", rest.split_once('.').unwrap().1)
        };
        refused_token(&app, &connected, changed, not_signed).await;
        refused_token(&app, &connected, |_| "no.token".to_owned(), "no ID token").await;
    }

    async fn somebody_of_another_domain_is_refused(app: App) {
        let account = app.account(5).await;
        let other = app.account_named("Other", "other.example", 5).await;
        let connected = Connected::on(&app, &account).await;
        for email in ["owner@other.example", "owner@sub.kongair.example", "kongair.example"] {
            let mut browser = Browser::new();
            let answer = connected.answer(&app, &mut browser, &start(&app), email).await;
            let page = answer.page(403);
            assert!(page.contains("for addresses of"), "{page}");
            assert!(client(&app, &browser).is_none());
        }
        assert_eq!(app.database.count("sessions"), 0);
        // A draft is verified by somebody of its own domain, too.
        let draft = Connected::entered(&other, "other.example").await;
        let url = verification(&other, &draft.id).await;
        let email = "owner@kongair.example";
        draft.answer(&app, &mut Browser::new(), &url, email).await.page(403);
        assert_eq!(connection(&other, &draft.id).await["state"], "draft");
    }

    async fn an_address_is_also_taken_from_the_userinfo_endpoint_of_the_same_user(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        let email = "owner@kongair.example";
        for (subject, works) in [(email, true), ("somebody else", false)] {
            connected.issuer.tell(json!({"sub": subject, "email": email}));
            let mut browser = Browser::new();
            let (request, mut claims) =
                connected.begin(&app, &mut browser, &start(&app), email).await;
            claims.as_object_mut().unwrap().remove("email");
            connected.issuer.give(&connected.key.sign(&claims));
            let visit = browser.get(&callback(&app, &request)).await;
            assert_eq!(client(&app, &browser).is_some(), works, "{}", visit.body);
        }
    }

    async fn an_unknown_person_of_the_domain_gets_no_access(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        let before = account.snapshot().await;
        let mut browser = Browser::new();
        let stranger = "stranger@kongair.example";
        let page = connected.answer(&app, &mut browser, &start(&app), stranger).await.page(403);
        assert!(page.contains("Ask its administrators"), "{page}");
        assert!(client(&app, &browser).is_none());
        assert_eq!(account.snapshot().await, before);
    }

    async fn an_unknown_person_of_a_captured_domain_joins_and_takes_a_seat(app: App) {
        let account = app.account(2).await;
        let connected = Connected::on(&app, &account).await;
        let domain = account.admin.items("/domains").await[0]["id"].as_str().unwrap().to_owned();
        let capture = json!({"capture": true, "locked": true});
        account.admin.patch(&format!("/domains/{domain}"), capture).await.expect(200);
        let mut browser = Browser::new();
        let amelia = "amelia@kongair.example";
        connected.answer(&app, &mut browser, &start(&app), amelia).await;
        let me = client(&app, &browser).unwrap().get("/session").await.expect(200);
        assert_eq!((&me["email"], &me["role"]), (&json!(amelia), &json!("member")));
        assert_eq!(account.seats().await, (2, 2));
        // No seat is left for the next one, and so no way in.
        let mut other = Browser::new();
        let page = connected.answer(&app, &mut other, &start(&app), "bea@kongair.example").await;
        assert!(page.page(403).contains("seat"));
        assert!(client(&app, &other).is_none());
        assert_eq!(account.seats().await, (2, 2));
    }
}
