//! Events that a billing system sends about a subscription (DOMAIN.md §1).

use super::words::words;

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
