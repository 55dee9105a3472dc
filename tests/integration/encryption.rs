//! TLS by the server itself: HTTP/1.1 and HTTP/2, certificates that change, and what is refused.

use std::fs;
use std::path::Path;
use std::process::Output;

use rcgen::{CertificateParams, Issuer, KeyPair};
use reqwest::{Certificate, Version};
use serde_json::{Value, json};

use crate::support::{Client, Database, Process, command_of, text, user};

/// An authority of the test's own.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), certificate }
    }

    /// Writes a certificate for this machine, and its key.
    fn write(&self, certificate: &Path, key: &Path) {
        let own = KeyPair::generate().unwrap();
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let params = CertificateParams::new(names).unwrap();
        fs::write(key, own.serialize_pem()).unwrap();
        fs::write(certificate, params.signed_by(&own, &self.issuer).unwrap().pem()).unwrap();
    }

    /// A client that trusts this authority only.
    fn client(&self) -> reqwest::ClientBuilder {
        // Installed once for the process; later ones are as good.
        let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let authority = Certificate::from_pem(self.certificate.as_bytes()).unwrap();
        reqwest::Client::builder().tls_certs_only([authority])
    }
}

/// A server with a certificate in this folder.
fn serving(folder: &Path) -> (Database, Process, Value) {
    let database = Database::sqlite();
    let account = Process::bootstrap(&database, 9);
    let file = |name: &str| folder.join(name).display().to_string();
    let (certificate, key) = (file("server.pem"), file("server.key"));
    let arguments = ["--tls-cert", &certificate, "--tls-key", &key];
    let mut server = Process::serve_url(&database.address(), &arguments);
    server.url = server.url.replace("http://", "https://");
    (database, server, account)
}

#[tokio::test]
async fn a_server_with_a_certificate_speaks_https_in_both_versions_of_http() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("server.pem"), folder.path().join("server.key"));
    let authority = Authority::new();
    authority.write(&certificate, &key);
    let (_database, server, account) = serving(folder.path());
    let base = format!("{}/scim/v2/{}", server.url, text(&account, "connector_id"));
    for (client, version) in
        [(authority.client().http1_only(), Version::HTTP_11), (authority.client(), Version::HTTP_2)]
    {
        let client = client.build().unwrap();
        let token = text(&account, "scim_token");
        let name = format!("{version:?}@kongair.example").replace('/', "-");
        let made = client.post(format!("{base}/Users")).bearer_auth(&token).json(&user(&name));
        let made = made.send().await.unwrap();
        assert_eq!((made.status().as_u16(), made.version()), (201, version));
        let made: Value = made.json().await.unwrap();
        let location = made["meta"]["location"].as_str().unwrap();
        assert!(location.starts_with("https://127.0.0.1:"), "{location}");
        let read = client.get(location).bearer_auth(&token).send().await.unwrap();
        assert_eq!(read.status(), 200);
        // Bodies are bounded as elsewhere.
        let long = json!({"title": "x".repeat(20_000)}).to_string();
        let refused = client.post(format!("{base}/Users")).bearer_auth("wrong").body(long);
        assert_eq!(refused.send().await.unwrap().status(), 401);
    }
    let other = Authority::new().client().build().unwrap();
    other.get(&base).send().await.unwrap_err();
    let plain = Client::new(server.url.replace("https://", "http://"), String::new());
    plain.try_send(reqwest::Method::GET, "/healthz", &[], None).await.unwrap_err();
}

#[tokio::test]
async fn a_new_certificate_is_shown_and_a_broken_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("server.pem"), folder.path().join("server.key"));
    let (first, second) = (Authority::new(), Authority::new());
    first.write(&certificate, &key);
    let (_database, mut server, _) = serving(folder.path());
    let url = format!("{}/healthz", server.url);
    let reached = async |authority: &Authority| {
        // A new connection each time.
        authority.client().build().unwrap().get(&url).send().await.is_ok()
    };
    assert!(reached(&first).await && !reached(&second).await);
    fs::write(&certificate, "-----BEGIN CERTIFICATE-----\nbroken").unwrap();
    server.wait_for("the certificate from before stays in use");
    assert!(reached(&first).await);
    second.write(&certificate, &key);
    server.wait_for("the certificate was read again");
    assert!(reached(&second).await && !reached(&first).await);
}

async fn refused(arguments: &[&str]) -> String {
    let database = Database::sqlite();
    let all = [&["serve", "--create", "--listen", "127.0.0.1:0"], arguments].concat();
    let mut command = command_of(&database, &all);
    let run = move || -> Output { command.output().unwrap() };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(matches!(output.status.code(), Some(1 | 2)), "{text}");
    text
}

#[tokio::test]
async fn a_pair_that_cannot_be_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let name = |name: &str| path(name).display().to_string();
    let authority = Authority::new();
    authority.write(&path("one.pem"), &path("one.key"));
    authority.write(&path("two.pem"), &path("two.key"));
    fs::write(path("empty.pem"), "").unwrap();
    for (certificate, key, named) in [
        ("one.pem", "two.key", "two.key"),
        ("none.pem", "one.key", "none.pem"),
        ("one.pem", "none.key", "none.key"),
        ("empty.pem", "one.key", "empty.pem"),
        ("one.key", "one.key", "one.key"),
    ] {
        let said = refused(&["--tls-cert", &name(certificate), "--tls-key", &name(key)]).await;
        assert!(said.contains(&name(named)), "{said}");
    }
    assert!(refused(&["--tls-cert", &name("one.pem")]).await.contains("--tls-key"));
}

#[tokio::test]
async fn plain_http_for_other_machines_is_refused() {
    let said = refused(&["--public-url", "http://scim.example.com"]).await;
    for word in ["http://scim.example.com", "--insecure", "--tls-cert"] {
        assert!(said.contains(word), "{said}");
    }
    let database = Database::sqlite();
    Process::bootstrap(&database, 9);
    let arguments = ["--public-url", "http://scim.example.com", "--insecure"];
    let server = Process::serve_url(&database.address(), &arguments);
    let health = Client::new(server.url.clone(), String::new());
    health.get("/healthz").await.expect(200);
}
