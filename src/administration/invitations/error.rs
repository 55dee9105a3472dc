//! Errors of the use cases for invitations.

use crate::administration::{Class, Refusal};
use crate::enterprise::invite_control::Violation;

/// Why an invitation cannot be sent or accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvitationError {
    /// Invite control does not allow it.
    #[error("Invite control does not allow \"{email}\": {violation}. {NOT_ALLOWED}")]
    NotAllowed {
        /// The invited address.
        email: String,
        /// The rule that forbids it.
        violation: Violation,
    },
    /// No invitation has this link.
    #[error(
        "This link is not valid. If the invitation was sent again, use the link of the newest mail; \
         otherwise ask whoever invited you."
    )]
    UnknownLink,
    /// No invitation with this id is to an address of the person.
    #[error(
        "No invitation with the id \"{0}\" is to an address that you have proved. GET \
         /api/v1/me/invitations lists those that are; POST /api/v1/session/addresses proves one more \
         address."
    )]
    NotYours(String),
    /// The person is another member of the account already.
    #[error(
        "You are a member of this account already, by another of your addresses. Ask an \
         administrator of the account to give your member \"{0}\", too, or decline the invitation."
    )]
    MemberAlready(String),
    /// The account's plan has ended.
    #[error(
        "The account's Enterprise plan has ended, so nobody can join it now. Ask whoever invited you."
    )]
    PlanEnded,
}

const NOT_ALLOWED: &str = "An owner or co-owner can change the rule on the page Invite control \
     (PUT /api/v1/invite-control, or the organization's).";

impl Refusal for InvitationError {
    fn class(&self) -> Class {
        match self {
            Self::NotAllowed { .. } | Self::PlanEnded => Class::Forbidden,
            Self::UnknownLink | Self::NotYours(_) => Class::NotFound,
            Self::MemberAlready(_) => Class::Conflict,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::NotAllowed { .. } => "not-invitable",
            Self::UnknownLink => "invitation-link-invalid",
            Self::NotYours(_) => "not-found",
            Self::MemberAlready(_) => "already-member",
            Self::PlanEnded => "plan-ended",
        }
    }

    fn is_wrong_secret(&self) -> bool {
        matches!(self, Self::UnknownLink)
    }
}
