//! Who may do what, as two tables: what a credential is let in to ([`reaches`]), and what the role of
//! the member who administers may do there ([`reach`]). Nothing else decides either.

mod credentials;

pub use credentials::{Bound, Credential, Power, reaches};

use super::Role;
use super::words::words;

words! {
    /// What can be done with an account. The word is also a token's scope.
    Operation {
        /// See plan, seats and who holds them.
        ReadBilling = "billing:read",
        /// See members, teams, organizations, invitations, reports.
        ReadAccount = "account:read",
        /// See one organization and who reaches it.
        ReadOrganization = "organization:read",
        /// Change one organization: its name, who is in it, who is invited to it.
        ManageOrganization = "organization:manage",
        /// Create organizations.
        CreateOrganizations = "organizations:create",
        /// Delete an organization or give it to another owner.
        TransferOrganizations = "organizations:transfer",
        /// Create teams, change their members and links.
        ManageTeams = "teams:manage",
        /// Add and remove members, invite and revoke.
        ManageMembers = "members:manage",
        /// Make somebody owner or co-owner, or take that away.
        ManageOwners = "owners:manage",
        /// Say whom invitations may go to.
        ManageInviteControl = "invite-control:manage",
        /// Say where content may be stored.
        ManageStorage = "storage:manage",
        /// Add, verify and remove domains.
        ManageDomains = "domains:manage",
        /// Draft and verify connections for single sign-on.
        ManageSso = "sso:manage",
        /// Switch single sign-on on, and change what users sign in with while it is on.
        SwitchSso = "sso:switch",
        /// Switch single sign-on off.
        SwitchSsoOff = "sso:off",
        /// See and change the connector and its request log.
        ManageConnector = "connector:manage",
        /// Enter a code, downgrade.
        ManagePlan = "plan:manage",
        /// Start the trial.
        StartTrial = "trial:start",
        /// Read the audit log.
        ReadAudit = "audit:read",
        /// Take the account's data out.
        ExportAccount = "account:export",
        /// See and end one's own tokens and sessions, and make tokens.
        ManageOwnTokens = "tokens:own",
        /// Keep links by which one signs in past single sign-on.
        KeepRecoveryLinks = "recovery:own",
    }
}

/// How far an operation reaches for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The whole account.
    Account,
    /// The organizations that they are admin of.
    OwnOrganizations,
}

impl Operation {
    /// What it is, for a sentence: "may not …".
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::ReadBilling => "read plan and seats",
            Self::ReadAccount => "read the account",
            Self::ReadOrganization => "read this organization",
            Self::ManageOrganization => "manage this organization",
            Self::CreateOrganizations => "create organizations",
            Self::TransferOrganizations => "delete or transfer organizations",
            Self::ManageTeams => "manage teams",
            Self::ManageMembers => "manage members",
            Self::ManageOwners => "make or unmake owners and co-owners",
            Self::ManageInviteControl => "change invite control",
            Self::ManageStorage => "change storage control",
            Self::ManageDomains => "manage domains",
            Self::ManageSso => "manage single sign-on",
            Self::SwitchSso => "switch single sign-on on",
            Self::SwitchSsoOff => "switch single sign-on off",
            Self::ManageConnector => "manage the SCIM connector",
            Self::ManagePlan => "change the plan",
            Self::StartTrial => "start the trial",
            Self::ReadAudit => "read the audit log",
            Self::ExportAccount => "export the account",
            Self::ManageOwnTokens => "manage tokens",
            Self::KeepRecoveryLinks => "keep recovery links",
        }
    }

    /// Whether it only looks.
    pub const fn only_reads(self) -> bool {
        matches!(
            self,
            Self::ReadBilling
                | Self::ReadAccount
                | Self::ReadOrganization
                | Self::ReadAudit
                | Self::ExportAccount
        )
    }

    /// Whether it is one of the advanced operations, which only Enterprise and the trial include
    /// (DOMAIN.md §1).
    pub const fn is_advanced(self) -> bool {
        matches!(
            self,
            Self::ManageTeams
                | Self::ManageInviteControl
                | Self::ManageStorage
                | Self::ManageDomains
                | Self::ManageSso
                | Self::SwitchSso
                | Self::ManageConnector
        )
    }
}

/// How far a member with this role may do it, if at all. `OwnOrganizations` is nothing for a member
/// who is admin of none.
pub const fn reach(role: Role, operation: Operation) -> Option<Reach> {
    use Operation as O;
    match role {
        Role::Owner => Some(Reach::Account),
        // What an account has only one voice for is the owner's, and so is what lets somebody in as
        // somebody else.
        Role::CoOwner => match operation {
            O::ManageOwners
            | O::ManagePlan
            | O::TransferOrganizations
            | O::ExportAccount
            | O::SwitchSso
            | O::KeepRecoveryLinks => None,
            _ => Some(Reach::Account),
        },
        Role::Member => match operation {
            O::ReadOrganization | O::ManageOrganization => Some(Reach::OwnOrganizations),
            O::ManageOwnTokens => Some(Reach::Account),
            _ => None,
        },
        // Seats are what the bill is about.
        Role::BillingOnly => match operation {
            O::ReadBilling | O::ManageOwnTokens => Some(Reach::Account),
            _ => None,
        },
    }
}

/// Whether it can be done while the account is inactive: its Enterprise plan or trial has ended.
/// Only the owner reaches the data, to look, to take it out, to reactivate, and to open the way in
/// (DOMAIN.md §1, §6).
pub const fn may_while_inactive(role: Role, operation: Operation) -> bool {
    matches!(role, Role::Owner)
        && (operation.only_reads()
            || matches!(
                operation,
                Operation::ManagePlan
                    | Operation::StartTrial
                    | Operation::ManageOwnTokens
                    | Operation::SwitchSsoOff
                    | Operation::KeepRecoveryLinks
            ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_may_everything_and_nobody_more_than_an_owner() {
        for operation in Operation::ALL {
            assert_eq!(reach(Role::Owner, *operation), Some(Reach::Account));
        }
    }

    #[test]
    fn while_inactive_nothing_changes_but_the_plan_and_the_way_in() {
        for operation in Operation::ALL {
            for role in [Role::CoOwner, Role::Member, Role::BillingOnly] {
                assert!(!may_while_inactive(role, *operation), "{role} {operation}");
            }
            assert!(!(may_while_inactive(Role::Owner, *operation) && operation.is_advanced()));
        }
    }
}
