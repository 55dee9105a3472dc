//! Settings of TLS, where no proxy in front speaks it.

use std::path::PathBuf;

use clap::Args;

use crate::http::tls::Files;

/// Certificate and key.
#[derive(Args, Clone, Debug, Default)]
pub struct TlsSettings {
    /// File with the server's certificate and those that lead to its authority, in PEM; with it the
    /// server speaks TLS, and HTTP/2 [default: none; a proxy in front speaks TLS]
    #[arg(long, env = "INSOMNIA_SCIM_TLS_CERT", requires = "tls_key")]
    tls_cert: Option<PathBuf>,

    /// File with the certificate's private key, in PEM; both files are read again when they change
    #[arg(long, env = "INSOMNIA_SCIM_TLS_KEY", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

impl TlsSettings {
    /// The files, if the server speaks TLS itself.
    pub fn files(&self) -> Option<Files> {
        let (certificate, key) = (self.tls_cert.clone()?, self.tls_key.clone()?);
        Some(Files { certificate, key })
    }
}
