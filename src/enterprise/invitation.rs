//! The states of an invitation (docs/domain.md §6).

use super::words::words;

words! {
    /// The state of an invitation.
    InvitationState {
        /// It holds a seat until it is accepted, revoked or expired.
        Pending = "pending",
        /// The invited person became a member.
        Accepted = "accepted",
        /// An administrator revoked it.
        Revoked = "revoked",
        /// It was not accepted in time.
        Expired = "expired",
        /// The invited person did not want it. It is stored as `revoked` with a time, because the
        /// release before does not know this word.
        Declined = "declined",
    }
}
