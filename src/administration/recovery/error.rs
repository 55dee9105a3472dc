//! Errors of recovery links.

use super::MOST_OPEN;
use crate::administration::{Class, Refusal};

/// Why a recovery link cannot be created or used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryError {
    /// The caller's token has scopes, and a link gives all rights of an owner.
    #[error(
        "This gives all rights of an owner to whoever follows a link, and a token with scopes has \
         fewer. Use a session, or a token without scopes."
    )]
    NeedsAllRights,
    /// The owner has the maximum number of unused links.
    #[error("You have {MOST_OPEN} recovery links that were not used. Revoke one of them first.")]
    TooMany,
    /// No person has claimed the owner, so a link could not sign anybody in.
    #[error(
        "No person has claimed \"{0}\" yet, so a recovery link could not sign anybody in. Let them \
         sign in once."
    )]
    NotProved(String),
    /// No active owner has this address.
    #[error("No active owner of this account has the address \"{0}\".")]
    NoOwner(String),
    /// The link was used or revoked or has expired, or its owner is not an active owner any more.
    #[error(
        "This recovery link is not valid: it works once, until its end, and only while the one it was \
         made for is an active owner. Use another one, or ask the operator of this server for one."
    )]
    LinkUnknown,
}

impl Refusal for RecoveryError {
    fn class(&self) -> Class {
        match self {
            Self::NeedsAllRights => Class::Forbidden,
            Self::TooMany | Self::NotProved(_) => Class::Conflict,
            Self::NoOwner(_) => Class::NotFound,
            Self::LinkUnknown => Class::Unauthorized,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::NeedsAllRights => "recovery-needs-all-rights",
            Self::TooMany => "too-many-recovery-links",
            Self::NotProved(_) => "recovery-not-proved",
            Self::NoOwner(_) => "no-such-owner",
            Self::LinkUnknown => "recovery-link-unknown",
        }
    }

    fn is_wrong_secret(&self) -> bool {
        matches!(self, Self::LinkUnknown)
    }
}
