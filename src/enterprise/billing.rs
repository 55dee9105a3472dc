//! What a billing system says of a subscription (DOMAIN.md §1).

use super::words::words;

words! {
    /// What happened to a subscription.
    EventKind {
        /// It was paid for the first time.
        Activated = "subscription.activated",
        /// It was paid for another term.
        Renewed = "subscription.renewed",
        /// Its plan or number of seats is different.
        Changed = "subscription.changed",
        /// It is over.
        Ended = "subscription.ended",
    }
}
