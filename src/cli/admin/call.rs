//! Calls an endpoint of the administrators' API.

use std::io::Read;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::tls::{RootCerts, TlsConfig};
use uuid::Uuid;

use super::command::percent_encoded;

/// Maximum number of attempts while the server is overloaded or limits the rate.
const TRIES: u32 = 4;

/// The body of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub media_type: &'static str,
    pub content: String,
}

/// A call of the API.
pub struct Call {
    pub method: String,
    /// The server's URL without a trailing slash.
    pub url: String,
    pub path: String,
    /// The parameters of the query.
    pub query: Vec<(String, String)>,
    pub token: Option<String>,
    /// Whether the endpoint requires a token.
    pub needs_token: bool,
    pub body: Option<Body>,
    /// Whether the call is idempotent although its method is not.
    pub idempotent: bool,
    /// Whether the response is printed unchanged.
    pub raw: bool,
    /// The only field of the response to print.
    pub field: Option<String>,
}

/// The response of the server.
pub enum Outcome {
    /// An object, or a list with the items of all pages.
    Json(Value),
    /// A long response, to be copied to the output.
    Stream(Box<dyn Read>),
    /// A response without content.
    Nothing,
}

impl Call {
    /// Sends the call. Lists are followed to their last page, unless a page was requested.
    ///
    /// # Errors
    /// Fails with the server's error message, or with the reason why there is no response.
    pub fn carry_out(&self) -> Result<Outcome, String> {
        if self.needs_token && self.token.is_none() {
            return Err(
                "a token is needed: --token, or the variable INSOMNIA_SCIM_ADMIN_TOKEN".to_owned()
            );
        }
        let paged = self.query.iter().any(|(name, _)| name == "limit" || name == "cursor");
        let mut outcome = self.send(None)?;
        while let Outcome::Json(list) = &mut outcome
            && !paged
            && let Some(cursor) = list["next_cursor"].as_str().map(str::to_owned)
        {
            let Outcome::Json(mut next) = self.send(Some(&cursor))? else { break };
            let more = next["items"].as_array_mut().map(std::mem::take).unwrap_or_default();
            if let Some(items) = list["items"].as_array_mut() {
                items.extend(more);
            }
            list["next_cursor"] = next["next_cursor"].clone();
        }
        Ok(outcome)
    }

    fn send(&self, cursor: Option<&str>) -> Result<Outcome, String> {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(10)))
            .build()
            .into();
        let key = Uuid::new_v4().to_string();
        let mut tries = 1;
        loop {
            let response =
                agent.run(self.request(cursor, &key)?).map_err(|error| self.unreachable(&error))?;
            let status = response.status().as_u16();
            // Only idempotent calls are retried, so that nothing is created twice.
            let repeatable = self.idempotent || ["GET", "PUT", "DELETE"].contains(&&*self.method);
            if matches!(status, 429 | 503) && repeatable && tries < TRIES {
                tries += 1;
                std::thread::sleep(retry_after(&response));
                continue;
            }
            return outcome(status, response);
        }
    }

    fn request(
        &self,
        cursor: Option<&str>,
        key: &str,
    ) -> Result<ureq::http::Request<String>, String> {
        let parameters = self.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let query: Vec<String> = parameters
            .chain(cursor.map(|cursor| ("cursor", cursor)))
            .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
            .collect();
        let separator = if query.is_empty() { "" } else { "?" };
        let uri = format!("{}{}{separator}{}", self.url, self.path, query.join("&"));
        let mut request = ureq::http::Request::builder()
            .method(self.method.as_str())
            .uri(uri)
            .header("user-agent", concat!("insomnia-scim/", env!("CARGO_PKG_VERSION")));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if self.idempotent {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = &self.body {
            request = request.header("content-type", body.media_type);
        }
        let content = self.body.as_ref().map(|body| body.content.clone()).unwrap_or_default();
        request.body(content).map_err(|error| format!("--url, --token: {error}"))
    }

    fn unreachable(&self, error: &ureq::Error) -> String {
        format!("{} cannot be reached: {error}. Check --url (INSOMNIA_SCIM_ADMIN_URL).", self.url)
    }
}

type Response = ureq::http::Response<ureq::Body>;

fn retry_after(response: &Response) -> Duration {
    let header = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
    Duration::from_secs(header.and_then(|text| text.parse().ok()).unwrap_or(1).min(30))
}

fn outcome(status: u16, response: Response) -> Result<Outcome, String> {
    let media_type = response
        .headers()
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let mut body = response.into_body();
    if status >= 400 {
        let text = body.read_to_string().unwrap_or_default();
        let problem: Value = serde_json::from_str(&text).unwrap_or_else(|_| json!({}));
        return Err(match problem["detail"].as_str() {
            Some(detail) => detail.to_owned(),
            None => format!("the server answered {status}"),
        });
    }
    if (300..400).contains(&status) {
        return Err(format!("the server answered {status}, a redirect; give its target as --url"));
    }
    if status == 204 {
        return Ok(Outcome::Nothing);
    }
    if !media_type.starts_with("application/json") {
        return Ok(Outcome::Stream(Box::new(body.into_reader())));
    }
    let text = body.read_to_string().map_err(|error| format!("the answer: {error}"))?;
    serde_json::from_str(&text).map(Outcome::Json).map_err(|error| format!("the answer: {error}"))
}
