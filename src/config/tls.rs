//! Settings of TLS, for servers without a proxy that terminates it.

use std::path::PathBuf;

use clap::Args;

use crate::http::tls::Files;

/// The files with the certificate and its key.
#[derive(Args, Clone, Debug, Default)]
pub struct TlsSettings {
    /// File with the server's certificate and its chain, in PEM; with it the server speaks TLS and
    /// HTTP/2 [default: none; a proxy in front speaks TLS]
    #[arg(long, env = "INSOMNIA_SCIM_TLS_CERT", requires = "tls_key")]
    tls_cert: Option<PathBuf>,

    /// File with the certificate's private key, in PEM; both files are read again when they change
    #[arg(long, env = "INSOMNIA_SCIM_TLS_KEY", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

impl TlsSettings {
    /// Returns the files, or `None` if a proxy terminates TLS.
    pub fn files(&self) -> Option<Files> {
        let (certificate, key) = (self.tls_cert.clone()?, self.tls_key.clone()?);
        Some(Files { certificate, key })
    }
}
