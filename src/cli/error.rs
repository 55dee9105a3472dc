//! Errors of commands.

/// Why a command failed.
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
    /// An invalid argument that clap did not detect.
    #[error("{0}")]
    Argument(String),
    #[error("{0}")]
    ScimTest(String),
    /// An error that a server returned.
    #[error("{0}")]
    Refused(String),
}
