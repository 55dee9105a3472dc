//! A client that speaks for one token.

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// Sends requests below one base URL with one token.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    pub base: String,
    pub token: String,
}

/// An answer, read whole.
#[derive(Clone, Debug)]
pub struct Response {
    pub status: u16,
    pub headers: HeaderMap,
    /// The body as JSON; null where there is none.
    pub body: Value,
}

impl Response {
    /// Reads an answer to its end.
    pub async fn of(response: reqwest::Response) -> reqwest::Result<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        };
        Ok(Self { status, headers, body })
    }

    /// Checks the status of a refusal and gives its text.
    #[track_caller]
    pub fn detail(self, status: u16) -> String {
        self.expect(status)["detail"].as_str().unwrap().to_owned()
    }

    /// Checks the status and gives the body.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// A header as text; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Client {
    pub fn new(base: String, token: String) -> Self {
        Self { http: reqwest::Client::new(), base, token }
    }

    /// The same client with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    /// Sends a request exactly so.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Response {
        self.send_bytes(method, path, headers, body.map(String::into_bytes)).await
    }

    /// The same with a body that need not be text.
    pub async fn send_bytes(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Response {
        self.try_send(method, path, headers, body).await.unwrap()
    }

    /// Sends a request to a server that may be gone before it has answered.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> reqwest::Result<Response> {
        let mut request =
            self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        Response::of(request.send().await?).await
    }

    async fn json(&self, method: Method, path: &str, body: Value) -> Response {
        let headers = [("content-type", "application/scim+json")];
        self.send(method, path, &headers, Some(body.to_string())).await
    }

    pub async fn get(&self, path: &str) -> Response {
        self.send(Method::GET, path, &[], None).await
    }

    /// GET with a filter, percent-encoded.
    pub async fn filter(&self, path: &str, filter: &str) -> Response {
        self.query(path, &[("filter", filter)]).await
    }

    /// GET with parameters, percent-encoded.
    pub async fn query(&self, path: &str, parameters: &[(&str, &str)]) -> Response {
        let url = reqwest::Url::parse_with_params("http://x", parameters).unwrap();
        self.get(&format!("{path}?{}", url.query().unwrap_or_default())).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Response {
        self.json(Method::POST, path, body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Response {
        self.json(Method::PUT, path, body).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Response {
        self.json(Method::PATCH, path, body).await
    }

    pub async fn delete(&self, path: &str) -> Response {
        self.send(Method::DELETE, path, &[], None).await
    }
}
