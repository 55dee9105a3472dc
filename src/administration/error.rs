//! Errors of the administration layer, with the texts that administrators read.

use crate::enterprise::address::Address;
use crate::enterprise::git_sync::GitSyncFull;
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::name::InvalidName;
use crate::enterprise::owner::LastOwner;
use crate::enterprise::permissions::Operation;
use crate::enterprise::seats::{NoFreeSeat, NotAdmitted};
use crate::enterprise::token::NoRandomness;
use crate::store::{StoreError, TransactionError};

/// The kind of a refusal, which decides the HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The request's data is invalid.
    Invalid,
    /// The credentials are invalid.
    Unauthorized,
    /// The role, the plan, the seats or a setting does not allow it.
    Forbidden,
    /// It does not exist.
    NotFound,
    /// It conflicts with the current state.
    Conflict,
    /// There were too many requests.
    TooMany,
    /// A service outside of this server does not answer.
    Unavailable,
}

/// An error of one area of administration. Its text tells the user what to do.
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    /// Returns the kind of the refusal.
    fn class(&self) -> Class;
    /// Returns the machine-readable code, with hyphens; the last part of the problem's `type`.
    fn word(&self) -> &'static str;
    /// Returns the operation that the caller's role does not allow, if that is the reason. The refusal
    /// then names people who can.
    fn needs(&self) -> Option<Operation> {
        None
    }
    /// Returns `true` if a secret in the request was wrong, which counts as a guess for rate
    /// limiting.
    fn is_wrong_secret(&self) -> bool {
        false
    }
    /// Returns the seconds after which a retry may succeed, for [`Class::TooMany`].
    fn retry_after(&self) -> u64 {
        1
    }
}

/// Why a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum AdministrationError {
    /// A name is invalid.
    #[error("{field}: {reason}.")]
    InvalidName {
        /// The name of the field.
        field: &'static str,
        /// What is wrong with the name.
        reason: InvalidName,
    },
    /// A value is not allowed or has the wrong format.
    #[error("{field}: {reason}.")]
    InvalidValue {
        /// The name of the field.
        field: &'static str,
        /// What is wrong, and what is allowed.
        reason: String,
    },
    /// The name is taken.
    #[error(
        "{kind} \"{name}\" already exists. Choose another name; letter case makes no difference."
    )]
    NameTaken {
        /// The kind of thing, as the start of the message.
        kind: &'static str,
        /// The name that is taken.
        name: String,
    },
    /// A member already has this address.
    #[error("\"{0}\" is already a member of this account.")]
    AlreadyMember(String),
    /// The account has no such thing.
    #[error("{kind} \"{id}\" does not exist in this account.")]
    NotFound {
        /// The kind of thing, as the start of the message.
        kind: &'static str,
        /// The requested id or address.
        id: String,
    },
    /// Only a manual team can be linked to a SCIM group.
    #[error(
        "The team \"{0}\" is already managed by the identity provider. Only a manual team can be \
         linked."
    )]
    NotManual(String),
    /// Only a group that was created by SCIM can be linked.
    #[error("The group \"{0}\" already belongs to a team. Choose a group that SCIM created.")]
    NotProvisioned(String),
    /// Only a team that was linked manually can be unlinked.
    #[error(
        "The team \"{0}\" was not linked by hand. A team that is synchronised by its name becomes \
         manual again when the identity provider deletes the group."
    )]
    NotLinked(String),
    /// The account has no free seat.
    #[error(transparent)]
    NoFreeSeat(#[from] NoFreeSeat),
    /// The account would have no owner left.
    #[error(transparent)]
    LastOwner(#[from] LastOwner),
    /// The invitation is not pending any more.
    #[error("The invitation is not pending any more; it is {0}.")]
    NotPending(InvitationState),
    /// An error specific to one area.
    #[error("{0}")]
    Refused(Box<dyn Refusal>),
    /// The operating system returned no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for AdministrationError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<NotAdmitted> for AdministrationError {
    fn from(refusal: NotAdmitted) -> Self {
        match refusal {
            NotAdmitted::NoFreeSeat(full) => full.into(),
            NotAdmitted::GitSync(full) => full.into(),
        }
    }
}

impl Refusal for GitSyncFull {
    fn class(&self) -> Class {
        Class::Forbidden
    }

    fn word(&self) -> &'static str {
        "git-sync-limit"
    }
}

impl<R: Refusal> From<R> for AdministrationError {
    fn from(refusal: R) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl TransactionError for AdministrationError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

/// Checks a name and returns it without surrounding whitespace.
///
/// # Errors
/// Fails with [`AdministrationError::InvalidName`] if the name is invalid.
pub fn checked_name<'a>(
    field: &'static str,
    name: &'a str,
) -> Result<&'a str, AdministrationError> {
    crate::enterprise::name::check(name)
        .map_err(|reason| AdministrationError::InvalidName { field, reason })
}

/// Parses an email address.
///
/// # Errors
/// Fails with [`AdministrationError::InvalidValue`] if the address is invalid.
pub fn checked_address(field: &'static str, email: &str) -> Result<Address, AdministrationError> {
    Address::parse(email).map_err(|invalid| AdministrationError::InvalidValue {
        field,
        reason: format!("\"{}\" is not an e-mail address: {invalid}", email.trim()),
    })
}
