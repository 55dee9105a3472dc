//! Authorisation as two tables: which powers a credential has ([`reaches`]), and what a member's
//! role allows ([`reach`]); and what a plan allows, which depends on the operation and on the
//! [`Effect`] of the request ([`needs_advanced_plan`], [`may_while_inactive`]).

mod credentials;
mod freshness;

pub use credentials::{Bound, Credential, Power, reaches};
pub use freshness::{FRESH_FOR, fresh_until};

use super::Role;
use super::words::words;

words! {
    /// An operation on an account. Its word is also the scope of a token.
    Operation {
        /// Read one's own organizations, and the storage rules that bind one.
        ReadOwn = "me:read",
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
        /// Ask the sales team for more seats.
        RequestSeats = "seats:request",
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

words! {
    /// What a request does to the account. One operation covers requests with different effects: to
    /// manage members is to add and to remove them.
    Effect {
        /// It adds to the account or changes it.
        Changes = "changes",
        /// It only takes away: members, invitations, links, or what is switched on. An account can
        /// always become smaller, whatever its plan (docs/domain.md §1).
        MakesSmaller = "makes-smaller",
        /// It changes nothing.
        Reads = "reads",
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
            Self::ReadOwn => "read your organizations",
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
            Self::RequestSeats => "ask for more seats",
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
            Self::ReadOwn
                | Self::ReadBilling
                | Self::ReadAccount
                | Self::ReadOrganization
                | Self::ReadAudit
                | Self::ExportAccount
        )
    }

    /// Returns `true` for the advanced operations, which only the Enterprise plan and the trial
    /// include (docs/domain.md §1).
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
            O::ReadOwn | O::ManageOwnTokens => Some(Reach::Account),
            _ => None,
        },
        // Seats are what the bill is about.
        Role::BillingOnly => match operation {
            O::ReadOwn | O::ReadBilling | O::RequestSeats | O::ManageOwnTokens => {
                Some(Reach::Account)
            }
            _ => None,
        },
    }
}

/// Returns `true` if a request needs a plan that includes the advanced operations. Reading what is
/// left of an earlier plan and making it smaller does not.
pub const fn needs_advanced_plan(operation: Operation, effect: Effect) -> bool {
    operation.is_advanced() && matches!(effect, Effect::Changes)
}

/// Returns `true` if the role may perform the operation with this effect while the account is
/// inactive because its Enterprise plan or trial has ended. Only owners may: to read and export the
/// data, to make the account smaller, to reactivate it, and to restore access (docs/domain.md §1,
/// §6). Everybody may read which organizations they had, because that is where they learn that the
/// account is inactive.
pub const fn may_while_inactive(role: Role, operation: Operation, effect: Effect) -> bool {
    if matches!(operation, Operation::ReadOwn) {
        return true;
    }
    matches!(role, Role::Owner)
        && (operation.only_reads()
            || !matches!(effect, Effect::Changes)
            || matches!(
                operation,
                Operation::ManagePlan
                    | Operation::RequestSeats
                    | Operation::StartTrial
                    | Operation::ManageOwnTokens
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
                for effect in Effect::ALL {
                    let may = may_while_inactive(role, *operation, *effect);
                    assert_eq!(may, *operation == Operation::ReadOwn, "{role} {operation}");
                }
            }
            let may_change = may_while_inactive(Role::Owner, *operation, Effect::Changes);
            assert!(!(may_change && operation.is_advanced()), "{operation}");
        }
    }

    #[test]
    fn an_owner_can_always_make_the_account_smaller() {
        for operation in Operation::ALL {
            for effect in [Effect::MakesSmaller, Effect::Reads] {
                assert!(may_while_inactive(Role::Owner, *operation, effect), "{operation}");
                assert!(!needs_advanced_plan(*operation, effect), "{operation}");
            }
        }
        assert!(needs_advanced_plan(Operation::ManageTeams, Effect::Changes));
        assert!(!may_while_inactive(Role::Owner, Operation::SwitchSsoOff, Effect::Changes));
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
                O::ReadOwn | O::ManageOwnTokens => Some(Reach::Account),
                _ => None,
            };
            let bills = [O::ReadOwn, O::ReadBilling, O::RequestSeats, O::ManageOwnTokens]
                .contains(operation);
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
            .filter(|operation| may_while_inactive(Role::Owner, **operation, Effect::Changes))
            .map(|operation| operation.as_str())
            .collect();
        assert_eq!(
            allowed,
            [
                "me:read",
                "billing:read",
                "account:read",
                "organization:read",
                "plan:manage",
                "seats:request",
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
