//! Errors of the use cases for plans.

use super::seat_requests::MOST_IN_A_DAY;
use crate::administration::{Class, Refusal};
use crate::enterprise::Timestamp;
use crate::enterprise::git_sync::ESSENTIALS_LIMIT;

/// Why a plan cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The activation code is not valid. One text for every case, so that a guess does not reveal
    /// whether the code was used, superseded or never issued.
    #[error(
        "This activation code is not valid. Codes work once, and only the newest one issued to you; \
         check it for mistakes, or ask the sales team for another."
    )]
    InvalidCode,
    /// More seats are in use than the plan would have.
    #[error(
        "{seats} seats are too few: {used} are in use. Remove members on the Licenses page or revoke \
         invitations until {seats} are in use, or choose more seats."
    )]
    TooFewSeats {
        /// The number of seats that the plan would have.
        seats: i64,
        /// The number of seats in use.
        used: i64,
    },
    /// More members are active than Git Sync serves under Essentials.
    #[error(
        "Under Essentials, Git Sync serves at most {ESSENTIALS_LIMIT} active users, and {active} are \
         active. Either remove members on the Licenses page until {ESSENTIALS_LIMIT} are active, or \
         disable Git Sync: set git_sync_enabled to false on the plan."
    )]
    TooManyForGitSync {
        /// The number of active members.
        active: i64,
    },
    /// The account has another subscription, which still pays for its plan.
    #[error(
        "account_id: this account has the subscription \"{0}\" already. Report changes under that \
         id, or end it first."
    )]
    OtherSubscription(String),
    /// The server has no address of the sales team.
    #[error(
        "This server does not know whom to write to for more seats. Ask its operator, who can set \
         --sales-address (INSOMNIA_SCIM_SALES_ADDRESS)."
    )]
    NoSales,
    /// The account has asked for more seats too often.
    #[error(
        "This account asked for more seats {MOST_IN_A_DAY} times within 24 hours. Wait for the \
         answer of the sales team."
    )]
    TooManySeatRequests,
    /// A trial is running.
    #[error(
        "The trial runs until {}. It ends by itself and cannot be ended or turned into a paid plan \
         before.", .0.to_rfc3339()
    )]
    TrialRuns(Timestamp),
    /// The account has had its trial.
    #[error("This account had its trial, on {}; there is one for each account.", .0.to_rfc3339())]
    TrialUsed(Timestamp),
    /// The account already has the Enterprise plan, so there is nothing to try.
    #[error("This account has the Enterprise plan already, so there is nothing to try.")]
    HasEnterprise,
    /// The account already has the plan Essentials, the lowest.
    #[error("This account has the plan essentials already.")]
    IsEssentials,
    /// The account's name was not given as confirmation.
    #[error("confirm: to downgrade, enter the account's name: \"{0}\".")]
    NotConfirmed(String),
    /// The account is already active.
    #[error("The account is active already.")]
    IsActive,
    /// Reactivation needs an activation code or a payment.
    #[error(
        "The account's plan has ended. Enter an activation code, or renew the subscription, to \
         reactivate it."
    )]
    NeedsCode,
    /// An event of the billing system is invalid.
    #[error("{field}: {reason}.")]
    InvalidEvent {
        /// The name of the field.
        field: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// No account has this subscription.
    #[error("There is no account with the subscription \"{0}\".")]
    UnknownSubscription(String),
}

impl Refusal for PlanError {
    fn class(&self) -> Class {
        match self {
            Self::InvalidCode => Class::Forbidden,
            Self::NotConfirmed(_) | Self::InvalidEvent { .. } => Class::Invalid,
            Self::UnknownSubscription(_) => Class::NotFound,
            Self::TooManySeatRequests => Class::TooMany,
            _ => Class::Conflict,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::InvalidCode => "invalid-code",
            Self::TooFewSeats { .. } => "too-few-seats",
            Self::TooManyForGitSync { .. } => "too-many-for-git-sync",
            Self::OtherSubscription(_) => "other-subscription",
            Self::NoSales => "no-sales-address",
            Self::TooManySeatRequests => "too-many-seat-requests",
            Self::TrialRuns(_) => "trial-runs",
            Self::TrialUsed(_) => "trial-used",
            Self::HasEnterprise | Self::IsEssentials | Self::IsActive => "has-plan",
            Self::NotConfirmed(_) => "not-confirmed",
            Self::NeedsCode => "needs-code",
            Self::InvalidEvent { .. } => "invalid-value",
            Self::UnknownSubscription(_) => "not-found",
        }
    }

    fn retry_after(&self) -> u64 {
        24 * 60 * 60
    }

    fn is_wrong_secret(&self) -> bool {
        matches!(self, Self::InvalidCode)
    }
}
