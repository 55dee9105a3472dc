//! Errors of what people do with their own addresses and memberships.

use crate::administration::{Class, Refusal};

/// The maximum number of links to prove an address that a person may request per hour.
pub(super) const LINKS_AN_HOUR: i64 = 5;

/// Why a person's request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PersonError {
    /// Another person has claimed the member.
    #[error(
        "Another person already uses the membership of \"{0}\". Ask an administrator of the account \
         to correct the addresses of its members."
    )]
    ClaimedByOther(String),
    /// The person has claimed another member of the account.
    #[error(
        "You are already a member of this account, by another of your addresses. Ask an \
         administrator of the account to remove the member \"{0}\", or to give your own member that \
         address."
    )]
    OtherMember(String),
    /// No such membership waits for the person's answer.
    #[error("No membership with the id \"{0}\" waits for your answer.")]
    NothingWaits(String),
    /// The session is confined to one account.
    #[error(
        "This session was opened by the single sign-on of one account and acts in that account only. \
         Sign in by mail for this."
    )]
    Confined,
    /// Another person has proved the address.
    #[error(
        "\"{0}\" belongs to another person here. Sign in with it and remove it there, then add it \
         again."
    )]
    AddressOfOther(String),
    /// The person has not proved the address.
    #[error("You have not proved the address \"{0}\".")]
    NoSuchAddress(String),
    /// The primary address cannot be removed, so that a person always has an address to sign in
    /// with.
    #[error(
        "\"{0}\" is your primary address. Make another one the primary address first; the last one \
         stays."
    )]
    PrimaryAddress(String),
    /// The link is not valid.
    #[error(
        "This link is not valid: it works once, for an hour, for the person who asked for it. Ask \
         for a new one."
    )]
    LinkUnknown,
    /// The person asked for too many links.
    #[error("You asked for {LINKS_AN_HOUR} links within an hour. Try again later.")]
    TooManyLinks,
}

impl Refusal for PersonError {
    fn class(&self) -> Class {
        match self {
            Self::ClaimedByOther(_)
            | Self::OtherMember(_)
            | Self::AddressOfOther(_)
            | Self::PrimaryAddress(_) => Class::Conflict,
            Self::NothingWaits(_) | Self::NoSuchAddress(_) | Self::LinkUnknown => Class::NotFound,
            Self::Confined => Class::Forbidden,
            Self::TooManyLinks => Class::TooMany,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::ClaimedByOther(_) => "claimed-by-other",
            Self::OtherMember(_) => "other-member",
            Self::NothingWaits(_) => "nothing-waits",
            Self::Confined => "session-confined",
            Self::AddressOfOther(_) => "address-of-other",
            Self::NoSuchAddress(_) => "no-such-address",
            Self::PrimaryAddress(_) => "primary-address",
            Self::LinkUnknown => "link-unknown",
            Self::TooManyLinks => "too-many-links",
        }
    }

    fn is_wrong_secret(&self) -> bool {
        matches!(self, Self::LinkUnknown)
    }
}
