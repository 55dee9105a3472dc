//! Operations as types, for the signatures of handlers.

use std::marker::PhantomData;

use crate::enterprise::permissions::{Effect, Operation, Power};

/// An operation as a type: the signature of a handler names the operation that its caller must be
/// allowed.
pub trait Permits {
    /// The operation that the caller must be allowed.
    const OPERATION: Operation;
    /// The required power, which decides the accepted credentials.
    const POWER: Power = Power::Administer;
    /// What the request does to the account, which decides whether its plan allows the operation.
    const EFFECT: Effect = Effect::Changes;
    /// Whether a refusal because of the plan also lists everything else that enabling SCIM needs
    /// (docs/domain.md §7: all at once).
    const NAMES_PREREQUISITES: bool = false;
    /// Whether a session needs a second proof: of who the person is, a short while ago.
    const FRESH: bool = false;
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
    SwitchSsoOff,
    ManageConnector,
    ManagePlan,
    RequestSeats,
    StartTrial,
    ReadAudit,
    ExportAccount,
    ManageOwnTokens,
    KeepRecoveryLinks,
);

/// The operation of `P` in a request that only makes the account smaller.
pub struct Smaller<P>(PhantomData<P>);

impl<P: Permits> Permits for Smaller<P> {
    const OPERATION: Operation = P::OPERATION;
    const POWER: Power = P::POWER;
    const EFFECT: Effect = Effect::MakesSmaller;
}

/// The operation of `P` in a request that only reads.
pub struct Reading<P>(PhantomData<P>);

impl<P: Permits> Permits for Reading<P> {
    const OPERATION: Operation = P::OPERATION;
    const POWER: Power = P::POWER;
    const EFFECT: Effect = Effect::Reads;
}

/// Declares the types of operations for which a session needs a second proof.
macro_rules! fresh_operations {
    ($($(#[$doc:meta])* $name:ident = $operation:ident),+ $(,)?) => {
        $(
            $(#[$doc])*
            pub struct $name;

            impl Permits for $name {
                const OPERATION: Operation = Operation::$operation;
                const FRESH: bool = true;
            }
        )+
    };
}
fresh_operations!(
    /// Making a token of one's own.
    MakeTokens = ManageOwnTokens,
    /// Making what identity providers are let in with: SCIM tokens, and secrets of OAuth clients.
    MakeConnectorSecrets = ManageConnector,
    /// Offering an organization to somebody else.
    OfferOrganizations = TransferOrganizations,
    /// Downgrading the account.
    DowngradePlan = ManagePlan,
    /// Switching single sign-on on.
    SwitchSso = SwitchSso,
);

/// Enabling the connector, which needs more than the plan.
pub struct EnableConnector;

impl Permits for EnableConnector {
    const OPERATION: Operation = Operation::ManageConnector;
    const FRESH: bool = true;
    const NAMES_PREREQUISITES: bool = true;
}

/// Correcting the address of an owner who has not claimed the account. Who has the address gets all
/// that an owner may do, so it needs unrestricted credentials.
pub struct CorrectOwner;

impl Permits for CorrectOwner {
    const OPERATION: Operation = Operation::ManageOwners;
    const POWER: Power = Power::AdministerInFull;
}

/// Accepting an organization, which is offered to a person and so needs a session.
pub struct TakeOrganizations;

impl Permits for TakeOrganizations {
    const OPERATION: Operation = Operation::TransferOrganizations;
    const POWER: Power = Power::AdministerInPerson;
    const FRESH: bool = true;
}

/// Making a recovery link, which grants everything that an owner may do and so needs unrestricted
/// credentials.
pub struct MakeRecoveryLinks;

impl Permits for MakeRecoveryLinks {
    const OPERATION: Operation = Operation::KeepRecoveryLinks;
    const POWER: Power = Power::AdministerInFull;
    const FRESH: bool = true;
}
