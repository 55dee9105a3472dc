//! Calls the server: connections, repetitions, pages of lists, refusals.

use std::io::Read;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::{HeaderValue, Request, Response};
use ureq::tls::{RootCerts, TlsConfig};
use url::Url;
use uuid::Uuid;

use super::arguments::{TOKEN_VARIABLE, URL_VARIABLE, percent_encoded};
use crate::cli::waiting;

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
    /// The path below the server's URL.
    pub path: String,
    /// The parameters of the query.
    pub query: Vec<(String, String)>,
    pub body: Option<Body>,
    /// Whether the call is idempotent although its method is not.
    pub idempotent: bool,
}

impl Call {
    /// Returns the call that reads this path.
    pub fn get(path: String, query: Vec<(String, String)>) -> Self {
        Self { method: "GET".to_owned(), path, query, body: None, idempotent: false }
    }
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

/// Why there is no response, or the server's refusal.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The URL or the token cannot be used.
    #[error("{0}")]
    Setting(String),
    /// The server refused, in its own words.
    #[error("{0}")]
    Refused(String),
    /// There is no usable response.
    #[error("{0}")]
    NoAnswer(String),
}

/// A server, and who asks it.
pub struct Server {
    url: String,
    token: Option<HeaderValue>,
    agent: ureq::Agent,
}

