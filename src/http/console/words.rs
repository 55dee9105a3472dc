//! The domain's words, as people read them.

use crate::enterprise::audit::ActorKind;
use crate::enterprise::connector::ConnectorStatus;
use crate::enterprise::delivery::DeliveryState;
use crate::enterprise::domain_check::VerificationMethod;
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::invite_control::InviteRule;
use crate::enterprise::plan::Plan;
use crate::enterprise::reconciliation::{ListedOutcome, ListedTeamOutcome};
use crate::enterprise::seats::RefusalKind;
use crate::enterprise::source::LicenceSource;
use crate::enterprise::sso::{ConnectionState, Protocol, SignedInBy};
use crate::enterprise::storage::StorageKind;
use crate::enterprise::transfer::TransferCondition;
use crate::enterprise::{MemberSource, OrganizationRole, Role, TeamRole, TeamSource};

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

impl Label for ConnectorStatus {
    fn label(self) -> &'static str {
        match self {
            Self::Disabled => "Off",
            Self::Valid => "Valid",
            Self::ExpiringSoon => "Expiring soon",
            Self::Expired => "Expired",
        }
    }
}

impl Label for RefusalKind {
    fn label(self) -> &'static str {
        match self {
            Self::NoFreeSeat => "No free seat",
        }
    }
}

impl Label for ConnectionState {
    fn label(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Verified => "Verified",
            Self::On => "On",
            Self::Resting => "Resting",
        }
    }
}

impl Label for Protocol {
    fn label(self) -> &'static str {
        match self {
            Self::Saml => "SAML 2.0",
            Self::Oidc => "OpenID Connect",
        }
    }
}

impl Label for VerificationMethod {
    fn label(self) -> &'static str {
        match self {
            Self::UniqueRecord => "by its own record",
            Self::RootRecord => "by its root domain",
            Self::Operator => "by the operator",
        }
    }
}

impl Label for InviteRule {
    fn label(self) -> &'static str {
        match self {
            Self::AllDomains => "All domains",
            Self::VerifiedDomains => "Only verified domains",
            Self::CustomDomains => "Custom domains",
            Self::Off => "Invitations off",
        }
    }
}

impl Label for InvitationState {
    fn label(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Accepted => "Accepted",
            Self::Revoked => "Revoked",
            Self::Expired => "Expired",
            Self::Declined => "Declined",
        }
    }
}

impl Label for DeliveryState {
    fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Sent => "Sent",
            Self::Refused => "Refused",
            Self::GivenUp => "Given up",
        }
    }
}

impl Label for StorageKind {
    fn label(self) -> &'static str {
        match self {
            Self::CloudSync => "Cloud Sync",
            Self::LocalVault => "Local Vault",
            Self::GitSync => "Git Sync",
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

impl Label for TransferCondition {
    fn label(self) -> &'static str {
        match self {
            Self::ReachesOrganization => "The new owner is a member who reaches the organization.",
            Self::OwnsAccount => "The new owner owns another account.",
            Self::EqualPlan => "That account has an active plan that is equal or higher.",
            Self::FreeSeats => "That account has a free seat for everybody who comes along.",
            Self::NameFree => "That account has no organization of the same name.",
            Self::NoInvitations => "No invitation to the organization is pending.",
            Self::SsoOff => "Single sign-on is off.",
            Self::PlanActive => "This account is active.",
            Self::NotLast => "This account has another organization.",
        }
    }
}

impl Label for ListedOutcome {
    fn label(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Invited => "Invited already",
            Self::Adopted => "Taken over",
            Self::Changed => "Differs",
            Self::Reactivated => "Active again",
            Self::Deactivated => "Deactivated",
            Self::Unchanged => "Unchanged",
            Self::Inactive => "Inactive",
            Self::Conflict => "In conflict",
            Self::Refused => "Refused",
            Self::Duplicate => "Twice on the list",
            Self::Missing => "Not on the list",
        }
    }
}

impl Label for ListedTeamOutcome {
    fn label(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::BecomesSynchronised => "Becomes synchronised",
            Self::Kept => "Kept already",
            Self::Refused => "Refused",
        }
    }
}

impl Label for SignedInBy {
    fn label(self) -> &'static str {
        match self {
            Self::Sso => "Single sign-on",
            Self::Mail => "Link by mail",
            Self::Recovery => "Recovery link",
        }
    }
}

impl Label for MemberSource {
    fn label(self) -> &'static str {
        match self {
            Self::Manual => "Manual",
            Self::Scim => "SCIM",
        }
    }
}

impl Label for LicenceSource {
    fn label(self) -> &'static str {
        match self {
            Self::Manual => "Manual",
            Self::Scim => "SCIM",
            Self::Captured => "Domain capture",
            Self::Invitation => "Invitation",
        }
    }
}
