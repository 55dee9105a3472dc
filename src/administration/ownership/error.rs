//! Errors of claiming a new account.

use super::MOST_IN_AN_HOUR;
use crate::administration::{Class, Refusal};

/// Why an account cannot be claimed, or its owner's address cannot be corrected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OwnershipError {
    /// The link does not exist, was used, was replaced by a newer one, or has expired.
    #[error(
        "This link is not valid: it works once, for 30 days, and only the newest one. Whoever made \
         the account can send another one; if the account is yours already, sign in."
    )]
    LinkUnknown,
    /// A person has claimed the owner.
    #[error(
        "\"{0}\" has claimed this account, so the address is theirs to change: under their own \
         addresses."
    )]
    Claimed(String),
    /// An identity provider keeps the owner's addresses.
    #[error("The identity provider keeps the addresses of \"{0}\". Correct them there.")]
    KeptByIdentityProvider(String),
    /// Too many links were sent.
    #[error("{MOST_IN_AN_HOUR} mails were sent to the owner within an hour. Try again later.")]
    TooOften,
}

impl Refusal for OwnershipError {
    fn class(&self) -> Class {
        match self {
            Self::LinkUnknown => Class::NotFound,
            Self::Claimed(_) | Self::KeptByIdentityProvider(_) => Class::Conflict,
            Self::TooOften => Class::TooMany,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::LinkUnknown => "no-such-link",
            Self::Claimed(_) => "already-claimed",
            Self::KeptByIdentityProvider(_) => "kept-by-identity-provider",
            Self::TooOften => "too-many-mails",
        }
    }

    fn is_wrong_secret(&self) -> bool {
        matches!(self, Self::LinkUnknown)
    }
}
