//! Refusals of recovery links.

use super::MOST_OPEN;
use crate::administration::{Class, Refusal};

/// Why a recovery link is not made, or signs nobody in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryError {
    /// A link gives all that an owner has.
    #[error(
        "A recovery link signs in an owner with all their rights, and a token with scopes has fewer. \
         Use a session, or a token without scopes."
    )]
    NeedsAllRights,
    /// Enough of them.
    #[error("You have {MOST_OPEN} recovery links that were not used. Revoke one of them first.")]
    TooMany,
    /// There is nobody to sign in.
    #[error(
        "Nobody has proved yet to be \"{0}\", so a link could sign in nobody. Let them sign in once."
    )]
    NotProved(String),
    /// Only owners are let in so.
    #[error("No active owner of this account has the address \"{0}\".")]
    NoOwner(String),
    /// Used, too old, revoked, or the owner is not one any more.
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
