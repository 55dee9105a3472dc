//! Events that a billing system sends about a subscription (docs/domain.md §1).

use super::plan::Plan;
use super::words::words;

words! {
    /// How an account's plan is paid for.
    SubscriptionKind {
        /// Nothing is paid: the plan is Essentials, or a trial of it.
        Free = "none",
        /// By card, in the billing system.
        SelfServe = "self-serve",
        /// By the sales team, which issues activation codes.
        Sales = "sales",
    }
}

impl SubscriptionKind {
    /// Returns how a plan is paid for. `paid` is the plan that is paid for: the present one, or the
    /// one that a trial reverts to.
    pub const fn of(paid: Plan, has_subscription: bool) -> Self {
        match (paid, has_subscription) {
            (Plan::Essentials | Plan::Trial, _) => Self::Free,
            (Plan::Pro | Plan::Enterprise, true) => Self::SelfServe,
            (Plan::Pro | Plan::Enterprise, false) => Self::Sales,
        }
    }
}

words! {
    /// What happened to a subscription.
    EventKind {
        /// The first payment arrived.
        Activated = "subscription.activated",
        /// The subscription was paid for another term.
        Renewed = "subscription.renewed",
        /// The plan or the number of seats changed.
        Changed = "subscription.changed",
        /// The subscription ended.
        Ended = "subscription.ended",
    }
}
