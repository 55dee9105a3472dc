//! Sends requests as an identity provider would, and reads the responses.

use std::time::Duration;

use serde_json::Value;
use ureq::http::{HeaderValue, Method, Request, Response, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use super::answer::Answer;

/// Time limit for a request, from the look-up of the host to the end of the response.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Maximum size of a response, in bytes.
const LONGEST: u64 = 8 * 1024 * 1024;
/// Maximum number of retries after a response with status 429.
const REPETITIONS: u32 = 3;
/// The longest `Retry-After` that is respected, in seconds.
const LONGEST_WAIT: u64 = 30;

/// The identity provider to imitate. Headers differ as well as bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Okta,
    Entra,
}

/// A client for one server with one token.
pub struct Client {
    agent: Agent,
    base: String,
    token: String,
}

impl Client {
    pub fn new(base: &str, token: &str) -> Self {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            // Identity providers do not follow redirects, so a redirect is an ordinary response
            // here.
            .max_redirects(0)
            .user_agent("")
            .accept("")
            .build();
        Self { agent: config.into(), base: base.to_owned(), token: token.to_owned() }
    }

    /// Sends a request, with `token` in place of the valid one if given.
    ///
    /// # Errors
    /// Fails with the reason why there is no response.
    pub fn send(
        &self,
        dialect: Dialect,
        method: &Method,
        path: &str,
        body: Option<&Value>,
        token: Option<&str>,
    ) -> Result<Answer, String> {
        let mut repetitions = 0;
        loop {
            let answer = self
                .send_once(dialect, method, path, body, token.unwrap_or(&self.token))
                .map_err(|error| format!("no answer: {error}"))?;
            match answer.retry_after {
                Some(seconds) if answer.status == 429 && repetitions < REPETITIONS => {
                    std::thread::sleep(Duration::from_secs(seconds.min(LONGEST_WAIT)));
                    repetitions += 1;
                }
                _ => return Ok(answer),
            }
        }
    }

    /// Asks for the list of schemas, to learn whether there is a server. Whatever it says of the
    /// request, it serves, unless it says that it does not.
    ///
    /// # Errors
    /// Fails with the reason why it does not serve.
    pub fn is_served(&self) -> Result<(), String> {
        match self.send_once(Dialect::Okta, &Method::GET, "/Schemas", None, &self.token) {
            Ok(answer) if answer.status < 500 => Ok(()),
            Ok(answer) => Err(format!("it answers {}", answer.status)),
            Err(error) => Err(error.to_string()),
        }
    }

    fn send_once(
        &self,
        dialect: Dialect,
        method: &Method,
        path: &str,
        body: Option<&Value>,
        token: &str,
    ) -> Result<Answer, ureq::Error> {
        let mut authorization = HeaderValue::try_from(format!("Bearer {token}"))
            .map_err(|error| ureq::Error::Http(error.into()))?;
        authorization.set_sensitive(true);
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(header::AUTHORIZATION, authorization);
        // Entra sends neither a `User-Agent` nor, in its connection test, an `Accept`.
        if dialect == Dialect::Okta {
            request = request
                .header(header::ACCEPT, "application/scim+json")
                .header(header::USER_AGENT, "Okta SCIM Client 1.0.0");
        }
        let response = match body {
            Some(body) => {
                let request = request
                    .header(header::CONTENT_TYPE, "application/scim+json; charset=utf-8")
                    .body(body.to_string())?;
                self.agent.run(request)?
            }
            None => self.agent.run(request.body(())?)?,
        };
        read(response)
    }
}

fn read(response: Response<Body>) -> Result<Answer, ureq::Error> {
    let text = |name: header::HeaderName| {
        Some(response.headers().get(name)?.to_str().ok()?.trim().to_owned())
    };
    let (content_type, location) = (text(header::CONTENT_TYPE), text(header::LOCATION));
    let retry_after = text(header::RETRY_AFTER).and_then(|seconds| seconds.parse().ok());
    let status = response.status().as_u16();
    let bytes = response.into_body().into_with_config().limit(LONGEST).read_to_vec()?;
    let body = if bytes.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()))
    };
    Ok(Answer {
        status,
        content_type: content_type.unwrap_or_default(),
        location,
        retry_after,
        body,
    })
}
