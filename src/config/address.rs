//! Settings of the server's address, and of the transport between it and its clients.

use std::net::SocketAddr;

use clap::Args;
use clap::builder::BoolishValueParser;
use url::{Host, Url};

/// The addresses at which the server listens and at which clients reach it.
#[derive(Args, Clone, Debug)]
pub struct AddressSettings {
    /// The address to listen on; port 0 takes a free one
    #[arg(long, env = "INSOMNIA_SCIM_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// The URL at which clients reach the server [default: http:// and the address it listens on]
    #[arg(long, env = "INSOMNIA_SCIM_PUBLIC_URL", value_parser = parse_public_url)]
    pub public_url: Option<String>,
}

impl AddressSettings {
    /// Returns the public URL. Without a setting it is derived from the address that the server
    /// listens on.
    pub fn public_url(&self, scheme: &str, listening: SocketAddr) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("{scheme}://{listening}"))
    }

    /// Returns `true` if only programs on this machine reach the server, and by an address of this
    /// machine.
    pub fn is_on_this_machine(&self) -> bool {
        self.listen.ip().is_loopback() && self.public_url.as_deref().is_none_or(is_here)
    }
}

/// Whether plain HTTP is allowed.
#[derive(Args, Clone, Debug, Default)]
pub struct TransportSettings {
    /// Allow plain http from other machines: anyone on the way can read and change everything,
    /// including tokens
    #[arg(long, env = "INSOMNIA_SCIM_INSECURE", value_parser = BoolishValueParser::new())]
    pub insecure: bool,
}

impl TransportSettings {
    /// Checks that tokens are not sent over a network unencrypted.
    ///
    /// # Errors
    /// Fails with the name of the setting and what to do about it.
    pub fn check(&self, public_url: &str) -> Result<(), String> {
        if self.insecure || !public_url.starts_with("http://") || is_here(public_url) {
            return Ok(());
        }
        Err(format!(
            "--public-url (INSOMNIA_SCIM_PUBLIC_URL): with {public_url}, tokens and sign-ins would \
             cross the network unencrypted. Give the https:// URL of the proxy in front, or let the \
             server speak TLS with --tls-cert and --tls-key. If you trust the network, --insecure \
             (INSOMNIA_SCIM_INSECURE=true) allows plain http."
        ))
    }
}

/// Returns `true` if the URL leads to this machine.
fn is_here(url: &str) -> bool {
    let url = Url::parse(url).ok();
    match url.as_ref().and_then(Url::host) {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        // These names are never looked up in DNS (RFC 6761, section 6.3).
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}

/// Parses a public URL and returns it without a trailing slash.
///
/// # Errors
/// Fails with a description of valid URLs.
pub fn parse_public_url(text: &str) -> Result<String, String> {
    let trimmed = text.trim_end_matches('/');
    let rest = trimmed.strip_prefix("https://").or_else(|| trimmed.strip_prefix("http://"));
    match rest {
        Some(host) if !host.is_empty() && !host.contains(['?', '#', ' ']) => Ok(trimmed.to_owned()),
        _ => {
            Err("it must be http://HOST or https://HOST, with a port or path if needed".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_url_has_a_scheme_and_no_slash_at_the_end() {
        assert_eq!(
            parse_public_url("https://scim.kong.example/").as_deref(),
            Ok("https://scim.kong.example")
        );
        for wrong in ["scim.kong.example", "ftp://x", "https://", "https://x?y"] {
            assert!(parse_public_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_loopback_address_is_on_this_machine() {
        let at = |listen: &str, url: Option<&str>| {
            let public_url = url.map(str::to_owned);
            AddressSettings { listen: listen.parse().unwrap(), public_url }.is_on_this_machine()
        };
        assert!(at("127.0.0.1:0", None) && at("[::1]:8080", Some("http://localhost:8080")));
        assert!(!at("0.0.0.0:8080", None) && !at("10.0.0.1:8080", Some("http://localhost:8080")));
        // Something in front forwards requests of others.
        assert!(!at("127.0.0.1:8080", Some("https://demo.kong.example")));
    }

    #[test]
    fn plain_http_stays_on_this_machine_unless_it_is_said_that_it_may_not() {
        let (careful, insecure) =
            (TransportSettings::default(), TransportSettings { insecure: true });
        for fine in [
            "https://scim.example",
            "http://127.0.0.1:8080",
            "http://127.1.2.3",
            "http://[::1]:8080/base",
            "http://[::ffff:127.0.0.1]",
            "http://localhost:8080",
            "http://scim.localhost",
        ] {
            assert_eq!(careful.check(fine), Ok(()), "{fine}");
        }
        for open in [
            "http://scim.example",
            "http://0.0.0.0:8080",
            "http://[::]:8080",
            "http://10.0.0.1",
            "http://localhost.example",
            "http://127.0.0.1.example",
            "http://127.0.0.1@scim.example",
        ] {
            let said = careful.check(open).unwrap_err();
            assert!(said.contains(open) && said.contains("--insecure"), "{said}");
            assert_eq!(insecure.check(open), Ok(()), "{open}");
        }
    }
}
