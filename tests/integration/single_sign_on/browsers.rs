//! Which browser a sign-in belongs to, and where it leads.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::{Connected, callback, client, start};
use crate::support::{Browser, on_both_databases, parameter};

const OWNER: &str = "owner@kongair.example";

on_both_databases! {
    async fn an_answer_counts_once_in_the_browser_that_asked_and_for_ten_minutes(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        let mut browser = Browser::new();
        let (request, claims) = connected.begin(&app, &mut browser, &start(&app), OWNER).await;
        connected.issuer.give(&connected.key.sign(&claims));
        let answer = callback(&app, &request);

        // Somebody else's browser, with a sign-in of its own and without one.
        let mut other = Browser::new();
        other.get(&answer).await.page(403);
        other.get(&start(&app)).await.leads_to();
        other.get(&answer).await.page(403);
        // The state is none, or not there.
        let guess = format!("{}/sso/oidc/callback?code=code&state=guess", app.url);
        browser.get(&guess).await.page(403);
        browser.get(&format!("{}/sso/oidc/callback?code=code", app.url)).await.page(403);
        assert_eq!(connected.issuer.asked().len(), 1, "only the verification came to the provider");

        browser.get(&answer).await.leads_to();
        assert!(client(&app, &browser).is_some());
        let again = browser.get(&answer).await.page(403);
        assert!(again.contains("has ended already"), "{again}");

        let (request, claims) = connected.begin(&app, &mut browser, &start(&app), OWNER).await;
        connected.issuer.give(&connected.key.sign(&claims));
        app.clock.advance(10 * 60 * 1000);
        browser.get(&callback(&app, &request)).await.page(403);
    }

    async fn the_code_is_bound_to_the_browser_by_pkce(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        let mut browser = Browser::new();
        let (request, claims) = connected.begin(&app, &mut browser, &start(&app), OWNER).await;
        connected.issuer.give(&connected.key.sign(&claims));
        browser.get(&callback(&app, &request)).await.leads_to();
        assert_eq!(parameter(&request, "code_challenge_method"), "S256");
        assert_eq!(parameter(&request, "response_type"), "code");
        assert_eq!(parameter(&request, "scope"), "openid email");
        let asked = connected.issuer.asked().pop().unwrap();
        let asked = format!("http://x?{asked}");
        assert_eq!(parameter(&asked, "code"), "code");
        assert_eq!(parameter(&asked, "client_secret"), "shared");
        let verifier = parameter(&asked, "code_verifier");
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        assert_eq!(parameter(&request, "code_challenge"), challenge);
        assert!(!request.contains(&verifier));
    }

    async fn an_answer_of_another_issuer_is_refused(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        let mut browser = Browser::new();
        let (request, claims) = connected.begin(&app, &mut browser, &start(&app), OWNER).await;
        connected.issuer.give(&connected.key.sign(&claims));
        let answer = format!("{}&iss=https://evil.example", callback(&app, &request));
        let page = browser.get(&answer).await.page(409);
        assert!(page.contains("another issuer"), "{page}");
    }

    async fn a_sign_in_leads_back_into_this_server_only(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        for (wish, leads_to) in [
            ("/teams%3Fx%3D1", "/teams?x=1"),
            ("https%3A%2F%2Fevil.example", "/"),
            ("%2F%2Fevil.example", "/"),
            ("%2F%5Cevil.example", "/"),
            ("%2F%0Aevil", "/"),
        ] {
            let url = format!("{}&return_to={wish}", start(&app));
            let visit = connected.answer(&app, &mut Browser::new(), &url, OWNER).await;
            assert_eq!(visit.leads_to(), format!("{}{leads_to}", app.url), "{wish}");
        }
    }

    async fn who_signs_in_has_to_be_said_and_has_to_have_sso(app: App) {
        app.account(5).await;
        let mut browser = Browser::new();
        browser.get(&format!("{}/sso/start", app.url)).await.page(400);
        browser.get(&format!("{}/sso/start?email=nobody", app.url)).await.page(400);
        for domain in ["kongair.example", "unknown.example", "<script>", "a%00b"] {
            let url = format!("{}/sso/start?domain={domain}", app.url);
            let page = browser.get(&url).await.page(404);
            assert!(!page.contains("<script>"), "{page}");
        }
        browser.get(&format!("{}/sso/trials/guess", app.url)).await.page(404);
    }
}
