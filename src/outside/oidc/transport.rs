//! How providers are reached: TLS by rustls, no redirects, bounded time and size.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use openidconnect::url::{Host, Url};
use openidconnect::{HttpRequest, HttpResponse, SyncHttpClient};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// How long one request may take, from the look-up of the host to the end of the answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes.
const LONGEST: u64 = 512 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// Not a URL that may be connected to.
    #[error("{0} is not an https:// URL")]
    Insecure(String),
    /// No answer.
    #[error("{0}")]
    NoAnswer(Box<ureq::Error>),
}

impl From<ureq::Error> for TransportError {
    fn from(error: ureq::Error) -> Self {
        Self::NoAnswer(Box::new(error))
    }
}

/// Connects to providers. Cheap to clone.
#[derive(Clone)]
pub struct Transport(Agent);

impl Transport {
    pub fn new() -> Self {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            // A provider that changed its address must not be met on a connection to the old one.
            .max_idle_connections(0)
            .user_agent("insomnia-scim")
            .build();
        Self(config.into())
    }
}

impl SyncHttpClient for Transport {
    type Error = TransportError;

    fn call(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let uri = request.uri().to_string();
        if !may_connect(&uri) {
            return Err(TransportError::Insecure(uri));
        }
        let (head, body) = self.0.run(request)?.into_parts();
        let body = body.into_with_config().limit(LONGEST).read_to_vec()?;
        Ok(HttpResponse::from_parts(head, body))
    }
}

/// Whether this is `https`, or `http` to this machine itself.
pub fn may_connect(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address == Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(address)) => address == Ipv6Addr::LOCALHOST,
        None => return false,
    };
    match url.scheme() {
        "https" => true,
        "http" => is_loopback,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for url in
            ["https://idp.example", "http://127.0.0.1:9/x", "http://localhost", "http://[::1]:1"]
        {
            assert!(may_connect(url), "{url}");
        }
        for url in [
            "http://idp.example",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "file:///etc/passwd",
            "ftp://127.0.0.1",
            "https://",
            "idp.example",
            "",
        ] {
            assert!(!may_connect(url), "{url}");
        }
    }
}
