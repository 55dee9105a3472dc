//! OAuth 2.0 as the automatic alternative to a token.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::single_sign_on::Connected;
use crate::support::{
    Account, App, Browser, Response, link_in, on_both_databases, parameter, text,
};

const HOUR: i64 = 60 * 60 * 1000;
const CALLBACK: &str = "https://okta.example/callback?app=1";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn encode(pairs: &[(&str, &str)]) -> String {
    let encoded = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte.is_ascii_alphanumeric() {
                true => char::from(byte).to_string(),
                false => format!("%{byte:02X}"),
            })
            .collect()
    };
    pairs.iter().map(|(name, value)| format!("{name}={}&", encoded(value))).collect()
}

async fn post(url: String, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Response {
    let client = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let mut request = client
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(encode(form));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Response::of(request.send().await.unwrap()).await.unwrap()
}

/// A client made by the account's owner.
struct Client {
    token_url: String,
    id: String,
    secret: String,
}

impl Client {
    async fn make(app: &App, account: &Account, wish: Value) -> Self {
        let made = account.admin.post("/connector/oauth-clients", wish).await.expect(201);
        assert_eq!(made["token_url"], format!("{}/oauth/token", app.url));
        Self {
            token_url: text(&made, "token_url"),
            id: text(&made, "id"),
            secret: text(&made, "secret"),
        }
    }

    async fn machine(app: &App, account: &Account) -> Self {
        Self::make(app, account, json!({"name": "Entra"})).await
    }

    async fn browser(app: &App, account: &Account) -> Self {
        let wish = json!({"name": "Okta <script>", "redirect_uris": [CALLBACK]});
        Self::make(app, account, wish).await
    }

    /// Asks for a token with the secret in the form.
    async fn ask(&self, form: &[(&str, &str)]) -> Response {
        let mut form = form.to_vec();
        form.extend([("client_id", self.id.as_str()), ("client_secret", &self.secret)]);
        post(self.token_url.clone(), &form, &[]).await
    }

    async fn access(&self) -> String {
        text(&self.ask(&[("grant_type", "client_credentials")]).await.expect(200), "access_token")
    }

    async fn exchange(&self, code: &str, verifier: &str) -> Response {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", verifier),
        ];
        self.ask(&form).await
    }

    async fn refresh(&self, token: &str) -> Response {
        self.ask(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }
}

fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER.as_bytes()))
}

/// What a client sends an administrator's browser with.
fn question<'a>(client: &'a Client, challenge: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("response_type", "code"),
        ("client_id", &client.id),
        ("redirect_uri", CALLBACK),
        ("state", "s&1"),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
    ]
}

/// The administrator's answer: where the browser is sent.
async fn answer(app: &App, form: &[(&str, &str)], token: &str, decision: &str) -> Response {
    let mut form = form.to_vec();
    form.push(("decision", decision));
    let bearer = format!("Bearer {token}");
    let headers = if token.is_empty() { vec![] } else { vec![("authorization", bearer.as_str())] };
    post(format!("{}/oauth/authorize", app.url), &form, &headers).await
}

/// The code that the client is given with the consent of the account's owner.
async fn consent(app: &App, account: &Account, client: &Client) -> String {
    let challenge = challenge();
    let answer = answer(app, &question(client, &challenge), &account.admin.token, "allow").await;
    assert_eq!(answer.status, 302, "{}", answer.body);
    let location = answer.header("location").to_owned();
    let rest = location.strip_prefix(&format!("{CALLBACK}&code=")).unwrap();
    let (code, state) = rest.split_once("&state=").unwrap();
    assert_eq!(state, "s%261", "state is passed through");
    code.to_owned()
}

fn error(response: Response, status: u16) -> String {
    assert_eq!(response.header("cache-control"), "no-store");
    let body = response.expect(status);
    assert!(body["error_description"].is_string(), "{body}");
    text(&body, "error")
}

