//! Connections as administrators make and change them.

use insomnia_scim::enterprise::Role;
use serde_json::{Value, json};

use super::{Connected, DOMAIN, callback, client, connect, connection, start, verification};
use crate::support::{
    Account, App, Browser, Issuer, Key, Options, on_both_databases, on_both_migrated_databases,
    text,
};

/// Whether single sign-on is configured, which SCIM needs.
async fn is_configured(account: &Account) -> bool {
    let missing =
        account.admin.get("/connector").await.expect(200)["missing_prerequisites"].to_string();
    !missing.contains("sso")
}

on_both_databases! {
    async fn a_connection_is_for_a_verified_domain_of_the_account_once(app: App) {
        let account = app.account(5).await;
        app.account_named("Other", "other.example", 5).await;
        for domain in ["other.example", "unknown.example", "", "\u{0}"] {
            let refused = account.admin.post("/sso-connections", json!({"domain": domain})).await;
            let refused = refused.expect(409);
            assert_eq!(refused["type"], "urn:insomnia:problem:domain-not-verified");
        }
        let new = json!({"domain": "KongAir.example"});
        account.admin.post("/sso-connections", new.clone()).await.expect(201);
        let refused = account.admin.post("/sso-connections", new).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:sso-connection-exists");
    }

    async fn settings_that_cannot_be_are_refused(app: App) {
        let account = app.account(5).await;
        let id = connect(&account, DOMAIN, &json!({})).await;
        let path = format!("/sso-connections/{id}");
        let enter = async |issuer: &str, client_id: &str, secret: Value| {
            let oidc = json!({"issuer": issuer, "client_id": client_id, "client_secret": secret});
            account.admin.put(&path, json!({"oidc": oidc})).await
        };
        let sound = "https://idp.example";
        for issuer in ["http://idp.example", "https://idp.example?x", "idp.example", "", "\u{0}"] {
            let detail = enter(issuer, "x", Value::Null).await.detail(422);
            assert!(detail.contains("oidc.issuer"), "{detail}");
        }
        for client_id in ["", "\u{0}", "\u{e9}", &"x".repeat(256)] {
            let detail = enter(sound, client_id, Value::Null).await.detail(422);
            assert!(detail.contains("oidc.client_id"), "{detail}");
        }
        for secret in ["", "\n", &"x".repeat(1001)] {
            let detail = enter(sound, "x", secret.into()).await.detail(422);
            assert!(detail.contains("oidc.client_secret"), "{detail}");
        }
        account.admin.put(&path, json!({})).await.expect(400);
        account.admin.put(&path, json!({"oidc": {}, "saml": {}})).await.expect(400);
        assert_eq!(connection(&account, &id).await["draft"], Value::Null);
        let nothing = account.admin.post(&format!("{path}/verification"), json!({})).await;
        let nothing = nothing.expect(409);
        assert_eq!(nothing["type"], "urn:insomnia:problem:sso-nothing-to-verify");
    }

    async fn what_is_in_use_stays_until_what_was_entered_has_worked(app: App) {
        let account = app.account(5).await;
        let old = Connected::on(&app, &account).await;
        let (key, owner) = (Key::new("new"), "owner@kongair.example");
        let issuer = Issuer::start(&key);
        let path = format!("/sso-connections/{}", old.id);
        account.admin.put(&path, issuer.entry()).await.expect(200);
        let shown = connection(&account, &old.id).await;
        assert_eq!(shown["state"], "on");
        assert_eq!(shown["settings"]["oidc"]["issuer"], old.issuer.url.as_str());
        assert_eq!(shown["draft"]["oidc"]["issuer"], issuer.url.as_str());
        old.answer(&app, &mut Browser::new(), &start(&app), owner).await.leads_to();

        let new = Connected { issuer, key, id: old.id.clone() };
        let url = verification(&account, &new.id).await;
        new.answer(&app, &mut Browser::new(), &url, owner).await.page(200);
        let shown = connection(&account, &old.id).await;
        assert_eq!(shown["state"], "on");
        assert_eq!(shown["settings"]["oidc"]["issuer"], new.issuer.url.as_str());
        assert_eq!(shown["draft"], Value::Null);
        let mut browser = Browser::new();
        new.answer(&app, &mut browser, &start(&app), owner).await.leads_to();
        assert!(client(&app, &browser).is_some());
    }

    async fn only_what_was_tried_is_verified(app: App) {
        let account = app.account(5).await;
        let connected = Connected::entered(&account, DOMAIN).await;
        let owner = "owner@kongair.example";
        let path = format!("/sso-connections/{}", connected.id);
        // Changed while somebody is on their way.
        let url = verification(&account, &connected.id).await;
        let mut browser = Browser::new();
        let (request, claims) = connected.begin(&app, &mut browser, &url, owner).await;
        account.admin.put(&path, connected.issuer.entry()).await.expect(200);
        connected.issuer.give(&connected.key.sign(&claims));
        let page = browser.get(&callback(&app, &request)).await.page(409);
        assert!(page.contains("was changed"), "{page}");
        browser.get(&url).await.page(404);
        // Too late.
        let url = verification(&account, &connected.id).await;
        app.clock.advance(60 * 60 * 1000);
        browser.get(&url).await.page(404);
        assert_eq!(connection(&account, &connected.id).await["state"], "draft");
    }

    async fn a_secret_stays_where_it_was_given_for(app: App) {
        let account = app.account(5).await;
        let connected = Connected::verified(&app, &account).await;
        let path = format!("/sso-connections/{}", connected.id);
        let enter = async |issuer: &str| {
            let entry = json!({"oidc": {"issuer": issuer, "client_id": "insomnia"}});
            let entered = account.admin.put(&path, entry).await.expect(200);
            entered["draft"]["oidc"]["has_client_secret"].clone()
        };
        assert_eq!(enter(&connected.issuer.url).await, true);
        assert_eq!(enter("https://evil.example").await, false);
        assert_eq!(enter(&connected.issuer.url).await, true, "the one in use is for it");
        let mut entry = connected.issuer.entry();
        entry["oidc"]["client_secret"] = Value::Null;
        let entered = account.admin.put(&path, entry).await.expect(200);
        assert_eq!(entered["draft"]["oidc"]["has_client_secret"], false);
    }

    async fn on_and_off_is_what_scim_and_mail_see(app: App) {
        let account = app.account(5).await;
        app.database.execute("UPDATE enterprises SET sso_configured_at = NULL");
        let connected = Connected::verified(&app, &account).await;
        let path = format!("/sso-connections/{}", connected.id);
        let activation = format!("{path}/activation");
        assert!(!is_configured(&account).await);
        account.admin.put(&activation, json!({})).await.expect(200);
        account.admin.put(&activation, json!({})).await.expect(200);
        assert!(is_configured(&account).await);
        let refused = account.admin.delete(&path).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:sso-is-on");
        let off = account.admin.delete(&activation).await.expect(200);
        assert_eq!(off["state"], "verified");
        assert!(!is_configured(&account).await);
        Browser::new().get(&start(&app)).await.page(404);
        account.admin.put(&activation, json!({})).await.expect(200);
        assert!(is_configured(&account).await);
        // With the domain goes what was for it.
        app.database.execute("DELETE FROM domains");
        assert!(!is_configured(&account).await);
        account.admin.get(&path).await.expect(404);
    }

    async fn a_sign_in_ends_when_the_connection_is_switched_off_meanwhile(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        let mut browser = Browser::new();
        let owner = "owner@kongair.example";
        let (request, claims) = connected.begin(&app, &mut browser, &start(&app), owner).await;
        let path = format!("/sso-connections/{}", connected.id);
        account.admin.delete(&format!("{path}/activation")).await.expect(200);
        connected.issuer.give(&connected.key.sign(&claims));
        browser.get(&callback(&app, &request)).await.page(404);
        account.admin.delete(&path).await.expect(204);
        assert!(account.admin.items("/sso-connections").await.is_empty());
    }

    async fn connections_of_other_accounts_are_not_there(app: App) {
        let account = app.account(5).await;
        let other = app.account_named("Other", "other.example", 5).await;
        let connected = Connected::on(&app, &account).await;
        let path = format!("/sso-connections/{}", connected.id);
        other.admin.get(&path).await.expect(404);
        other.admin.put(&path, connected.issuer.entry()).await.expect(404);
        other.admin.delete(&path).await.expect(404);
        other.admin.post(&format!("{path}/verification"), json!({})).await.expect(404);
        other.admin.put(&format!("{path}/activation"), json!({})).await.expect(404);
        other.admin.delete(&format!("{path}/activation")).await.expect(404);
        assert!(other.admin.items("/sso-connections").await.is_empty());
        assert_eq!(connection(&account, &connected.id).await["state"], "on");
    }

    async fn members_do_not_see_connections(app: App) {
        let account = app.account(5).await;
        let member = account.admin.with_token(&account.token_of(&app, Role::Member).await);
        member.get("/sso-connections").await.expect(403);
        let co_owner = account.admin.with_token(&account.token_of(&app, Role::CoOwner).await);
        co_owner.get("/sso-connections").await.expect(200);
    }
}

on_both_migrated_databases! {
    async fn without_a_key_no_secret_is_stored(database: Database) {
        let app = App::start_with(database, Options { secret_key: None, ..Options::default() });
        let account = app.account(5).await;
        let issuer = Issuer::start(&Key::new("one"));
        let mut new = issuer.entry();
        new["domain"] = "kongair.example".into();
        let refused = account.admin.post("/sso-connections", new.clone()).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:no-secret-key");
        assert!(text(&refused, "detail").contains("INSOMNIA_SCIM_SECRET_KEY"));
        assert!(account.admin.items("/sso-connections").await.is_empty());
        new["oidc"]["client_secret"] = Value::Null;
        account.admin.post("/sso-connections", new).await.expect(201);
    }
}
