//! HTTP requests to providers, at addresses that were entered ([`crate::outside::network`]).

use std::net::{Ipv4Addr, Ipv6Addr};

use openidconnect::url::{Host, Url};
use openidconnect::{HttpRequest, HttpResponse, SyncHttpClient};
use ureq::Agent;

use super::error::shortened;
use crate::outside::network::{self, Guide, Networks};

/// Maximum size of a response, in bytes.
const LONGEST: u64 = 512 * 1024;

/// Why there is no response. The details are only in the server's log: whoever enters an address
/// must not learn what the server finds there.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The server may not connect to this URL.
    #[error("not an https:// URL")]
    Insecure,
    /// The request failed.
    #[error("no answer")]
    NoAnswer,
}

/// Connects to providers. Cheap to clone.
#[derive(Clone)]
pub struct Transport {
    agent: Agent,
    guide: Guide,
}

impl Transport {
    /// Creates a transport that connects to public addresses and to these networks.
    pub fn new(allowed: Networks) -> Self {
        Self { agent: network::agent(allowed.clone()), guide: Guide::new(allowed) }
    }

    /// Checks whether browsers may be sent to this URL: the same addresses are allowed as for the
    /// server itself.
    pub fn check(&self, url: &str) -> Result<(), TransportError> {
        if !may_connect(url) {
            return Err(TransportError::Insecure);
        }
        self.guide.check(url).map_err(|error| {
            log::warn!("browsers are not sent to an identity provider: {error}");
            TransportError::NoAnswer
        })
    }

    fn answer(&self, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
        let (head, body) = self.agent.run(request)?.into_parts();
        let body = body.into_with_config().limit(LONGEST).read_to_vec()?;
        Ok(HttpResponse::from_parts(head, body))
    }
}

impl SyncHttpClient for Transport {
    type Error = TransportError;

    fn call(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let uri = request.uri().clone();
        if !may_connect(&uri.to_string()) {
            return Err(TransportError::Insecure);
        }
        self.answer(request).map_err(|error| {
            let host = shortened(uri.host().unwrap_or_default());
            log::warn!("an identity provider at {host} does not answer: {error}");
            TransportError::NoAnswer
        })
    }
}

/// Returns `true` for `https`, and for `http` to this machine.
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
