//! Where a member or a team comes from (DOMAIN.md §7).

use super::words::words;

words! {
    /// Who put a member into the account.
    MemberSource {
        /// An administrator, or the person by accepting an invitation.
        Manual = "manual",
        /// The identity provider.
        Scim = "scim",
    }
}

words! {
    /// Who made a team, and who keeps it.
    TeamSource {
        /// Made and kept by administrators.
        Manual = "manual",
        /// Made and kept by the identity provider.
        Scim = "scim",
        /// Made by an administrator, since kept by the identity provider.
        Synchronised = "synchronised",
    }
}

words! {
    /// Where a seat's holder comes from.
    LicenceSource {
        /// An administrator, or the person by accepting an invitation.
        Manual = "manual",
        /// The identity provider.
        Scim = "scim",
        /// A pending invitation.
        Invitation = "invitation",
    }
}

impl From<MemberSource> for LicenceSource {
    fn from(source: MemberSource) -> Self {
        match source {
            MemberSource::Manual => Self::Manual,
            MemberSource::Scim => Self::Scim,
        }
    }
}
