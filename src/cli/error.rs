//! Why commands fail.

/// Why a command did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    #[error(transparent)]
    Backup(#[from] crate::store::backup::BackupError),
    #[error(transparent)]
    Administration(#[from] crate::administration::AdministrationError),
    #[error(transparent)]
    Tls(#[from] crate::http::tls::TlsError),
    #[error(
        "listening on {address}: {error}. --listen (INSOMNIA_SCIM_LISTEN) chooses another address"
    )]
    Listen { address: std::net::SocketAddr, error: std::io::Error },
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A mistake in an argument that its parser must not judge.
    #[error("{0}")]
    Argument(String),
    #[error("{0}")]
    ScimTest(String),
    /// A server's refusal.
    #[error("{0}")]
    Refused(String),
}
