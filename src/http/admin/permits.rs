//! Operations as types, for handlers' signatures.

use crate::enterprise::permissions::{Operation, Power};

/// An operation, as a type: a handler names in its signature what its caller must be allowed to do.
pub trait Permits {
    /// The operation.
    const OPERATION: Operation;
    /// The power that it takes: which credentials are let in.
    const POWER: Power = Power::Administer;
    /// Whether a plan that does not include it is refused together with whatever else enabling SCIM
    /// needs (DOMAIN.md §7: all at once).
    const NAMES_PREREQUISITES: bool = false;
}

/// Declares the types that name operations.
macro_rules! operations {
    ($($name:ident),+ $(,)?) => {
        $(
            /// See the operation of this name.
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

/// Managing the connector, for the one call that needs more than the plan.
pub struct EnableConnector;

impl Permits for EnableConnector {
    const OPERATION: Operation = Operation::ManageConnector;
    const NAMES_PREREQUISITES: bool = true;
}

/// Taking an organization over, which is an offer to a person.
pub struct TakeOrganizations;

impl Permits for TakeOrganizations {
    const OPERATION: Operation = Operation::TransferOrganizations;
    const POWER: Power = Power::AdministerInPerson;
}

/// Making a recovery link, which gives all that an owner may do.
pub struct MakeRecoveryLinks;

impl Permits for MakeRecoveryLinks {
    const OPERATION: Operation = Operation::KeepRecoveryLinks;
    const POWER: Power = Power::AdministerInFull;
}
