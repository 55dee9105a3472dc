//! Refusals about plans.

use crate::administration::{Class, Refusal};
use crate::enterprise::Timestamp;

/// Why a plan is not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// One text for every wrong code: nobody learns whether it was used, superseded or never there.
    #[error(
        "This activation code is not valid. Codes work once, and only the newest one issued to you; \
         check it for mistakes, or ask the sales team for another."
    )]
    InvalidCode,
    /// More seats are in use.
    #[error(
        "{seats} seats are too few: {used} are in use. Remove members on the Licenses page or revoke \
         invitations until {seats} are in use, or choose more seats."
    )]
    TooFewSeats {
        /// Seats that there would be.
        seats: i64,
        /// Seats in use.
        used: i64,
    },
    /// The trial is running.
    #[error(
        "The trial runs until {}. It ends by itself and cannot be ended or turned into a paid plan \
         before.", .0.to_rfc3339()
    )]
    TrialRuns(Timestamp),
    /// The account had its trial.
    #[error("This account had its trial, on {}; there is one for each account.", .0.to_rfc3339())]
    TrialUsed(Timestamp),
    /// There is nothing to try.
    #[error("This account has the Enterprise plan already, so there is nothing to try.")]
    HasEnterprise,
    /// There is nothing to go down from.
    #[error("This account has the plan essentials already.")]
    IsEssentials,
    /// The name was not given.
    #[error("confirm: to go down, give the account's name: \"{0}\".")]
    NotConfirmed(String),
    /// Nothing to switch on.
    #[error("The account is active already.")]
    IsActive,
    /// A code is needed.
    #[error(
        "The account's plan has ended. Enter an activation code, or renew the subscription, to \
         reactivate it."
    )]
    NeedsCode,
    /// An event without what it needs.
    #[error("{field}: {reason}.")]
    InvalidEvent {
        /// The field.
        field: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// No such subscription.
    #[error("There is no account with the subscription \"{0}\".")]
    UnknownSubscription(String),
}

impl Refusal for PlanError {
    fn class(&self) -> Class {
        match self {
            Self::InvalidCode => Class::Forbidden,
            Self::NotConfirmed(_) | Self::InvalidEvent { .. } => Class::Invalid,
            Self::UnknownSubscription(_) => Class::NotFound,
            _ => Class::Conflict,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::InvalidCode => "invalid-code",
            Self::TooFewSeats { .. } => "too-few-seats",
            Self::TrialRuns(_) => "trial-runs",
            Self::TrialUsed(_) => "trial-used",
            Self::HasEnterprise | Self::IsEssentials | Self::IsActive => "has-plan",
            Self::NotConfirmed(_) => "not-confirmed",
            Self::NeedsCode => "needs-code",
            Self::InvalidEvent { .. } => "invalid-value",
            Self::UnknownSubscription(_) => "not-found",
        }
    }

    fn is_wrong_secret(&self) -> bool {
        matches!(self, Self::InvalidCode)
    }
}
