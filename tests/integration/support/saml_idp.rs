//! An identity provider that is not ours (tests/lib/saml-idp), and what a browser does with it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use serde_json::Value;

/// A running identity provider. It stops with the value.
pub struct SamlIdp {
    pub url: String,
    http: reqwest::Client,
    child: Child,
    // It runs as long as this is open.
    stdin: Option<ChildStdin>,
}

/// A form that posts itself: where to, and what.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// Reads the form of a page, as a browser that runs its script.
    pub fn in_page(page: &str) -> Self {
        let form = page.split("<form").nth(1).unwrap_or_else(|| panic!("no form in {page}"));
        let fields = form.split("<input").skip(1).filter_map(|input| {
            let name = attribute(input, "name")?;
            Some((name, attribute(input, "value").unwrap_or_default()))
        });
        Self { action: attribute(form, "action").unwrap(), fields: fields.collect() }
    }

    /// As it is sent: `application/x-www-form-urlencoded`.
    pub fn body(&self) -> String {
        let url = reqwest::Url::parse_with_params("http://x", &self.fields).unwrap();
        url.query().unwrap_or_default().to_owned()
    }

    /// The same, posted to another server on the same database.
    pub fn at(&self, from: &str, to: &str) -> Self {
        Self { action: self.action.replacen(from, to, 1), fields: self.fields.clone() }
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split('>').next()?.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(
        value
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&"),
    )
}

impl SamlIdp {
    /// Starts one. Without node and its packages nothing is tested, which is said; in CI it is a
    /// failure.
    pub fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lib/saml-idp");
        if !folder.join("node_modules").is_dir() {
            assert!(
                std::env::var_os("CI").is_none(),
                "the SAML identity provider must be had in CI"
            );
            eprintln!("not run: the SAML identity provider is not installed (tests/run does it)");
            return None;
        }
        let mut child = Command::new("node")
            .arg(folder.join("idp.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let stdin = child.stdin.take();
        let url = line.trim().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "the identity provider did not start: {url}");
        Some(Self { url, http: reqwest::Client::new(), child, stdin })
    }

    /// Its metadata.
    pub async fn metadata(&self) -> String {
        let response = self.http.get(format!("{}/metadata", self.url)).send().await.unwrap();
        response.text().await.unwrap()
    }

    /// Tells it of a service provider by its metadata.
    pub async fn register(&self, metadata: String) {
        self.put("service-providers", metadata).await;
    }

    /// Says what its next responses are like (see idp.mjs).
    pub async fn behave(&self, behaviour: Value) {
        self.put("behaviour", behaviour.to_string()).await;
    }

    async fn put(&self, path: &str, body: String) {
        let request = self.http.put(format!("{}/{path}", self.url)).body(body);
        let response = request.send().await.unwrap();
        let status = response.status();
        assert_eq!(status, 204, "{}", response.text().await.unwrap());
    }

    /// Follows a redirect to it: the form that it answers with.
    pub async fn follow(&self, url: &str) -> Form {
        assert!(url.starts_with(&self.url), "{url} does not lead to the identity provider");
        let response = self.http.get(url).send().await.unwrap();
        let status = response.status();
        let page = response.text().await.unwrap();
        assert_eq!(status, 200, "{page}");
        Form::in_page(&page)
    }

    /// Posts a form to it: the form that it answers with.
    pub async fn post(&self, form: &Form) -> Form {
        assert!(form.action.starts_with(&self.url), "{form:?} does not lead to it");
        let request = self
            .http
            .post(&form.action)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.body());
        let response = request.send().await.unwrap();
        let status = response.status();
        let page = response.text().await.unwrap();
        assert_eq!(status, 200, "{page}");
        Form::in_page(&page)
    }

    /// Begins a sign-in by itself, at this service provider.
    pub async fn start_at(&self, entity_id: &str) -> Form {
        let url = format!("{}/start", self.url);
        let url = reqwest::Url::parse_with_params(&url, [("sp", entity_id)]).unwrap();
        self.follow(url.as_str()).await
    }
}

impl Drop for SamlIdp {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.wait();
    }
}