on_both_databases! {
    async fn a_client_fetches_an_access_token_and_provisions(app: App) {
        let account = app.account(5).await;
        let client = Client::machine(&app, &account).await;
        let answer = client.ask(&[("grant_type", "client_credentials"), ("scope", "scim")]).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let given = answer.expect(200);
        assert_eq!(given["token_type"], "Bearer");
        assert_eq!(given["expires_in"], 3600);
        assert_eq!(given.get("refresh_token"), None);
        let scim = account.scim.with_token(&text(&given, "access_token"));
        scim.post("/Users", crate::support::user("jane@kongair.example")).await.expect(201);
        app.clock.advance(HOUR - 1);
        scim.get("/Users?count=1").await.expect(200);
        app.clock.advance(1);
        scim.get("/Users?count=1").await.expect(401);
        let basic = STANDARD.encode(format!("{}:{}", client.id, client.secret));
        let headers = [("authorization", format!("Basic {basic}"))];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        let form = [("grant_type", "client_credentials")];
        post(client.token_url.clone(), &form, &headers).await.expect(200);
    }

    async fn who_is_not_the_client_gets_nothing(app: App) {
        let account = app.account(5).await;
        let client = Client::machine(&app, &account).await;
        let form = [("grant_type", "client_credentials")];
        for (id, secret) in [
            (client.id.as_str(), "insomnia_secret_wrong"),
            ("ocl_none", &client.secret),
            ("\0", &client.secret),
            (&client.id, &account.scim.token),
        ] {
            let wrong = Client {
                token_url: client.token_url.clone(), id: id.to_owned(), secret: secret.to_owned(),
            };
            let refused = wrong.ask(&form).await;
            assert!(refused.header("www-authenticate").starts_with("Basic"));
            assert_eq!(error(refused, 401), "invalid_client");
        }
        assert_eq!(error(post(client.token_url.clone(), &form, &[]).await, 401), "invalid_client");
        for (form, word) in [
            (&[("grant_type", "password")][..], "unsupported_grant_type"),
            (&[("scope", "scim")], "invalid_request"),
            (&[("grant_type", "client_credentials"), ("scope", "admin")], "invalid_scope"),
            (&[("grant_type", "client_credentials"), ("grant_type", "x")], "invalid_request"),
            (&[("grant_type", "authorization_code")], "invalid_request"),
            (&[("grant_type", "refresh_token"), ("refresh_token", "x")], "unauthorized_client"),
        ] {
            assert_eq!(error(client.ask(form).await, 400), word);
        }
        // Its secret and id are no SCIM tokens, and its access token is none of another account.
        for token in [&client.secret, &client.id] {
            account.scim.with_token(token).get("/Users?count=1").await.expect(401);
        }
        let other = app.account_named("Other", "other.example", 3).await;
        other.scim.with_token(&client.access().await).get("/Users?count=1").await.expect(401);
        let path = format!("/connector/oauth-clients/{}", client.id);
        other.admin.delete(&path).await.expect(404);
        assert_eq!(other.admin.items("/connector/oauth-clients").await, Vec::<Value>::new());
    }

    async fn a_client_that_asks_too_often_is_told_to_wait(app: App) {
        let account = app.account(5).await;
        let client = Client::machine(&app, &account).await;
        let form = [("grant_type", "client_credentials")];
        let mut last = client.ask(&form).await;
        for _ in 0..60 {
            if last.status != 200 {
                break;
            }
            last = client.ask(&form).await;
        }
        // One more is given every three seconds.
        let seconds: u64 = last.header("retry-after").parse().unwrap();
        assert!((1..=3).contains(&seconds), "{seconds}");
        assert_eq!(error(last, 429), "temporarily_unavailable");
    }

    async fn a_secret_is_rotated_with_an_overlap_and_a_client_is_revoked(app: App) {
        let account = app.account(5).await;
        let mut client = Client::machine(&app, &account).await;
        let (former, access) = (client.secret.clone(), client.access().await);
        let path = format!("/connector/oauth-clients/{}", client.id);
        let rotated =
            account.admin.post(&format!("{path}/secret"), json!({"overlap_hours": 2})).await;
        let newest = text(&rotated.expect(201), "secret");
        client.access().await;
        app.clock.advance(2 * HOUR);
        let form = [("grant_type", "client_credentials")];
        assert_eq!(error(client.ask(&form).await, 401), "invalid_client");
        assert_ne!(former, newest);
        client.secret = newest;
        let fresh = client.access().await;
        account.scim.with_token(&access).get("/Users?count=1").await.expect(401);
        account.scim.with_token(&fresh).get("/Users?count=1").await.expect(200);
        account.admin.delete(&path).await.expect(204);
        account.scim.with_token(&fresh).get("/Users?count=1").await.expect(401);
        assert_eq!(error(client.ask(&form).await, 401), "invalid_client");
        account.admin.delete(&path).await.expect(404);
    }

    async fn disabling_ends_access_and_enabling_lets_clients_fetch_again(app: App) {
        let account = app.account(5).await;
        let client = Client::machine(&app, &account).await;
        let access = client.access().await;
        account.admin.post("/connector/disable", json!({})).await.expect(204);
        account.scim.with_token(&access).get("/Users?count=1").await.expect(401);
        let form = [("grant_type", "client_credentials")];
        assert_eq!(error(client.ask(&form).await, 400), "unauthorized_client");
        account.admin.post("/connector/enable", json!({"expiry": "never"})).await.expect(201);
        account.scim.with_token(&access).get("/Users?count=1").await.expect(401);
        account.scim.with_token(&client.access().await).get("/Users?count=1").await.expect(200);
    }

    async fn with_consent_a_client_is_given_a_code_and_tokens_that_rotate(app: App) {
        let account = app.account(5).await;
        let client = Client::browser(&app, &account).await;
        let challenge = challenge();
        let asked = encode(&question(&client, &challenge));
        let mut browser = account.admin.with_token("");
        browser.base = app.url.clone();
        browser.token = account.admin.token.clone();
        let page = browser.get(&format!("/oauth/authorize?{asked}")).await;
        assert!(page.header("content-security-policy").contains("default-src 'none'"));
        assert_eq!(page.header("x-frame-options"), "DENY");
        let html = page.expect(200).as_str().unwrap().to_owned();
        assert!(html.contains("Okta &lt;script&gt;") && !html.contains("<script"), "{html}");
        let code = consent(&app, &account, &client).await;
        let given = client.exchange(&code, VERIFIER).await.expect(200);
        let scim = account.scim.with_token(&text(&given, "access_token"));
        scim.get("/Users?count=1").await.expect(200);
        let first = text(&given, "refresh_token");
        app.clock.advance(HOUR);
        scim.get("/Users?count=1").await.expect(401);
        let given = client.refresh(&first).await.expect(200);
        let second = text(&given, "refresh_token");
        let scim = account.scim.with_token(&text(&given, "access_token"));
        scim.get("/Users?count=1").await.expect(200);
        // A refresh token that is used again was copied: everything of this consent ends.
        assert_eq!(error(client.refresh(&first).await, 400), "invalid_grant");
        scim.get("/Users?count=1").await.expect(401);
        assert_eq!(error(client.refresh(&second).await, 400), "invalid_grant");
        let ended = account.admin.items_of("/audit-log?action=oauth_client.tokens_ended&limit=9").await;
        assert_eq!(ended.len(), 1);
        let consents =
            account.admin.items_of("/audit-log?action=oauth_client.authorized&limit=9").await;
        assert_eq!(consents[0]["actor"]["name"], "owner@kongair.example");
    }

    async fn a_code_is_good_once_for_its_client_and_for_two_minutes(app: App) {
        let account = app.account(5).await;
        let client = Client::browser(&app, &account).await;
        let wrong = "x".repeat(43);
        for verifier in [wrong.as_str(), ""] {
            let code = consent(&app, &account, &client).await;
            assert_eq!(error(client.exchange(&code, verifier).await, 400), "invalid_grant");
            let again = client.exchange(&code, VERIFIER).await;
            assert_eq!(error(again, 400), "invalid_grant", "a wrong try spends it");
        }
        let code = consent(&app, &account, &client).await;
        let thief = Client::browser(&app, &account).await;
        assert_eq!(error(thief.exchange(&code, VERIFIER).await, 400), "invalid_grant");
        let given = client.exchange(&code, VERIFIER).await.expect(200);
        let scim = account.scim.with_token(&text(&given, "access_token"));
        scim.get("/Users?count=1").await.expect(200);
        assert_eq!(error(client.exchange(&code, VERIFIER).await, 400), "invalid_grant");
        scim.get("/Users?count=1").await.expect(401);
        let code = consent(&app, &account, &client).await;
        app.clock.advance(2 * 60 * 1000);
        assert_eq!(error(client.exchange(&code, VERIFIER).await, 400), "invalid_grant");
    }

    async fn only_an_administrator_of_the_account_consents(app: App) {
        let account = app.account(5).await;
        let client = Client::browser(&app, &account).await;
        let challenge = challenge();
        let form = question(&client, &challenge);
        let other = app.account_named("Other", "other.example", 3).await;
        let member = account.add_member("m@kongair.example", "member").await;
        let member = account.token_for(&app, &member).await;
        for token in ["", "insomnia_admin_wrong", &account.scim.token] {
            let stranger = answer(&app, &form, token, "allow").await;
            assert_eq!(stranger.status, 303, "{}", stranger.body);
            assert!(stranger.header("location").starts_with("/sign-in?return_to="), "{stranger:?}");
        }
        for token in [&member, &other.admin.token] {
            let refused = answer(&app, &form, token, "allow").await;
            assert_eq!(refused.status, 403, "{}", refused.body);
            assert!(refused.body.as_str().unwrap().contains("role=\"alert\""));
        }
        let denied = answer(&app, &form, &account.admin.token, "deny").await;
        assert!(denied.header("location").contains("error=access_denied"), "{denied:?}");
        assert!(denied.header("location").ends_with("state=s%261"));
        let mut form = form.clone();
        form.push(("decision", "allow"));
        let bearer = format!("Bearer {}", account.admin.token);
        let foreign = [("origin", "https://evil.example"), ("authorization", &bearer)];
        post(format!("{}/oauth/authorize", app.url), &form, &foreign).await.expect(403);
    }

    async fn whoever_is_not_signed_in_signs_in_and_comes_back_to_the_question(app: App) {
        let account = app.account(5).await;
        let client = Client::browser(&app, &account).await;
        let challenge = challenge();
        let form = question(&client, &challenge);
        let page = format!("{}/oauth/authorize", app.url);
        let with = |decision: &'static str| {
            let mut form = form.clone();
            form.push(("decision", decision));
            form
        };
        let mut browser = Browser::new();
        let there = browser.get(&format!("{page}?{}", encode(&form))).await.leads_to();
        let again = browser.submit(&page, &app.url, &with("allow")).await.leads_to();
        assert_eq!(again, there, "nobody answers who is not signed in");
        let shown = browser.get(&there).await.page(200);
        assert!(!shown.contains("KongAir") && !shown.contains(">Allow<"), "{shown}");
        let wanted = parameter(&there, "return_to");
        let fields = [("email", "owner@kongair.example"), ("return_to", &wanted)];
        browser.submit(&format!("{}/sign-in", app.url), &app.url, &fields).await.page(200);
        app.background().await;
        let link = link_in(&app.mailbox.to("owner@kongair.example").pop().unwrap());
        let back = browser.submit(&link, &app.url, &[]).await.leads_to();
        assert!(back.starts_with(&format!("{page}?")), "{back}");
        let shown = browser.get(&back).await.page(200);
        assert!(shown.contains("owner@kongair.example") && shown.contains("KongAir"), "{shown}");
        // Another site's page cannot answer for the person.
        browser.submit(&page, "https://evil.example", &with("allow")).await.page(403);
        // It hands out access, so it takes a fresh session.
        app.clock.advance(16 * 60 * 1000);
        let shown = browser.get(&back).await.page(403);
        assert!(shown.contains("Confirm that it is you") && !shown.contains(">Allow<"), "{shown}");
        browser.submit(&page, &app.url, &with("allow")).await.page(403);
        browser.submit(&page, &app.url, &with("sign-in-again")).await.page(200);
        app.background().await;
        let link = link_in(&app.mailbox.to("owner@kongair.example").pop().unwrap());
        let back = browser.submit(&link, &app.url, &[]).await.leads_to();
        assert!(browser.get(&back).await.page(200).contains(">Allow<"));
        let given = browser.submit(&page, &app.url, &with("allow")).await.leads_to();
        let rest = given.strip_prefix(&format!("{CALLBACK}&code=")).unwrap();
        let (code, state) = rest.split_once("&state=").unwrap();
        assert_eq!(state, "s%261");
        client.exchange(code, VERIFIER).await.expect(200);
    }

    async fn whose_domain_has_single_sign_on_signs_in_there_and_comes_back(app: App) {
        let account = app.account(5).await;
        let client = Client::browser(&app, &account).await;
        let challenge = challenge();
        let form = question(&client, &challenge);
        let page = format!("{}/oauth/authorize", app.url);
        let connected = Connected::on(&app, &account).await;
        let mut browser = Browser::new();
        let there = browser.get(&format!("{page}?{}", encode(&form))).await.leads_to();
        let wanted = parameter(&there, "return_to");
        let fields = [("email", "owner@kongair.example"), ("return_to", &wanted)];
        let there = browser.submit(&format!("{}/sign-in", app.url), &app.url, &fields).await.leads_to();
        let (request, claims) =
            connected.begin(&app, &mut browser, &there, "owner@kongair.example").await;
        let back = connected.come_back(&app, &mut browser, &request, &claims).await.leads_to();
        assert!(back.starts_with(&format!("{page}?")), "{back}");
        assert!(browser.get(&back).await.page(200).contains(">Allow<"));
    }

    async fn a_person_of_several_accounts_chooses_and_comes_back(app: App) {
        let account = app.account(5).await;
        let other = app.account_named("Other", "kongair.example.org", 5).await;
        other.add_member("owner@kongair.example", "member").await;
        let client = Client::browser(&app, &account).await;
        let challenge = challenge();
        let form = question(&client, &challenge);
        let owner = app.signed_in("owner@kongair.example").await;
        let waiting = owner.get("/session").await.expect(200)["waiting"][0].clone();
        let join = format!("/session/memberships/{}/join", text(&waiting, "member_id"));
        owner.post(&join, json!({})).await.expect(200);
        let mut browser = Browser::new();
        let page = format!("{}/oauth/authorize?{}", app.url, encode(&form));
        let wanted = parameter(&browser.get(&page).await.leads_to(), "return_to");
        let fields = [("email", "owner@kongair.example"), ("return_to", &wanted)];
        browser.submit(&format!("{}/sign-in", app.url), &app.url, &fields).await.page(200);
        app.background().await;
        let link = link_in(&app.mailbox.to("owner@kongair.example").pop().unwrap());
        let choose = browser.submit(&link, &app.url, &[]).await.leads_to();
        assert!(choose.starts_with(&format!("{}/accounts?return_to=", app.url)), "{choose}");
        let wanted = parameter(&choose, "return_to");
        let shown = browser.get(&choose).await.page(200);
        assert!(shown.contains("name=\"return_to\""), "{shown}");
        let id = account.made.account_id.clone();
        let fields = [("account", id.as_str()), ("return_to", &wanted)];
        let back = browser.submit(&format!("{}/accounts", app.url), &app.url, &fields).await.leads_to();
        assert!(browser.get(&back).await.page(200).contains(">Allow<"));
    }

    async fn a_code_is_sent_nowhere_else_and_mistakes_are_told_by_the_book(app: App) {
        let account = app.account(5).await;
        let client = Client::browser(&app, &account).await;
        let challenge = challenge();
        let with = |name: &'static str, value: &'static str| {
            let mut form = question(&client, &challenge);
            form.retain(|(field, _)| *field != name);
            form.push((name, value));
            form
        };
        for (name, value) in [
            ("redirect_uri", "https://okta.example/callback"),
            ("redirect_uri", "https://okta.example/callback?app=1&x"),
            ("redirect_uri", "https://evil.example/"),
            ("client_id", "ocl_none"),
        ] {
            let refused = answer(&app, &with(name, value), &account.admin.token, "allow").await;
            assert_eq!(refused.status, 400, "{name}={value}");
            assert_eq!(refused.header("location"), "");
        }
        for (name, value, word) in [
            ("response_type", "token", "unsupported_response_type"),
            ("scope", "admin", "invalid_scope"),
            ("code_challenge_method", "plain", "invalid_request"),
        ] {
            let refused = answer(&app, &with(name, value), &account.admin.token, "allow").await;
            let location = refused.header("location");
            assert!(location.starts_with(&format!("{CALLBACK}&error={word}&")), "{location}");
        }
        for bad in ["http://okta.example/cb", "https://okta.example/#x", "nonsense"] {
            let wish = json!({"name": "Bad", "redirect_uris": [bad]});
            account.admin.post("/connector/oauth-clients", wish).await.expect(422);
        }
    }
}

#[tokio::test]
async fn the_metadata_names_what_there_is() {
    let app = App::start(crate::support::Database::sqlite());
    let url = format!("{}/.well-known/oauth-authorization-server", app.url);
    let found: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    assert_eq!(found["issuer"], app.url);
    assert_eq!(found["token_endpoint"], format!("{}/oauth/token", app.url));
    assert_eq!(found["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(
        found["grant_types_supported"],
        json!(["client_credentials", "authorization_code", "refresh_token"])
    );
}
