//! Settings of how clients' connections are protected.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;
use clap::builder::BoolishValueParser;
use url::{Host, Url};

use crate::http::tls::Files;

/// TLS, or the word that none is wanted.
#[derive(Args, Clone, Debug, Default)]
pub struct TlsSettings {
    /// File with the server's certificate and those that lead to its authority, in PEM; with it the
    /// server speaks TLS, and HTTP/2 [default: none; a proxy in front speaks TLS]
    #[arg(long, env = "INSOMNIA_SCIM_TLS_CERT", requires = "tls_key")]
    tls_cert: Option<PathBuf>,

    /// File with the certificate's private key, in PEM; both files are read again when they change
    #[arg(long, env = "INSOMNIA_SCIM_TLS_KEY", requires = "tls_cert")]
    tls_key: Option<PathBuf>,

    /// Let clients reach the server by plain http from other machines, with tokens and sessions that
    /// anybody on the way can read
    #[arg(long, env = "INSOMNIA_SCIM_INSECURE", value_parser = BoolishValueParser::new())]
    insecure: bool,
}

impl TlsSettings {
    /// The files, if the server speaks TLS itself.
    pub fn files(&self) -> Option<Files> {
        let (certificate, key) = (self.tls_cert.clone()?, self.tls_key.clone()?);
        Some(Files { certificate, key })
    }

    /// Whether clients may be told this URL.
    ///
    /// # Errors
    /// What to do where it would send secrets in clear.
    pub fn check(&self, public_url: &str) -> Result<(), String> {
        if self.insecure || public_url.starts_with("https://") || is_of_this_machine(public_url) {
            return Ok(());
        }
        Err(format!(
            "the public URL {public_url} is plain http: tokens, links and sessions would go over the \
             network for everybody on the way to read. Set --public-url to the https URL of the proxy \
             in front, or let the server speak TLS by --tls-cert and --tls-key; --insecure serves all \
             the same"
        ))
    }
}

/// Whether what is sent there never leaves the machine.
fn is_of_this_machine(url: &str) -> bool {
    match Url::parse(url).as_ref().map(Url::host) {
        Ok(Some(Host::Ipv4(address))) => address.is_loopback(),
        Ok(Some(Host::Ipv6(address))) => {
            address.is_loopback()
                || address.to_ipv4_mapped().is_some_and(|address| IpAddr::V4(address).is_loopback())
        }
        Ok(Some(Host::Domain(name))) => name == "localhost" || name.ends_with(".localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_on_this_machine() {
        let settings = TlsSettings::default();
        for url in [
            "https://scim.example.com",
            "http://127.0.0.1:8080",
            "http://127.9.9.9/x",
            "http://[::1]:8080",
            "http://localhost:8080",
            "http://scim.localhost",
        ] {
            assert_eq!(settings.check(url), Ok(()), "{url}");
        }
        for url in [
            "http://scim.example.com",
            "http://10.0.0.1:8080",
            "http://0.0.0.0:8080",
            "http://[::]:8080",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
        ] {
            let refused = settings.check(url).unwrap_err();
            assert!(refused.contains("--insecure") && refused.contains("--tls-cert"), "{refused}");
            let insecure = TlsSettings { insecure: true, ..TlsSettings::default() };
            assert_eq!(insecure.check(url), Ok(()));
        }
    }
}
