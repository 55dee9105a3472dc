//! What providers say beside what is used, and what some of them must say.

use serde_json::{Value, json};

use super::{Connected, DOMAIN, callback, client, connect, start};
use crate::support::{App, Browser, on_both_databases, parameter};

const OWNER: &str = "owner@kongair.example";

/// Signs the owner in with these claims beside those that are needed, and this beside the tokens in
/// the provider's answer; gives the page.
async fn signed_in(app: &App, connected: &Connected, claims: Value, beside: Value) -> String {
    let mut browser = Browser::new();
    let (request, mut all) = connected.begin(app, &mut browser, &start(app), OWNER).await;
    all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    let mut answer = json!({"access_token": "access", "id_token": connected.key.sign(&all)});
    answer.as_object_mut().unwrap().extend(beside.as_object().unwrap().clone());
    connected.issuer.answer(answer);
    let visit = browser.get(&callback(app, &request)).await;
    let let_in = client(app, &browser).is_some();
    assert_eq!(let_in, visit.status == 303, "{}", visit.body);
    visit.body
}

on_both_databases! {
    async fn claims_that_are_not_used_refuse_no_sign_in(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        for (claims, beside) in [
            (json!({"updated_at": "2026-01-01T00:00:00Z"}), json!({"token_type": "Bearer"})),
            (json!({"updated_at": "1767225600"}), json!({"token_type": "bearer", "expires_in": "3600"})),
            (json!({"email_verified": "true"}), json!({"expires_in": 3600.5})),
            (json!({"email_verified": 1}), json!({"scope": ["openid", "email"]})),
            (json!({"address": "Main Street 1", "phone_number_verified": "yes"}), json!({})),
            (json!({"locale": {"country": "DE"}, "zoneinfo": 1, "birthdate": 19700101}), json!({})),
            (json!({"auth_time": "2026", "acr": 1, "amr": "pwd", "name": null, "aud": ["insomnia"]}),
                json!({"token_type": "N_A", "refresh_token": null})),
        ] {
            assert_eq!(signed_in(&app, &connected, claims, beside).await, "");
        }
        for unverified in [json!("false"), json!(0), json!("maybe")] {
            let page = signed_in(&app, &connected, json!({"email_verified": unverified}), json!({})).await;
            assert!(page.contains("not verified"), "{page}");
        }
        // The userinfo endpoint may say as much.
        connected.issuer.tell(json!({"sub": OWNER, "email": OWNER, "updated_at": "today", "address": 1}));
        assert_eq!(signed_in(&app, &connected, json!({"email": null}), json!({})).await, "");
    }

    async fn who_promises_to_say_who_answers_has_to(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        let answer = async |iss: Option<&str>, is_redeemed: bool| {
            let mut browser = Browser::new();
            let (request, claims) = connected.begin(&app, &mut browser, &start(&app), OWNER).await;
            if is_redeemed {
                connected.issuer.give(&connected.key.sign(&claims));
            }
            let mut url = callback(&app, &request);
            if let Some(iss) = iss {
                url.push_str(&format!("&iss={iss}"));
            }
            let visit = browser.get(&url).await;
            assert_eq!(client(&app, &browser).is_some(), visit.status == 303, "{}", visit.body);
            visit.body
        };
        let own = connected.issuer.url.clone();
        assert_eq!(answer(None, true).await, "");
        assert_eq!(answer(Some(&own), true).await, "");
        assert!(answer(Some("https://evil.example"), false).await.contains("another issuer"));

        connected.issuer.describe("authorization_response_iss_parameter_supported", true.into());
        app.clock.advance(60 * 60 * 1000);
        assert_eq!(answer(Some(&own), true).await, "");
        assert!(answer(None, false).await.contains("as the provider promises"));
        assert!(answer(Some(&format!("{own}/")), false).await.contains("another issuer"));
    }

    async fn each_connection_has_a_callback_of_its_own(app: App) {
        let account = app.account(5).await;
        let other = app.account_named("Other", "other.example", 5).await;
        let connected = Connected::on(&app, &account).await;
        let theirs = connect(&other, "other.example", &connected.issuer.entry()).await;
        let mut browser = Browser::new();
        let (request, claims) = connected.begin(&app, &mut browser, &start(&app), OWNER).await;
        let redirect = parameter(&request, "redirect_uri");
        assert_eq!(redirect, format!("{}/sso/oidc/{}/callback", app.url, connected.id));
        let state = parameter(&request, "state");
        for path in [theirs.as_str(), "unknown"] {
            // Each answer ends a sign-in: another one is begun for the next.
            let (request, _) = connected.begin(&app, &mut browser, &start(&app), OWNER).await;
            let state = parameter(&request, "state");
            let url = format!("{}/sso/oidc/{path}/callback?code=code&state={state}", app.url);
            browser.get(&url).await.page(403);
        }
        let (shared, _) = connected.begin(&app, &mut browser, &start(&app), OWNER).await;
        let shared = parameter(&shared, "state");
        browser.get(&format!("{}/sso/oidc/callback?code=code&state={shared}", app.url)).await.page(403);
        assert!(client(&app, &browser).is_none());
        connected.issuer.give(&connected.key.sign(&claims));
        browser.get(&format!("{redirect}?code=code&state={state}")).await.leads_to();
        assert!(client(&app, &browser).is_some());
    }

    async fn a_connection_from_before_keeps_the_address_that_its_provider_knows(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        app.database.execute("UPDATE sso_connections SET own_callback = FALSE");
        let shared = format!("{}/sso/oidc/callback", app.url);
        let shown = account.admin.get(&format!("/sso-connections/{}", connected.id)).await.expect(200);
        assert_eq!(shown["redirect_url"], shared.as_str());
        let mut browser = Browser::new();
        let (request, claims) = connected.begin(&app, &mut browser, &start(&app), OWNER).await;
        assert_eq!(parameter(&request, "redirect_uri"), shared);
        connected.issuer.give(&connected.key.sign(&claims));
        browser.get(&callback(&app, &request)).await.leads_to();
        assert!(client(&app, &browser).is_some());
    }

    async fn an_issuer_for_users_of_every_organization_is_not_entered(app: App) {
        let account = app.account(5).await;
        let id = connect(&account, DOMAIN, &json!({})).await;
        let path = format!("/sso-connections/{id}");
        let enter = async |tenant: &str| {
            let issuer = format!("https://login.microsoftonline.com/{tenant}/v2.0");
            account.admin.put(&path, json!({"oidc": {"issuer": issuer, "client_id": "x"}})).await
        };
        for tenant in ["common", "organizations", "consumers"] {
            let detail = enter(tenant).await.detail(422);
            assert!(detail.contains("TENANT-ID"), "{detail}");
        }
        enter("0f1d2c3b-0000-4000-8000-123456789abc").await.expect(200);
    }
}
