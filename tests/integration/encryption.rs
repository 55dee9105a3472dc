//! TLS by the server itself: HTTP/1.1 and HTTP/2, certificates that change, and what is refused.

use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{Request, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertificateParams, Issuer, KeyPair};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

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

    /// A connection to the server's port by somebody who trusts this authority only.
    async fn connect(&self, url: &str, protocol: &[u8]) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.certificate.as_bytes()).unwrap()).unwrap();
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.to_vec()];
        let address = url.strip_prefix("https://").unwrap();
        let stream = TcpStream::connect(address).await?;
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }

    async fn is_shown_by(&self, url: &str) -> bool {
        self.connect(url, b"http/1.1").await.is_ok()
    }

    /// One request over a connection of its own: status, version and content.
    async fn send(&self, url: &str, protocol: &[u8], request: &Asked<'_>) -> (u16, Version, Value) {
        let io = TokioIo::new(self.connect(url, protocol).await.unwrap());
        let uri = format!("{url}{}", request.path);
        let body = Full::new(Bytes::from(request.body.clone()));
        let request = Request::builder()
            .method(request.method)
            .uri(if protocol == b"h2" { uri } else { request.path.to_owned() })
            .header("host", "localhost")
            .header("content-type", "application/scim+json")
            .header("authorization", format!("Bearer {}", request.token))
            .body(body)
            .unwrap();
        let response = if protocol == b"h2" {
            let (mut sender, connection) =
                hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.unwrap();
            tokio::spawn(connection);
            sender.send_request(request).await.unwrap()
        } else {
            let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
            tokio::spawn(connection);
            sender.send_request(request).await.unwrap()
        };
        let (status, version) = (response.status().as_u16(), response.version());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, version, serde_json::from_slice(&bytes).unwrap_or_default())
    }
}

/// A request.
struct Asked<'a> {
    method: &'a str,
    path: &'a str,
    token: &'a str,
    body: String,
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
    let base = format!("/scim/v2/{}", text(&account, "connector_id"));
    let (users, token) = (format!("{base}/Users"), text(&account, "scim_token"));
    for (protocol, version) in [(&b"http/1.1"[..], Version::HTTP_11), (b"h2", Version::HTTP_2)] {
        let name = format!("{version:?}@kongair.example").replace('/', "-");
        let body = user(&name).to_string();
        let request = Asked { method: "POST", path: &users, token: &token, body };
        let (status, spoken, made) = authority.send(&server.url, protocol, &request).await;
        assert_eq!((status, spoken), (201, version), "{made}");
        let location = made["meta"]["location"].as_str().unwrap();
        assert!(location.starts_with("https://127.0.0.1:"), "{location}");
        let path = format!("{users}/{}", text(&made, "id"));
        let request = Asked { method: "GET", path: &path, token: &token, body: String::new() };
        assert_eq!(authority.send(&server.url, protocol, &request).await.0, 200);
        // Who is not known is not read, as elsewhere.
        let body = json!({"title": "x".repeat(20_000)}).to_string();
        let request = Asked { method: "POST", path: &users, token: "wrong", body };
        assert_eq!(authority.send(&server.url, protocol, &request).await.0, 401);
    }
    assert!(!Authority::new().is_shown_by(&server.url).await);
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
    let url = server.url.clone();
    assert!(first.is_shown_by(&url).await && !second.is_shown_by(&url).await);
    fs::write(&certificate, "-----BEGIN CERTIFICATE-----\nbroken").unwrap();
    server.wait_for("the certificate from before stays in use");
    assert!(first.is_shown_by(&url).await);
    second.write(&certificate, &key);
    server.wait_for("the certificate was read again");
    assert!(second.is_shown_by(&url).await && !first.is_shown_by(&url).await);
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
