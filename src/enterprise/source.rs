//! The origin of members, teams and seats (docs/domain.md §7).

use super::words::words;

words! {
    /// Who added a member to the account.
    MemberSource {
        /// An administrator, or the person by accepting an invitation.
        Manual = "manual",
        /// The identity provider.
        Scim = "scim",
    }
}

words! {
    /// Who created a team and who manages it.
    TeamSource {
        /// Created and managed by administrators.
        Manual = "manual",
        /// Created and managed by the identity provider.
        Scim = "scim",
        /// Created by an administrator, now managed by the identity provider.
        Synchronised = "synchronised",
    }
}

words! {
    /// What put the holder of a seat there.
    LicenceSource {
        /// An administrator, or the person by accepting an invitation.
        Manual = "manual",
        /// The identity provider.
        Scim = "scim",
        /// A verified domain of the account, which captured the person when they signed up.
        Captured = "captured",
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
