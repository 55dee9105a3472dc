//! Who may administer what, as one table: member's role by operation.

use super::Role;
use super::role::words;

words! {
    /// What can be done with an account.
    Operation {
        /// Read members, teams, organizations, invitations, seats.
        ReadAccount = "read the account",
        /// Create organizations.
        CreateOrganizations = "create organizations",
        /// Create teams, change their members and links.
        ManageTeams = "manage teams",
        /// Add and remove members, invite and revoke.
        ManageMembers = "manage members",
        /// See and change the connector.
        ManageConnector = "manage the SCIM connector",
    }
}

/// Whether a member with this role may do it.
pub const fn may(role: Role, operation: Operation) -> bool {
    match role {
        Role::Owner | Role::CoOwner => true,
        Role::Member => false,
        // Seats are what the bill is about.
        Role::BillingOnly => matches!(operation, Operation::ReadAccount),
    }
}
