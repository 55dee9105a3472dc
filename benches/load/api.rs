//! The SCIM interface of one account, as a client sees it.

use std::time::{Duration, Instant};

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Method, Url};
use serde_json::Value;

use crate::Outcome;

const REQUEST_WITHIN: Duration = Duration::from_secs(300);

/// A client with one idle connection: requests one after the other share it.
#[derive(Clone)]
pub struct Api {
    client: Client,
    base_url: String,
}

/// One request, and nothing of how it is sent.
pub struct Request {
    pub method: Method,
    /// Below the base URL.
    pub path: String,
    /// Query parameters, not yet encoded.
    pub query: Vec<(&'static str, String)>,
    pub body: Option<Value>,
}

impl Request {
    /// A GET of this path.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), query: Vec::new(), body: None }
    }

    /// A request with a body.
    pub fn send(method: Method, path: impl Into<String>, body: Value) -> Self {
        Self { method, path: path.into(), query: Vec::new(), body: Some(body) }
    }

    /// The same request with one more query parameter.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }
}

/// Status and body; the body is null where there is none.
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Api {
    /// The interface at this base URL.
    pub fn new(base_url: &str, token: &str) -> Outcome<Self> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {token}"))?);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/scim+json"));
        let client = Client::builder()
            .default_headers(headers)
            .pool_max_idle_per_host(1)
            .timeout(REQUEST_WITHIN)
            .no_proxy()
            .build()?;
        Ok(Self { client, base_url: base_url.trim_end_matches('/').to_owned() })
    }

    /// Sends the request; returns the answer and the time from sending to its last byte.
    pub async fn call(&self, request: &Request) -> Outcome<(Answer, Duration)> {
        let mut url = Url::parse(&format!("{}{}", self.base_url, request.path))?;
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        let mut builder = self.client.request(request.method.clone(), url);
        if let Some(body) = &request.body {
            builder = builder.body(serde_json::to_vec(body)?);
        }
        let built = builder.build()?;
        let started = Instant::now();
        let response = self.client.execute(built).await?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await?;
        let elapsed = started.elapsed();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes)? };
        Ok((Answer { status, body }, elapsed))
    }

    /// Sends a request whose time does not matter; any status but a success is an error.
    pub async fn succeed(&self, request: &Request) -> Outcome<Value> {
        let (answer, _) = self.call(request).await?;
        if (200..300).contains(&answer.status) {
            return Ok(answer.body);
        }
        let Request { method, path, .. } = request;
        Err(format!("{method} {path}: {} {}", answer.status, answer.body).into())
    }
}
