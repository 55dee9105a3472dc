//! Entered addresses lead to the public internet and to what the operator allows, and whoever enters
//! them does not learn what is there.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use insomnia_scim::outside::network::Networks;
use serde_json::json;

use super::{Connected, DOMAIN, callback, connection, start, verification};
use crate::support::{
    Account, App, Browser, Options, on_both_databases, on_both_migrated_databases,
};

/// Something on this machine that answers every request with the same bytes. It ends with the test's
/// process.
struct Stub {
    url: String,
    met: Arc<AtomicUsize>,
}

impl Stub {
    fn start(answer: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let met = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&met);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                counter.fetch_add(1, Ordering::SeqCst);
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self { url, met }
    }

    fn met(&self) -> usize {
        self.met.load(Ordering::SeqCst)
    }
}

fn http(status: &str, head: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{head}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// What an administrator is told of this issuer.
async fn told(account: &Account, id: &str, issuer: &str) -> String {
    let path = format!("/sso-connections/{id}");
    let entry = json!({"oidc": {"issuer": issuer, "client_id": "x"}});
    account.admin.put(&path, entry).await.expect(200);
    account.admin.post(&format!("{path}/verification"), json!({})).await.detail(409)
}

/// A port that was free a moment ago.
fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

on_both_migrated_databases! {
    async fn nothing_inside_is_connected_to_unless_the_operator_allows_it(database: Database) {
        let options = Options { idp_networks: Networks::default(), ..Options::default() };
        let app = App::start_with(database, options);
        let account = app.account(5).await;
        let connected = Connected::entered(&account, DOMAIN).await;
        let stub = Stub::start(http("200 OK", "", "the secret of the machine"));
        let port = stub.url.rsplit(':').next().unwrap().to_owned();
        let first = told(&account, &connected.id, &stub.url).await;
        assert!(first.contains("--allow-idp-network"), "{first}");
        for issuer in [
            closed(),
            connected.issuer.url.clone(),
            format!("https://127.0.0.1:{port}"),
            format!("https://127.1:{port}"),
            format!("https://2130706433:{port}"),
            format!("https://localhost:{port}"),
            format!("https://[::1]:{port}"),
            format!("https://[::ffff:127.0.0.1]:{port}"),
            "https://10.0.0.1".to_owned(),
            "https://169.254.169.254".to_owned(),
            "https://[64:ff9b::a9fe:a9fe]".to_owned(),
            "https://does-not-exist.invalid".to_owned(),
        ] {
            assert_eq!(told(&account, &connected.id, &issuer).await, first, "{issuer}");
        }
        assert_eq!(stub.met(), 0);
        assert_eq!(connected.issuer.key_fetches(), 0);
    }
}

on_both_databases! {
    async fn what_is_found_at_an_address_is_told_to_nobody(app: App) {
        let account = app.account(5).await;
        let connected = Connected::entered(&account, DOMAIN).await;
        let first = told(&account, &connected.id, &closed()).await;
        let target = Stub::start(http("200 OK", "", "{}"));
        let long = "x".repeat(600 * 1024);
        for answer in [
            http("200 OK", "", "the secret of the machine"),
            http("200 OK", "Content-Type: application/json\r\n", "{\"issuer\": \"secret\"}"),
            http("200 OK", "Content-Type: application/json\r\n", &long),
            http("401 Unauthorized", "WWW-Authenticate: Basic realm=\"secret\"\r\n", "secret"),
            http("500 Internal Server Error", "", "secret"),
            http("302 Found", &format!("Location: {}/secret\r\n", target.url), ""),
            "220 mail.secret ESMTP\r\n".to_owned(),
            format!("HTTP/1.1 200 OK\r\nX: {long}\r\n\r\n"),
            String::new(),
        ] {
            let stub = Stub::start(answer.clone());
            let start: String = answer.chars().take(40).collect();
            assert_eq!(told(&account, &connected.id, &stub.url).await, first, "{start}");
            assert!(stub.met() > 0, "{start}");
        }
        assert_eq!(target.met(), 0, "redirects are not followed");
    }

    async fn what_a_discovery_document_names_is_held_to_the_same_rule(app: App) {
        let account = app.account(5).await;
        let connected = Connected::entered(&account, DOMAIN).await;
        let first = told(&account, &connected.id, &closed()).await;
        for name in ["jwks_uri", "authorization_endpoint"] {
            let fresh = Connected::entered_again(&account, &connected.id).await;
            for address in ["https://10.0.0.1/x", "https://169.254.169.254/x", "https://[::1]/x"] {
                fresh.issuer.describe(name, address.into());
                let detail = told(&account, &fresh.id, &fresh.issuer.url).await;
                assert_eq!(detail, first, "{name} {address}");
            }
        }
    }

    async fn codes_and_tokens_are_not_sent_inside_either(app: App) {
        let account = app.account(5).await;
        let connected = Connected::entered(&account, DOMAIN).await;
        let stub = Stub::start(http("200 OK", "", "{\"secret\": 1}"));
        for (endpoint, says) in [
            ("https://10.0.0.1/token".to_owned(), "cannot be reached"),
            (format!("{}/token", stub.url), "cannot be reached"),
        ] {
            app.clock.advance(2 * 60 * 60 * 1000);
            connected.issuer.describe("token_endpoint", endpoint.clone().into());
            let url = verification(&account, &connected.id).await;
            let mut browser = Browser::new();
            let (request, _) =
                connected.begin(&app, &mut browser, &url, "owner@kongair.example").await;
            let page = browser.get(&callback(&app, &request)).await.page(409);
            assert!(page.contains(says) && !page.contains("10.0.0.1"), "{endpoint}: {page}");
            let failure = connection(&account, &connected.id).await["last_failure"].to_string();
            assert!(failure.contains(says) && !failure.contains("10.0.0.1"), "{failure}");
        }
    }

    async fn a_provider_refuses_in_words_of_the_protocol_only(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        for (word, shown) in [("invalid_client", true), ("secret_word", false)] {
            let mut browser = Browser::new();
            let (request, _) =
                connected.begin(&app, &mut browser, &start(&app), "owner@kongair.example").await;
            connected.issuer.answer(json!({"error": word, "error_description": "secret text"}));
            let page = browser.get(&callback(&app, &request)).await.page(409);
            assert_eq!(page.contains(word), shown, "{page}");
            assert!(!page.contains("secret text"), "{page}");
        }
    }
}
