//! Transfer of an organization to another person's account (docs/domain.md §2): the conditions.
//!
//! An organization is owned through an account, so we read the conditions as follows:
//!
//! - *The new owner* is a person who owns another account; accepting moves the organization there.
//! - *Is already a member*: an active member of this account with access to the organization.
//! - *Equal or higher plan*: essentials, pro, trial, enterprise. The trial is below Enterprise: an
//!   organization of a paid plan must not move to an account whose plan ends on its own.
//! - *Seats available*: everyone with access to the organization, directly or through a team,
//!   becomes a member of the receiving account, so each of them who is not a member there needs a
//!   seat.
//! - *No pending invitations*: no pending invitation names the organization.
//! - *SSO is off*: no connection of the account that hands over is in force. Where one is, the
//!   account's members sign in through its provider. What the operator stated at bootstrap is not a
//!   connection.
//!
//! In addition, an account keeps its last organization, and its plan must be active, because the
//! data of an inactive account cannot be changed (docs/domain.md §1).

use super::plan::Plan;
use super::words::words;

/// Days for which a transfer can be accepted.
pub const DAYS: i64 = 7;

words! {
    /// The state of a transfer.
    TransferState {
        /// It waits for the new owner's answer.
        Pending = "pending",
        /// The organization belongs to the new owner.
        Accepted = "accepted",
        /// The new owner declined.
        Declined = "declined",
        /// The old owner cancelled it.
        Cancelled = "cancelled",
        /// The new owner did not answer in time.
        Expired = "expired",
    }
}

words! {
    /// A condition of a transfer.
    TransferCondition {
        /// The new owner is an active member who reaches the organization.
        ReachesOrganization = "reaches_organization",
        /// The new owner owns another account.
        OwnsAccount = "owns_account",
        /// That account has an active plan that is equal or higher.
        EqualPlan = "equal_plan",
        /// That account has a free seat for everybody who comes along.
        FreeSeats = "free_seats",
        /// That account has no organization of the same name.
        NameFree = "name_free",
        /// No invitation to the organization is pending.
        NoInvitations = "no_invitations",
        /// No single sign-on connection is on.
        SsoOff = "sso_off",
        /// The plan of the account that hands over is active.
        PlanActive = "plan_active",
        /// The account that hands over has another organization.
        NotLast = "not_last",
    }
}

impl TransferCondition {
    /// Returns `true` if the condition is about the account that receives.
    pub const fn is_of_receiving(self) -> bool {
        matches!(self, Self::EqualPlan | Self::FreeSeats | Self::NameFree)
    }
}

/// The facts about the account that hands over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandingOver {
    /// The account's plan.
    pub plan: Plan,
    /// Whether the plan is active.
    pub plan_active: bool,
    /// Whether single sign-on is on.
    pub sso: bool,
    /// The number of pending invitations that name the organization.
    pub invitations: i64,
    /// The number of the account's organizations.
    pub organizations: i64,
    /// Whether the new owner has access to the organization.
    pub reaches: bool,
}

/// The facts about an account that could receive the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiving {
    /// The account's plan.
    pub plan: Plan,
    /// Whether the plan is active.
    pub plan_active: bool,
    /// The number of free seats.
    pub free_seats: i64,
    /// The number of seats needed for the members who come along.
    pub needed_seats: i64,
    /// Whether an organization with the same name exists there.
    pub name_taken: bool,
}

/// A condition that is not met.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmet {
    /// The new owner has no access to the organization.
    #[error("the new owner must already be an active member who reaches the organization")]
    NotMember,
    /// The new owner does not own another account.
    #[error("the new owner must own an account of their own")]
    NoAccount,
    /// The receiving account has a lower plan, or its plan is not active.
    #[error("the new owner's account must have an active plan that is equal to or higher than {0}")]
    LowerPlan(Plan),
    /// The receiving account has too few free seats.
    #[error("the new owner's account must have {0} free seats for the members who come along")]
    NoSeats(i64),
    /// The receiving account has an organization of that name.
    #[error("the new owner's account has an organization of the same name; rename one of them")]
    NameTaken,
    /// Invitations to the organization are pending.
    #[error("{0} invitations to the organization are pending; revoke them or let them be accepted")]
    PendingInvitations(i64),
    /// Single sign-on is on.
    #[error("single sign-on must be off during the transfer")]
    SsoOn,
    /// The plan of the account that hands over has ended.
    #[error("the plan of the account that hands over must be active")]
    PlanEnded,
    /// It is the account's only organization.
    #[error("an account keeps its last organization; create another one first")]
    LastOrganization,
}

impl Unmet {
    /// Returns the condition that is not met.
    pub const fn condition(&self) -> TransferCondition {
        match self {
            Self::NotMember => TransferCondition::ReachesOrganization,
            Self::NoAccount => TransferCondition::OwnsAccount,
            Self::LowerPlan(_) => TransferCondition::EqualPlan,
            Self::NoSeats(_) => TransferCondition::FreeSeats,
            Self::NameTaken => TransferCondition::NameFree,
            Self::PendingInvitations(_) => TransferCondition::NoInvitations,
            Self::SsoOn => TransferCondition::SsoOff,
            Self::PlanEnded => TransferCondition::PlanActive,
            Self::LastOrganization => TransferCondition::NotLast,
        }
    }
}

