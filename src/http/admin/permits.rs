//! Operations as types, for the signatures of handlers.

use crate::enterprise::permissions::{Operation, Power};

/// An operation as a type: the signature of a handler names the operation that its caller must be
/// allowed.
pub trait Permits {
    /// The operation that the caller must be allowed.
    const OPERATION: Operation;
    /// The required power, which decides the accepted credentials.
    const POWER: Power = Power::Administer;
    /// Whether a refusal because of the plan also lists everything else that enabling SCIM needs
    /// (DOMAIN.md §7: all at once).
    const NAMES_PREREQUISITES: bool = false;
}

/// Declares the types of operations.
macro_rules! operations {
    ($($name:ident),+ $(,)?) => {
        $(
            /// The operation of the same name.
            pub struct $name;

            impl Permits for $name {
                const OPERATION: Operation = Operation::$name;
            }
        )+
    };
}
operations!(
    ReadBilling,
    ReadAccount,
    ReadOrganization,
    ManageOrganization,
    CreateOrganizations,
    TransferOrganizations,
    ManageTeams,
    ManageMembers,
    ManageOwners,
    ManageInviteControl,
    ManageStorage,
    ManageDomains,
    ManageSso,
    SwitchSso,
    SwitchSsoOff,
    ManageConnector,
    ManagePlan,
    StartTrial,
    ReadAudit,
    ExportAccount,
    ManageOwnTokens,
    KeepRecoveryLinks,
);

/// Enabling the connector, which needs more than the plan.
pub struct EnableConnector;

impl Permits for EnableConnector {
    const OPERATION: Operation = Operation::ManageConnector;
    const NAMES_PREREQUISITES: bool = true;
}

/// Accepting an organization, which is offered to a person and so needs a session.
pub struct TakeOrganizations;

impl Permits for TakeOrganizations {
    const OPERATION: Operation = Operation::TransferOrganizations;
    const POWER: Power = Power::AdministerInPerson;
}

/// Making a recovery link, which grants everything that an owner may do and so needs unrestricted
/// credentials.
pub struct MakeRecoveryLinks;

impl Permits for MakeRecoveryLinks {
    const OPERATION: Operation = Operation::KeepRecoveryLinks;
    const POWER: Power = Power::AdministerInFull;
}
