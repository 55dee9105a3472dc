//! Authorisation as two tables: which powers a credential has ([`reaches`]), and what a member's
//! role allows ([`reach`]); and what a plan allows ([`Operation::is_advanced`],
//! [`may_while_inactive`]).

mod credentials;

pub use credentials::{Bound, Credential, Power, reaches};

use super::Role;
use super::words::words;

words! {
    /// An operation on an account. Its word is also the scope of a token.
    Operation {
        /// Read plan, seats and who holds them.
        ReadBilling = "billing:read",
        /// Read members, teams, organizations, invitations and reports.
        ReadAccount = "account:read",
        /// Read one organization and who has access to it.
        ReadOrganization = "organization:read",
        /// Change one organization: its name, its members and its invitations.
        ManageOrganization = "organization:manage",
        /// Create organizations.
        CreateOrganizations = "organizations:create",
        /// Delete an organization or transfer it to another owner.
        TransferOrganizations = "organizations:transfer",
        /// Create teams, change their members and linked organizations.
        ManageTeams = "teams:manage",
        /// Add and remove members, send and revoke invitations.
        ManageMembers = "members:manage",
        /// Make a member owner or co-owner, or revoke that role.
        ManageOwners = "owners:manage",
        /// Change who may be invited.
        ManageInviteControl = "invite-control:manage",
        /// Change where content may be stored.
        ManageStorage = "storage:manage",
        /// Add, verify and remove domains.
        ManageDomains = "domains:manage",
        /// Draft and verify single sign-on connections.
        ManageSso = "sso:manage",
        /// Switch single sign-on on, and change an active connection.
        SwitchSso = "sso:switch",
        /// Switch single sign-on off.
        SwitchSsoOff = "sso:off",
        /// Read and change the connector and its request log.
        ManageConnector = "connector:manage",
        /// Redeem an activation code, or downgrade.
        ManagePlan = "plan:manage",
        /// Start the trial.
        StartTrial = "trial:start",
        /// Read the audit log.
        ReadAudit = "audit:read",
        /// Export the account's data.
        ExportAccount = "account:export",
        /// Read and revoke one's own tokens and sessions, and create tokens.
        ManageOwnTokens = "tokens:own",
        /// Create and revoke one's own recovery links, which bypass single sign-on.
        KeepRecoveryLinks = "recovery:own",
    }
}

/// How much of an account an operation covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The whole account.
    Account,
    /// The organizations of which the member is an admin.
    OwnOrganizations,
}

impl Operation {
    /// Returns a phrase for sentences such as "may not …".
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

    /// Returns `true` if the operation changes nothing.
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

    /// Returns `true` for the advanced operations, which only the Enterprise plan and the trial
    /// include (DOMAIN.md §1).
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

/// Returns how much of the account a role may perform the operation on, or `None` if it may not.
/// `OwnOrganizations` covers nothing for a member who is not an admin of any organization.
pub const fn reach(role: Role, operation: Operation) -> Option<Reach> {
    use Operation as O;
    match role {
        Role::Owner => Some(Reach::Account),
        // Reserved to owners: decisions about the account as a whole, and operations that could let
        // a person sign in as somebody else.
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

/// Returns `true` if the role may perform the operation while the account is inactive because its
/// Enterprise plan or trial has ended. Only owners may: to read and export the data, to reactivate
/// the account, and to restore access (DOMAIN.md §1, §6).
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

    #[test]
    fn each_role_has_its_part_of_the_operations() {
        use Operation as O;
        let reserved = [
            O::TransferOrganizations,
            O::ManageOwners,
            O::SwitchSso,
            O::ManagePlan,
            O::ExportAccount,
            O::KeepRecoveryLinks,
        ];
        for operation in Operation::ALL {
            let co_owner = (!reserved.contains(operation)).then_some(Reach::Account);
            let member = match operation {
                O::ReadOrganization | O::ManageOrganization => Some(Reach::OwnOrganizations),
                O::ManageOwnTokens => Some(Reach::Account),
                _ => None,
            };
            let bills = [O::ReadBilling, O::ManageOwnTokens].contains(operation);
            assert_eq!(reach(Role::CoOwner, *operation), co_owner, "{operation}");
            assert_eq!(reach(Role::Member, *operation), member, "{operation}");
            let billing_only = bills.then_some(Reach::Account);
            assert_eq!(reach(Role::BillingOnly, *operation), billing_only, "{operation}");
        }
    }

    #[test]
    fn an_owner_of_an_inactive_account_reads_exports_and_finds_a_way_back() {
        let allowed: Vec<&str> = Operation::ALL
            .iter()
            .filter(|operation| may_while_inactive(Role::Owner, **operation))
            .map(|operation| operation.as_str())
            .collect();
        assert_eq!(
            allowed,
            [
                "billing:read",
                "account:read",
                "organization:read",
                "sso:off",
                "plan:manage",
                "trial:start",
                "audit:read",
                "account:export",
                "tokens:own",
                "recovery:own",
            ]
        );
    }

    #[test]
    fn the_advanced_operations_are_those_of_the_enterprise_plan() {
        let advanced: Vec<&str> = Operation::ALL
            .iter()
            .filter(|operation| operation.is_advanced())
            .map(|operation| operation.as_str())
            .collect();
        assert_eq!(
            advanced,
            [
                "teams:manage",
                "invite-control:manage",
                "storage:manage",
                "domains:manage",
                "sso:manage",
                "sso:switch",
                "connector:manage",
            ]
        );
    }

    #[test]
    fn each_operation_has_a_phrase_of_its_own() {
        let mut phrases: Vec<&str> = Operation::ALL.iter().map(|one| one.phrase()).collect();
        assert_eq!(Operation::ManageTeams.phrase(), "manage teams");
        phrases.sort_unstable();
        phrases.dedup();
        assert_eq!(phrases.len(), Operation::ALL.len());
    }
}