/// A condition of a transfer, and whether it is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The condition.
    pub condition: TransferCondition,
    /// Whether it is met; `None` if that depends on an account which the new owner does not have.
    pub is_met: Option<bool>,
    /// What is missing, if it is not met.
    pub unmet: Option<Unmet>,
}

/// Returns every condition, given those that are not met.
pub fn checked(unmet: &[Unmet]) -> Vec<Checked> {
    let no_account = unmet.contains(&Unmet::NoAccount);
    TransferCondition::ALL
        .iter()
        .map(|&condition| {
            let unmet = unmet.iter().find(|unmet| unmet.condition() == condition).cloned();
            let is_known = !(no_account && condition.is_of_receiving());
            Checked { condition, is_met: is_known.then_some(unmet.is_none()), unmet }
        })
        .collect()
}

/// Returns the conditions that the account that hands over does not meet.
pub fn unmet_by_giving(giving: &HandingOver) -> Vec<Unmet> {
    [
        (!giving.reaches).then_some(Unmet::NotMember),
        (giving.invitations > 0).then_some(Unmet::PendingInvitations(giving.invitations)),
        giving.sso.then_some(Unmet::SsoOn),
        (!giving.plan_active).then_some(Unmet::PlanEnded),
        (giving.organizations <= 1).then_some(Unmet::LastOrganization),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns the conditions that a receiving account does not meet.
pub fn unmet_by_receiving(giving: Plan, receiving: &Receiving) -> Vec<Unmet> {
    let lower = !receiving.plan_active || rank(receiving.plan) < rank(giving);
    let full = receiving.free_seats < receiving.needed_seats;
    [
        lower.then_some(Unmet::LowerPlan(giving)),
        full.then_some(Unmet::NoSeats(receiving.needed_seats)),
        receiving.name_taken.then_some(Unmet::NameTaken),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const fn rank(plan: Plan) -> u8 {
    match plan {
        Plan::Essentials => 0,
        Plan::Pro => 1,
        Plan::Trial => 2,
        Plan::Enterprise => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVING: HandingOver = HandingOver {
        plan: Plan::Enterprise,
        plan_active: true,
        sso: false,
        invitations: 0,
        organizations: 2,
        reaches: true,
    };
    const RECEIVING: Receiving = Receiving {
        plan: Plan::Enterprise,
        plan_active: true,
        free_seats: 3,
        needed_seats: 3,
        name_taken: false,
    };

    #[test]
    fn nothing_is_missing_where_every_condition_is_met() {
        assert_eq!(unmet_by_giving(&GIVING), []);
        assert_eq!(unmet_by_receiving(Plan::Enterprise, &RECEIVING), []);
    }

    #[test]
    fn everything_that_is_missing_is_named_at_once() {
        let giving = HandingOver {
            plan_active: false,
            sso: true,
            invitations: 2,
            organizations: 1,
            reaches: false,
            ..GIVING
        };
        assert_eq!(
            unmet_by_giving(&giving),
            [
                Unmet::NotMember,
                Unmet::PendingInvitations(2),
                Unmet::SsoOn,
                Unmet::PlanEnded,
                Unmet::LastOrganization
            ]
        );
        let receiving =
            Receiving { plan: Plan::Trial, free_seats: 2, name_taken: true, ..RECEIVING };
        assert_eq!(
            unmet_by_receiving(Plan::Enterprise, &receiving),
            [Unmet::LowerPlan(Plan::Enterprise), Unmet::NoSeats(3), Unmet::NameTaken]
        );
    }

    #[test]
    fn every_condition_is_shown_with_what_is_known_of_it() {
        let all = checked(&[Unmet::NoAccount, Unmet::SsoOn]);
        assert_eq!(all.len(), TransferCondition::ALL.len());
        for one in all {
            use TransferCondition::{OwnsAccount, SsoOff};
            let expected = match one.condition {
                OwnsAccount | SsoOff => Some(false),
                condition if condition.is_of_receiving() => None,
                _ => Some(true),
            };
            assert_eq!(one.is_met, expected, "{:?}", one.condition);
            assert_eq!(one.unmet.is_some(), expected == Some(false));
        }
        assert!(checked(&[]).iter().all(|one| one.is_met == Some(true)));
    }

    #[test]
    fn an_equal_or_higher_plan_is_enough_while_it_is_active() {
        use Plan::{Enterprise, Essentials, Pro, Trial};
        for (giving, plan, enough) in [
            (Essentials, Essentials, true),
            (Essentials, Pro, true),
            (Pro, Trial, true),
            (Pro, Essentials, false),
            (Trial, Enterprise, true),
            (Enterprise, Trial, false),
        ] {
            let unmet = unmet_by_receiving(giving, &Receiving { plan, ..RECEIVING });
            assert_eq!(unmet.is_empty(), enough, "{giving} to {plan}");
        }
        let ended = Receiving { plan_active: false, ..RECEIVING };
        assert_eq!(unmet_by_receiving(Pro, &ended), [Unmet::LowerPlan(Pro)]);
    }
}
