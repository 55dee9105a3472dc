//! Roles: of a member in the account, of a team, and in an organization (DOMAIN.md, *Words*).

use super::words::words;

words! {
    /// A member's role in the account.
    Role {
        /// Owns the account. An account always has an owner.
        Owner = "owner",
        /// Administers the account alongside the owner.
        CoOwner = "co-owner",
        /// Works in organizations.
        Member = "member",
        /// Sees billing only.
        BillingOnly = "billing-only",
    }
}

words! {
    /// The role that a team gives its members in all linked organizations.
    TeamRole {
        /// Reads and writes.
        Member = "member",
        /// Administers the organization.
        Admin = "admin",
    }
}

words! {
    /// A role in an organization. A higher role includes the lower ones.
    OrganizationRole {
        /// Reads and writes.
        Member = "member",
        /// Administers the organization.
        Admin = "admin",
        /// Owns the organization, as the account's owner does.
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
