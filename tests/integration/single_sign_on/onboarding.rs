//! The onboarding document's step "6. SSO", with an identity provider that is not ours.

use insomnia_scim::enterprise::{Clock, Timestamp};
use serde_json::json;

use super::{DOMAIN, client, connect, connection, start, verification};
use crate::support::{
    App, Browser, Client, OidcProvider, Options, on_both_migrated_databases, parameter, text,
};

/// A server by the provider's clock, which is the machine's.
fn app(database: crate::support::Database) -> App {
    let now = Timestamp(Clock::system().now().0);
    App::start_with(database, Options { clock: Clock::fixed(now), ..Options::default() })
}

on_both_migrated_databases! {
    async fn step_6_sso_once_a_domain_is_verified_openid_connect_is_set_up(database: Database) {
        let Some(provider) = OidcProvider::start() else { return };
        let app = app(database);
        let account = app.account(5).await;
        let amelia = account.add_member("amelia@kongair.example", "member").await;

        // Insomnia shows the redirect URL and the audience URI.
        let made = account.admin.post("/sso-connections", json!({"domain": "kongair.example"}));
        let made = made.await.expect(201);
        let id = text(&made, "id");
        assert_eq!(made["state"], "draft");
        assert_eq!(made["redirect_url"], format!("{}/sso/oidc/{id}/callback", app.url));
        assert_eq!(made["audience_uri"], format!("{}/sso/saml/{id}/metadata", app.url));
        provider.register(&text(&made, "redirect_url"), "client_secret_basic").await;

        // The administrator enters issuer URL, client id and client secret.
        let path = format!("/sso-connections/{id}");
        let entered = account.admin.put(&path, provider.entry()).await.expect(200);
        assert_eq!(entered["draft"]["oidc"]["issuer"], provider.issuer.as_str());
        assert_eq!(entered["draft"]["oidc"]["has_client_secret"], true);
        assert!(!entered.to_string().contains(OidcProvider::CLIENT_SECRET));

        // The connection is verified before it is saved.
        let activation = format!("{path}/activation");
        let refused = account.admin.put(&activation, json!({})).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:sso-not-verified");
        let url = verification(&account, &id).await;
        let mut administrator = Browser::new();
        let from = administrator.get(&url).await;
        assert_eq!(parameter(&from.leads_to(), "code_challenge_method"), "S256");
        let back = provider.sign_in(&mut administrator, &from, "owner@kongair.example").await;
        let page = administrator.get(&back).await.page(200);
        assert!(page.contains("The connection for kongair.example works"), "{page}");
        assert_eq!(connection(&account, &id).await["state"], "verified");
        assert!(client(&app, &administrator).is_none(), "verifying signs nobody in");

        // Once SSO is on, users of that domain sign in no other way.
        let on = account.admin.put(&activation, json!({})).await.expect(200);
        assert_eq!(on["state"], "on");
        let nobody = Client::new(format!("{}/api/v1", app.url), String::new());
        let mail = nobody.post("/sign-in", json!({"email": "amelia@kongair.example"})).await;
        let refused = mail.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:sso-required");
        let mut browser = Browser::new();
        let url = format!("{}/sso/start?email=amelia@kongair.example&return_to=/teams", app.url);
        let from = browser.get(&url).await;
        assert_eq!(parameter(&from.leads_to(), "login_hint"), "amelia@kongair.example");
        let back = provider.sign_in(&mut browser, &from, "amelia@kongair.example").await;
        let home = browser.get(&back).await;
        assert_eq!(home.leads_to(), format!("{}/teams", app.url));
        let cookie = home.cookies.iter().find(|it| it.starts_with("insomnia_session=")).unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");

        // Attribute `email` identifies the user.
        let me = client(&app, &browser).unwrap().get("/session").await.expect(200);
        assert_eq!(me["email"], "amelia@kongair.example");
        assert_eq!(me["member_id"], amelia.as_str());
        assert_eq!(me["signed_in_by"], "sso");

        // Every step is in the audit log.
        let log = account.admin.items("/audit-log").await;
        let actions: Vec<String> = log.iter().map(|row| text(row, "action")).collect();
        for action in [
            "sso-connection.created",
            "sso-connection.changed",
            "sso-connection.verified",
            "sso-connection.switched-on",
            "session.started",
        ] {
            assert!(actions.iter().any(|done| done == action), "{action} in {actions:?}");
        }
        assert!(!json!(log).to_string().contains(OidcProvider::CLIENT_SECRET));
    }

    async fn a_code_is_redeemed_once_and_another_one_of_the_browser_not_at_all(database: Database) {
        let Some(provider) = OidcProvider::start() else { return };
        let app = app(database);
        let account = app.account(5).await;
        let id = connect(&account, DOMAIN, &provider.entry()).await;
        let redirect = text(&connection(&account, &id).await, "redirect_url");
        // However the provider wants the client to authenticate.
        for (authentication, user) in [("client_secret_post", "a"), ("client_secret_basic", "b")] {
            provider.register(&redirect, authentication).await;
            account.admin.put(&format!("/sso-connections/{id}"), provider.entry()).await.expect(200);
            let url = verification(&account, &id).await;
            let mut browser = Browser::new();
            let from = browser.get(&url).await;
            let email = format!("{user}@kongair.example");
            let back = provider.sign_in(&mut browser, &from, &email).await;
            browser.get(&back).await.page(200);
            let again = browser.get(&back).await.page(403);
            assert!(again.contains("has ended already"), "{again}");
        }
    }

    async fn keys_that_the_provider_changes_are_fetched_again(database: Database) {
        let Some(provider) = OidcProvider::start() else { return };
        let app = app(database);
        let account = app.account(5).await;
        let id = connect(&account, DOMAIN, &provider.entry()).await;
        let redirect = text(&connection(&account, &id).await, "redirect_url");
        provider.register(&redirect, "client_secret_basic").await;
        let url = verification(&account, &id).await;
        let mut browser = Browser::new();
        let from = browser.get(&url).await;
        let back = provider.sign_in(&mut browser, &from, "owner@kongair.example").await;
        browser.get(&back).await.page(200);
        let path = format!("/sso-connections/{id}/activation");
        account.admin.put(&path, json!({})).await.expect(200);

        provider.rotate_keys().await;
        app.clock.advance(31_000);
        let mut browser = Browser::new();
        let from = browser.get(&start(&app)).await;
        let back = provider.sign_in(&mut browser, &from, "owner@kongair.example").await;
        browser.get(&back).await.leads_to();
        assert!(client(&app, &browser).is_some());
    }

    async fn what_the_provider_refuses_is_told(database: Database) {
        let Some(provider) = OidcProvider::start() else { return };
        let app = app(database);
        let account = app.account(5).await;
        let mut entry = provider.entry();
        entry["oidc"]["client_secret"] = "wrong".into();
        let id = connect(&account, DOMAIN, &entry).await;
        let redirect = text(&connection(&account, &id).await, "redirect_url");
        provider.register(&redirect, "client_secret_basic").await;
        let try_as = async |email: &str| {
            let url = verification(&account, &id).await;
            let mut browser = Browser::new();
            let from = browser.get(&url).await;
            let back = provider.sign_in(&mut browser, &from, email).await;
            browser.get(&back).await
        };
        let page = try_as("owner@kongair.example").await.page(409);
        assert!(page.contains("Check the client id, the client secret"), "{page}");
        // The login form sent empty is a user who goes away.
        let page = try_as("").await.page(409);
        assert!(page.contains("access_denied (the user went away)"), "{page}");
        account.admin.put(&format!("/sso-connections/{id}"), provider.entry()).await.expect(200);
        let page = try_as("unverified@kongair.example").await.page(409);
        assert!(page.contains("email_verified is false"), "{page}");
        let shown = connection(&account, &id).await;
        assert!(text(&shown, "last_failure").contains("email_verified is false"));
        assert_eq!(shown["state"], "draft");
    }
}
