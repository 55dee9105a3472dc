//! Handing an organization to another person's account (DOMAIN.md §2): the conditions.
//!
//! How the words are read here, where an organization is owned through an account:
//!
//! - *The new owner* is a person who owns another account; accepting brings the organization there.
//! - *Is already a member*: an active member of this account who reaches the organization.
//! - *Equal or higher plan*: essentials, pro, trial, enterprise. The trial is below Enterprise: what
//!   was bought must not go to where it ends by itself.
//! - *Seats available*: whoever reaches the organization directly or through a team comes along as
//!   a member of the receiving account, so each of them who is not there yet needs a seat.
//! - *No pending invitations*: none that names the organization.
//! - *SSO is off*: no connection of the account that hands over binds; where one does, its people sign
//!   in through its provider. What the operator said at bootstrap is no connection.
//!
//! Besides, an account keeps its last organization, and its plan has to be active: while it is not,
//! data is unmodifiable (DOMAIN.md §1).

use super::plan::Plan;
use super::words::words;

/// How long a transfer can be accepted, in days.
pub const DAYS: i64 = 7;

words! {
    /// How far a transfer is.
    TransferState {
        /// It waits for the new owner.
        Pending = "pending",
        /// The organization is theirs.
        Accepted = "accepted",
        /// The new owner did not want it.
        Declined = "declined",
        /// The old owner took it back.
        Cancelled = "cancelled",
        /// The new owner did not answer in time.
        Expired = "expired",
    }
}

/// What is known of the account that hands over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandingOver {
    /// Its plan.
    pub plan: Plan,
    /// Whether that is active.
    pub plan_active: bool,
    /// Whether single sign-on is on.
    pub sso: bool,
    /// Pending invitations that name the organization.
    pub invitations: i64,
    /// How many organizations it has.
    pub organizations: i64,
    /// Whether the new owner reaches the organization.
    pub reaches: bool,
}

/// What is known of an account that could receive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiving {
    /// Its plan.
    pub plan: Plan,
    /// Whether that is active.
    pub plan_active: bool,
    /// Seats that are free.
    pub free_seats: i64,
    /// Seats that those who come along need.
    pub needed_seats: i64,
    /// Whether it has an organization of that name.
    pub name_taken: bool,
}

/// A condition that is not met.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmet {
    /// The new owner is no member.
    #[error("the new owner must already be an active member who reaches the organization")]
    NotMember,
    /// The new owner has nowhere to take it.
    #[error("the new owner must own an account of their own")]
    NoAccount,
    /// The receiving plan is too small.
    #[error("the new owner's account must have an active plan that is equal to or higher than {0}")]
    LowerPlan(Plan),
    /// The receiving account is full.
    #[error("the new owner's account must have {0} free seats for those who come along")]
    NoSeats(i64),
    /// The receiving account has an organization of that name.
    #[error("the new owner's account has an organization of the same name; rename one of them")]
    NameTaken,
    /// Somebody is invited.
    #[error("{0} invitations to the organization are pending; revoke them or let them be accepted")]
    PendingInvitations(i64),
    /// Single sign-on is on.
    #[error("single sign-on must be off during the transfer")]
    SsoOn,
    /// The plan has ended.
    #[error("the plan of the account that hands over must be active")]
    PlanEnded,
    /// It is the only one.
    #[error("an account keeps its last organization; create another one first")]
    LastOrganization,
}

/// Every condition that is not met by the account that hands over.
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

/// Every condition that is not met by an account that could receive.
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
