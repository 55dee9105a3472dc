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
            Self::UnknownLink => Class::NotFound,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::NotAllowed { .. } => "not-invitable",
            Self::UnknownLink => "invitation-link-invalid",
            Self::PlanEnded => "plan-ended",
        }
    }

    fn is_wrong_secret(&self) -> bool {
        matches!(self, Self::UnknownLink)
    }
}