impl Server {
    /// Checks the server's URL and the token, each by itself.
    ///
    /// # Errors
    /// Fails with the name of the one that cannot be used.
    pub fn new(url: &str, token: Option<&str>) -> Result<Self, CallError> {
        let wrong = |reason: &str| {
            CallError::Setting(format!("--url ({URL_VARIABLE}): \"{url}\" {reason}"))
        };
        let parsed = Url::parse(url).map_err(|error| wrong(&format!("is not a URL: {error}")))?;
        if !matches!(parsed.scheme(), "http" | "https") || parsed.host().is_none() {
            return Err(wrong("must begin with http:// or https://"));
        }
        if parsed.query().is_some() || parsed.fragment().is_some() {
            return Err(wrong("must end with the server's address, without ? or #"));
        }
        let header = |token: &str| {
            let plain = token.bytes().all(|byte| byte.is_ascii_graphic());
            let value = HeaderValue::from_str(&format!("Bearer {token}")).ok();
            value.filter(|_| plain && !token.is_empty()).ok_or_else(|| {
                CallError::Setting(format!(
                    "--token ({TOKEN_VARIABLE}): this is not a token: it is empty, or has a space, a \
                     line break or a letter that tokens do not have"
                ))
            })
        };
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = ureq::Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(10)));
        Ok(Self {
            url: url.trim_end_matches('/').to_owned(),
            token: token.map(header).transpose()?,
            agent: config.build().into(),
        })
    }

    /// Waits until the server answers that it is ready.
    ///
    /// # Errors
    /// Fails with the last answer if the server is not ready after so many seconds.
    pub fn wait(&self, seconds: u64) -> Result<(), CallError> {
        let ask = || match self.agent.get(format!("{}/readyz", self.url)).call() {
            Ok(response) if response.status() == 200 => Ok(()),
            Ok(response) => Err(format!("it answers {}", response.status())),
            Err(error) => Err(error.to_string()),
        };
        waiting::until_ready(&self.url, seconds, ask).map_err(CallError::NoAnswer)
    }

    /// Sends the call. Lists are followed to their last page, unless a page was requested.
    ///
    /// # Errors
    /// Fails with the server's error message, or with the reason why there is no response.
    pub fn carry_out(&self, call: &Call) -> Result<Outcome, CallError> {
        let paged = call.query.iter().any(|(name, _)| name == "limit" || name == "cursor");
        let mut outcome = self.send(call, None)?;
        while let Outcome::Json(list) = &mut outcome
            && !paged
            && let Some(cursor) = list["next_cursor"].as_str().map(str::to_owned)
        {
            let Outcome::Json(mut next) = self.send(call, Some(&cursor))? else { break };
            let more = next["items"].as_array_mut().map(std::mem::take).unwrap_or_default();
            if let Some(items) = list["items"].as_array_mut() {
                items.extend(more);
            }
            list["next_cursor"] = next["next_cursor"].clone();
        }
        Ok(outcome)
    }

    /// Sends a call whose answer is JSON; of a list, only one page.
    ///
    /// # Errors
    /// Fails like [`Self::carry_out`], and if the answer is something else.
    pub fn read(&self, call: &Call, cursor: Option<&str>) -> Result<Value, CallError> {
        match self.send(call, cursor)? {
            Outcome::Json(value) => Ok(value),
            _ => Err(CallError::NoAnswer(format!("{}: the answer is not JSON", call.path))),
        }
    }

    fn send(&self, call: &Call, cursor: Option<&str>) -> Result<Outcome, CallError> {
        let key = Uuid::new_v4().to_string();
        let mut tries = 1;
        loop {
            let request = self.request(call, cursor, &key)?;
            let response = self.agent.run(request).map_err(|error| self.unreachable(&error))?;
            let status = response.status().as_u16();
            // Only idempotent calls are retried, so that nothing is created twice.
            let repeatable = call.idempotent || ["GET", "PUT", "DELETE"].contains(&&*call.method);
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
        call: &Call,
        cursor: Option<&str>,
        key: &str,
    ) -> Result<Request<String>, CallError> {
        let parameters = call.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let query: Vec<String> = parameters
            .chain(cursor.map(|cursor| ("cursor", cursor)))
            .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
            .collect();
        let separator = if query.is_empty() { "" } else { "?" };
        let uri = format!("{}{}{separator}{}", self.url, call.path, query.join("&"));
        let mut request = Request::builder()
            .method(call.method.as_str())
            .uri(uri)
            .header("user-agent", concat!("insomnia-scim/", env!("CARGO_PKG_VERSION")));
        if let Some(token) = &self.token {
            request = request.header("authorization", token);
        }
        if call.idempotent {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = &call.body {
            request = request.header("content-type", body.media_type);
        }
        let content = call.body.as_ref().map(|body| body.content.clone()).unwrap_or_default();
        request.body(content).map_err(|error| {
            CallError::Setting(format!("--url ({URL_VARIABLE}): {}: {error}", self.url))
        })
    }

    fn unreachable(&self, error: &ureq::Error) -> CallError {
        CallError::NoAnswer(format!(
            "{} cannot be reached: {error}. Check --url ({URL_VARIABLE}); --wait waits for a server \
             that is starting.",
            self.url
        ))
    }
}

fn retry_after(response: &Response<ureq::Body>) -> Duration {
    let header = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
    Duration::from_secs(header.and_then(|text| text.parse().ok()).unwrap_or(1).min(30))
}

fn outcome(status: u16, response: Response<ureq::Body>) -> Result<Outcome, CallError> {
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
        return Err(CallError::Refused(match problem["detail"].as_str() {
            Some(detail) => detail.to_owned(),
            None => format!("the server answered {status}"),
        }));
    }
    if (300..400).contains(&status) {
        return Err(CallError::Setting(format!(
            "--url ({URL_VARIABLE}): the server answered {status}, a redirect; give its target"
        )));
    }
    if status == 204 {
        return Ok(Outcome::Nothing);
    }
    if !media_type.starts_with("application/json") {
        return Ok(Outcome::Stream(Box::new(body.into_reader())));
    }
    let unreadable = |error: String| CallError::NoAnswer(format!("the answer: {error}"));
    let text = body.read_to_string().map_err(|error| unreadable(error.to_string()))?;
    serde_json::from_str(&text).map(Outcome::Json).map_err(|error| unreadable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_and_token_are_judged_apart() {
        let refused =
            |url: &str, token: &str| Server::new(url, Some(token)).err().unwrap().to_string();
        for url in ["", "127.0.0.1:8080", "localhost:8080", "ftp://x", "http://", "http://x?y"] {
            let said = refused(url, "insomnia_admin_x");
            assert!(said.contains("--url") && !said.contains("--token"), "{url}: {said}");
        }
        for token in ["", "a b", "a\nb", "tök"] {
            let said = refused("http://127.0.0.1:1", token);
            assert!(said.contains("--token") && !said.contains("--url"), "{token}: {said}");
            assert!(token.is_empty() || !said.contains(token), "{said}");
        }
        assert!(Server::new("https://scim.example/base/", Some("insomnia_admin_x")).is_ok());
    }
}
