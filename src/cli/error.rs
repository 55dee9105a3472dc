//! Errors of commands.

use crate::administration::AdministrationError;
use crate::store::StoreError;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Backup(#[from] crate::store::backup::BackupError),
    #[error(transparent)]
    Administration(#[from] AdministrationError),
    #[error(transparent)]
    Tls(#[from] crate::http::tls::TlsError),
    #[error(transparent)]
    DemoIdp(#[from] crate::http::demo_idp::NoKey),
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

impl CommandError {
    /// Returns the failure of the database, if it is one.
    pub fn of_database(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) | Self::Administration(AdministrationError::Store(error)) => {
                Some(error)
            }
            _ => None,
        }
    }
}
