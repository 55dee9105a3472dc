//! Discovery documents and keys.

use serde_json::json;

use super::{Connected, DOMAIN, callback, client, start};
use crate::support::{Browser, Key, on_both_databases};

on_both_databases! {
    async fn unknown_keys_are_asked_for_once_in_half_a_minute(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        let email = "owner@kongair.example";
        let newer = Key::new("two");
        let sign_in = async || {
            let mut browser = Browser::new();
            let (request, claims) =
                connected.begin(&app, &mut browser, &start(&app), email).await;
            connected.issuer.give(&newer.sign(&claims));
            let visit = browser.get(&callback(&app, &request)).await;
            (client(&app, &browser).is_some(), visit.body)
        };
        app.clock.advance(31_000);
        let before = connected.issuer.key_fetches();
        // Forged: it is asked once, then not for every such token.
        for _ in 0..5 {
            assert!(!sign_in().await.0);
        }
        assert_eq!(connected.issuer.key_fetches(), before + 1);
        // Rotated: as soon as it is asked again, it works.
        connected.issuer.publish(&[&connected.key, &newer]);
        assert!(!sign_in().await.0);
        app.clock.advance(31_000);
        let (works, page) = sign_in().await;
        assert!(works, "{page}");
        assert_eq!(connected.issuer.key_fetches(), before + 2);
    }

    async fn a_provider_that_calls_itself_otherwise_is_refused(app: App) {
        let account = app.account(5).await;
        let connected = Connected::entered(&account, DOMAIN).await;
        let path = format!("/sso-connections/{}/verification", connected.id);
        let with = async |name: &str, value: String| {
            connected.issuer.describe(name, value.into());
            account.admin.post(&path, json!({})).await
        };
        let url = connected.issuer.url.clone();
        for other in [format!("{url}/"), "https://idp.example".to_owned()] {
            let refused = with("issuer", other).await.expect(409);
            assert_eq!(refused["type"], "urn:insomnia:problem:identity-provider");
        }
        with("issuer", url.clone()).await.expect(201);
        let detail = with("authorization_endpoint", "http://idp.example/a".to_owned()).await;
        assert!(detail.detail(409).contains("not an https:// URL"));
        with("authorization_endpoint", format!("{url}/authorize")).await.expect(201);
        let detail = with("jwks_uri", "http://idp.example/keys".to_owned()).await.detail(409);
        assert!(detail.contains("is not an https:// URL"), "{detail}");
    }
}
