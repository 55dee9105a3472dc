//! The domain's words, as people read them.

use crate::enterprise::audit::ActorKind;
use crate::enterprise::plan::Plan;
use crate::enterprise::{OrganizationRole, Role, TeamRole, TeamSource};

/// A word that pages show.
pub trait Label {
    /// Returns what people read.
    fn label(self) -> &'static str;
}

impl Label for Role {
    fn label(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::CoOwner => "Co-owner",
            Self::Member => "Member",
            Self::BillingOnly => "Billing",
        }
    }
}

impl Label for TeamRole {
    fn label(self) -> &'static str {
        match self {
            Self::Member => "Member",
            Self::Admin => "Admin",
        }
    }
}

impl Label for OrganizationRole {
    fn label(self) -> &'static str {
        match self {
            Self::Member => "Member",
            Self::Admin => "Admin",
            Self::Owner => "Owner",
        }
    }
}

impl Label for Plan {
    fn label(self) -> &'static str {
        match self {
            Self::Essentials => "Essentials",
            Self::Pro => "Pro",
            Self::Enterprise => "Enterprise",
            Self::Trial => "Trial",
        }
    }
}

impl Label for TeamSource {
    fn label(self) -> &'static str {
        match self {
            Self::Manual => "Manual",
            Self::Scim => "SCIM",
            Self::Synchronised => "Synchronised",
        }
    }
}

impl Label for ActorKind {
    fn label(self) -> &'static str {
        match self {
            Self::Member => "Member",
            Self::Person => "Person",
            Self::IdentityProvider => "Identity provider",
            Self::Operator => "Operator",
            Self::Billing => "Billing system",
            Self::System => "Server",
        }
    }
}
