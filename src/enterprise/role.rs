//! Roles: of a member in the account, of a team, and in an organization (docs/domain.md, *Words*).

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
    /// The role of one place in a team, as an administrator sets it.
    PlaceRole {
        /// Reads and writes.
        Member = "member",
        /// Administers the organization.
        Admin = "admin",
        /// The team's role, whatever it is.
        Team = "team",
    }
}

impl TeamRole {
    /// Returns the role in an organization that is asked for; `None` for a team's, which it has not.
    pub const fn of_organization(wanted: PlaceRole) -> Option<Self> {
        match wanted {
            PlaceRole::Member => Some(Self::Member),
            PlaceRole::Admin => Some(Self::Admin),
            PlaceRole::Team => None,
        }
    }

    /// Returns the role that a place in the team with this role gives: its own, if it has one.
    #[must_use]
    pub fn in_place(self, own: Option<Self>) -> Self {
        own.unwrap_or(self)
    }

    /// Returns the role that a place in the team with this role has of its own; `None` if it is the
    /// team's.
    pub fn own(self, wanted: PlaceRole) -> Option<Self> {
        Self::of_organization(wanted).filter(|wanted| *wanted != self)
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

impl From<TeamRole> for PlaceRole {
    fn from(role: TeamRole) -> Self {
        match role {
            TeamRole::Member => Self::Member,
            TeamRole::Admin => Self::Admin,
        }
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
