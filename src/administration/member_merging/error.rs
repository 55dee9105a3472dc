//! Errors of merging members.

use crate::administration::{Class, Refusal};

/// Why two members cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// Both are the same member.
    #[error("A member cannot be merged with itself. Give the ids of two members.")]
    SameMember,
    /// Both were provisioned.
    #[error(
        "\"{0}\" and \"{1}\" are both provisioned by SCIM, which would bring the one that goes back. \
         Remove one of them in the identity provider."
    )]
    BothProvisioned(String, String),
    /// Two people have claimed them.
    #[error(
        "\"{0}\" and \"{1}\" are two people: each has proved an address and joined the account. If they \
         are one, remove one of the two members on the Licenses page instead."
    )]
    TwoPeople(String, String),
    /// The merged owner or co-owner would sign in with an address that is not proved.
    #[error(
        "\"{0}\" would be the sign-in address of an owner or co-owner, and it is not proved by the \
         person who is the member now. They prove it while signed in, under My account \
         (POST /api/v1/session/addresses); then the members can be merged."
    )]
    Unproved(String),
}

impl Refusal for MergeError {
    fn class(&self) -> Class {
        match self {
            Self::SameMember => Class::Invalid,
            Self::Unproved(_) => Class::Forbidden,
            Self::BothProvisioned(..) | Self::TwoPeople(..) => Class::Conflict,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::SameMember => "same-member",
            Self::BothProvisioned(..) => "both-provisioned",
            Self::TwoPeople(..) => "two-people",
            Self::Unproved(_) => "address-not-proved",
        }
    }
}
