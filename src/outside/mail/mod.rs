//! Mail on its way out: what is sent, and what a way of sending it has to do.

use std::pin::Pin;

use crate::enterprise::Timestamp;

/// A mail to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The `Message-ID` without its domain; the same whenever this mail is sent.
    pub message_id: String,
    /// The address.
    pub recipient: String,
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML, if there is one.
    pub html: Option<String>,
    /// When it was written.
    pub date: Timestamp,
}

/// Why a mail was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nobody takes mail from us now, whomever it is for.
    #[error("{0}")]
    Unreachable(String),
    /// It may work later.
    #[error("{0}")]
    Temporary(String),
    /// It will not work later either.
    #[error("{0}")]
    Permanent(String),
}

/// The end of sending.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

/// A way of sending mail.
pub trait Transport: Send + Sync {
    /// Sends one mail. `Ok` means that somebody else is responsible for it now.
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a>;
}
