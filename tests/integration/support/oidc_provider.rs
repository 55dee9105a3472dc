//! A certified OpenID provider that is not ours (tests/lib/oidc-provider), and signing in there.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use serde_json::{Value, json};

use super::{Browser, Visit};

/// A running provider. It stops with the value.
pub struct OidcProvider {
    /// Its issuer.
    pub issuer: String,
    http: reqwest::Client,
    child: Child,
    // It runs as long as this is open.
    stdin: Option<ChildStdin>,
}

impl OidcProvider {
    pub const CLIENT_ID: &str = "insomnia";
    pub const CLIENT_SECRET: &str = "a client secret for tests";

    /// Starts one. Without node and its packages nothing is tested, which is said; in CI it is a
    /// failure.
    pub fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lib/oidc-provider");
        if !folder.join("node_modules").is_dir() {
            assert!(std::env::var_os("CI").is_none(), "the OpenID provider must be had in CI");
            eprintln!("not run: the OpenID provider is not installed (tests/run does it)");
            return None;
        }
        let mut child = Command::new("node")
            .arg(folder.join("server.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (stdin, issuer) = (child.stdin.take(), line.trim().to_owned());
        assert!(issuer.starts_with("http://127.0.0.1:"), "the provider did not start: {issuer}");
        Some(Self { issuer, http: reqwest::Client::new(), child, stdin })
    }

    /// Tells it of the server, which authenticates so.
    pub async fn register(&self, redirect_uri: &str, authentication: &str) {
        let client = json!({"redirect_uri": redirect_uri, "authentication": authentication});
        let request = self.http.put(format!("{}/test/client", self.issuer));
        let status = request.body(client.to_string()).send().await.unwrap().status();
        assert_eq!(status, 200);
    }

    /// Lets it sign with other keys from now on.
    pub async fn rotate_keys(&self) {
        let request = self.http.post(format!("{}/test/keys", self.issuer));
        assert_eq!(request.send().await.unwrap().status(), 200);
    }

    /// What a connection is told of it.
    pub fn entry(&self) -> Value {
        json!({"oidc": {
            "issuer": self.issuer,
            "client_id": Self::CLIENT_ID,
            "client_secret": Self::CLIENT_SECRET,
        }})
    }

    /// Goes where a sign-in leads to, is this person there, and comes to where it leads back.
    pub async fn sign_in(&self, browser: &mut Browser, from: &Visit, email: &str) -> String {
        let login = from.leads_to();
        assert!(login.starts_with(&self.issuer), "{login}");
        let visit = browser.get(&login).await;
        let page = browser.stay_at(&self.issuer, visit).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let url = page.url.to_string();
        let sent = browser.submit(&url, &self.issuer, &[("email", email)]).await;
        browser.stay_at(&self.issuer, sent).await.leads_to()
    }
}

impl Drop for OidcProvider {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.wait();
    }
}
