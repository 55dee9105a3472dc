//! What a list of the identity provider's users means for the account.

use super::words::words;

words! {
    /// What would happen to a user on the list, or what is known of a member who is not on it.
    ListedOutcome {
        /// A member would be made, and take a seat.
        New = "new",
        /// A member would be made from a pending invitation, which holds the seat already.
        Invited = "invited",
        /// A manual member would be taken over.
        Adopted = "adopted",
        /// The member would be changed.
        Changed = "changed",
        /// The member would be active again, and take a seat.
        Reactivated = "reactivated",
        /// The member would be deactivated, and its seat be free.
        Deactivated = "deactivated",
        /// Nothing would change.
        Unchanged = "unchanged",
        /// The user is inactive on the list, and no member.
        Inactive = "inactive",
        /// The user name or an address belongs to another member.
        Conflict = "conflict",
        /// The user would be refused for another reason.
        Refused = "refused",
        /// The user is on the list before.
        Duplicate = "duplicate",
        /// A provisioned member is not on the list.
        Missing = "missing",
    }
}

impl ListedOutcome {
    /// Returns whether somebody has to do something about it.
    pub const fn is_wrong(self) -> bool {
        matches!(self, Self::Conflict | Self::Refused | Self::Duplicate)
    }
}

words! {
    /// What would happen to a group on the list.
    ListedTeamOutcome {
        /// A team would be made.
        New = "new",
        /// The manual team of this name would become synchronised.
        BecomesSynchronised = "becomes_synchronised",
        /// The team is kept by the identity provider already.
        Kept = "kept",
        /// No group can have this name.
        Refused = "refused",
    }
}
