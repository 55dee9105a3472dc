//! Outgoing mail: the mail, and the transports that send it.

mod folder;
mod message;
mod smtp;
mod smtp_url;

use std::pin::Pin;

use crate::enterprise::Timestamp;
pub use folder::Folder;
pub use message::Sender;
pub use smtp::Smtp;
pub use smtp_url::{Protection, SmtpUrl};

/// A mail to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The `Message-ID` without its domain; stays the same when the mail is sent again.
    pub message_id: String,
    /// The address of the recipient.
    pub recipient: String,
    /// The subject, a single line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML, if there is one.
    pub html: Option<String>,
    /// When the mail was written.
    pub date: Timestamp,
}

/// Why a mail was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No mail at all can be sent at the moment.
    #[error("{0}")]
    Unreachable(String),
    /// This mail may be sent later.
    #[error("{0}")]
    Temporary(String),
    /// This mail can never be sent.
    #[error("{0}")]
    Permanent(String),
}

impl Failure {
    /// Shortens the text to one line of at most `longest` characters, because it quotes other
    /// systems.
    #[must_use]
    pub fn in_one_line(self, longest: usize) -> Self {
        let short = |text: String| {
            let clean = |character: char| if character.is_control() { ' ' } else { character };
            text.chars().map(clean).take(longest).collect()
        };
        match self {
            Self::Unreachable(text) => Self::Unreachable(short(text)),
            Self::Temporary(text) => Self::Temporary(short(text)),
            Self::Permanent(text) => Self::Permanent(short(text)),
        }
    }
}

/// The future that sends a mail.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

/// A transport for mail.
pub trait Transport: Send + Sync {
    /// Sends one mail. `Ok` means that the next system has accepted responsibility for it.
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a>;
}
