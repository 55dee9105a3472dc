//! Roles: of a member in the account, of a team, and in an organization (DOMAIN.md, *Words*).

use super::words::words;

words! {
    /// A member's role in the account.
    Role {
        /// Owns the account; there is always one.
        Owner = "owner",
        /// Administers the account beside the owner.
        CoOwner = "co-owner",
        /// Works in organizations.
        Member = "member",
        /// Sees bills only.
        BillingOnly = "billing-only",
    }
}

words! {
    /// The role that a team gives its members in every linked organization.
    TeamRole {
        /// Reads and writes.
        Member = "member",
        /// Administers the organization.
        Admin = "admin",
    }
}

words! {
    /// What someone may do in an organization; the greater includes the lesser.
    OrganizationRole {
        /// Reads and writes.
        Member = "member",
        /// Administers the organization.
        Admin = "admin",
        /// Owns it, as the account's owner does.
        Owner = "owner",
    }
}

impl From<TeamRole> for OrganizationRole {
    fn from(role: TeamRole) -> Self {
        match role {
            TeamRole::Member => Self::Member,
            TeamRole::Admin => Self::Admin,
        }
    }
}
