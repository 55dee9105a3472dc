//! Mail on its way out: what is sent, and what a way of sending it has to do.

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

impl Failure {
    /// The same with a text that is one line of so many characters at most: it repeats what
    /// somebody else said.
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

/// The end of sending.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

/// A way of sending mail.
pub trait Transport: Send + Sync {
    /// Sends one mail. `Ok` means that somebody else is responsible for it now.
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a>;
}
