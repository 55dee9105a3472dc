//! How far an invitation is (DOMAIN.md §6).

use super::words::words;

words! {
    /// How far an invitation is.
    InvitationState {
        /// It holds a seat and waits to be accepted.
        Pending = "pending",
        /// The invited person is a member.
        Accepted = "accepted",
        /// An administrator took it back.
        Revoked = "revoked",
        /// Nobody accepted it in time.
        Expired = "expired",
    }
}
