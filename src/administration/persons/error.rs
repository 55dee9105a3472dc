//! Errors of what people do with their own addresses and memberships.

use crate::administration::{Class, Refusal};

/// The maximum number of links to prove an address that a person may request per hour.
pub(super) const LINKS_AN_HOUR: i64 = 5;
/// The maximum number of addresses of a person.
pub(super) const MOST_ADDRESSES: usize = 20;

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
    /// The session acts in no account.
    #[error(
        "You act in no account. Choose one of those that GET /api/v1/session lists: PATCH \
         /api/v1/session."
    )]
    NoAccount,
    /// The person has no such membership.
    #[error(
        "You have no membership with the id \"{0}\". GET /api/v1/session lists those that you have."
    )]
    NotYourMembership(String),
    /// The identity provider keeps the membership.
    #[error(
        "The identity provider of \"{0}\" keeps your membership and would bring it back with its next \
         sync. Ask who administers it to unassign you from Insomnia there: that ends the membership \
         and frees its seat."
    )]
    KeptByIdentityProvider(String),
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
    /// The person has the maximum number of addresses.
    #[error("You have {MOST_ADDRESSES} addresses. Remove one that you do not use any more.")]
    TooManyAddresses,
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
            | Self::PrimaryAddress(_)
            | Self::TooManyAddresses
            | Self::KeptByIdentityProvider(_) => Class::Conflict,
            Self::NothingWaits(_)
            | Self::NotYourMembership(_)
            | Self::NoSuchAddress(_)
            | Self::LinkUnknown => Class::NotFound,
            Self::Confined | Self::NoAccount => Class::Forbidden,
            Self::TooManyLinks => Class::TooMany,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::ClaimedByOther(_) => "claimed-by-other",
            Self::OtherMember(_) => "other-member",
            Self::NothingWaits(_) => "nothing-waits",
            Self::NotYourMembership(_) => "not-found",
            Self::KeptByIdentityProvider(_) => "kept-by-identity-provider",
            Self::Confined => "session-confined",
            Self::NoAccount => "no-account",
            Self::AddressOfOther(_) => "address-of-other",
            Self::NoSuchAddress(_) => "no-such-address",
            Self::PrimaryAddress(_) => "primary-address",
            Self::LinkUnknown => "link-unknown",
            Self::TooManyAddresses => "too-many-addresses",
            Self::TooManyLinks => "too-many-links",
        }
    }

    fn is_wrong_secret(&self) -> bool {
        matches!(self, Self::LinkUnknown)
    }
}
