//! Settings of where the server is, and of what stands between it and its clients.

use std::net::SocketAddr;

use clap::Args;
use clap::builder::BoolishValueParser;
use url::{Host, Url};

/// Where the server is, as it and its clients see it.
#[derive(Args, Clone, Debug)]
pub struct AddressSettings {
    /// The address to listen on; port 0 takes a free one
    #[arg(long, env = "INSOMNIA_SCIM_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// The URL that clients reach the server by [default: http:// and the address it listens on]
    #[arg(long, env = "INSOMNIA_SCIM_PUBLIC_URL", value_parser = parse_public_url)]
    pub public_url: Option<String>,
}

impl AddressSettings {
    /// The public URL, given the address that the server got.
    pub fn public_url(&self, scheme: &str, listening: SocketAddr) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("{scheme}://{listening}"))
    }
}

/// What keeps what is sent from being read on its way.
#[derive(Args, Clone, Debug, Default)]
pub struct TransportSettings {
    /// Let clients reach the server by plain http beyond this machine: whoever is on the way can read
    /// and change everything, tokens among it
    #[arg(long, env = "INSOMNIA_SCIM_INSECURE", value_parser = BoolishValueParser::new())]
    pub insecure: bool,
}

impl TransportSettings {
    /// Sees that tokens do not go through a network in the open.
    ///
    /// # Errors
    /// Names the setting, and says what to do.
    pub fn check(&self, public_url: &str) -> Result<(), String> {
        if self.insecure || !public_url.starts_with("http://") || is_here(public_url) {
            return Ok(());
        }
        Err(format!(
            "--public-url (INSOMNIA_SCIM_PUBLIC_URL): by {public_url} tokens and sign-ins would go \
             through the network in the open. Give the https:// URL of the proxy in front, or let \
             the server speak TLS by --tls-cert and --tls-key. Where nobody else is in that network, --insecure (INSOMNIA_SCIM_INSECURE=true) lets it be."
        ))
    }
}

/// Whether a URL leads to this machine and not beyond it.
fn is_here(url: &str) -> bool {
    let url = Url::parse(url).ok();
    match url.as_ref().and_then(Url::host) {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        // These names are never looked up elsewhere (RFC 6761, section 6.3).
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}

/// Reads a URL that people reach the server by; gives it without a slash at the end.
///
/// # Errors
/// What it must be.
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
