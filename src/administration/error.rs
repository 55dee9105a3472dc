//! Refusals of administration, with the texts that administrators read.

use crate::enterprise::address::Address;
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::name::InvalidName;
use crate::enterprise::owner::LastOwner;
use crate::enterprise::seats::NoFreeSeat;
use crate::enterprise::token::NoRandomness;
use crate::store::{StoreError, TransactionError};

/// What a refusal is, for whoever answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// What was sent cannot be.
    Invalid,
    /// Nobody is known by these credentials.
    Unauthorized,
    /// It is not allowed, by role, plan, seats or setting.
    Forbidden,
    /// It is not there.
    NotFound,
    /// It does not go together with what is there.
    Conflict,
    /// It was asked for too often.
    TooMany,
    /// What is needed outside of the server does not answer.
    Unavailable,
}

/// A refusal of one area of administration. Its text says what to do.
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    /// What it is.
    fn class(&self) -> Class;
    /// A word for machines, with hyphens; the end of the problem's type.
    fn word(&self) -> &'static str;
    /// Whether a secret that was shown is not one: what counts as a guess.
    fn is_wrong_secret(&self) -> bool {
        false
    }
    /// After how many seconds it can be tried again, of what was done too often.
    fn retry_after(&self) -> u64 {
        1
    }
}

/// Why a use case did nothing.
#[derive(Debug, thiserror::Error)]
pub enum AdministrationError {
    /// A name that is none.
    #[error("{field}: {reason}.")]
    InvalidName {
        /// The field.
        field: &'static str,
        /// Why.
        reason: InvalidName,
    },
    /// A value that is none of the allowed ones, or has the wrong form.
    #[error("{field}: {reason}.")]
    InvalidValue {
        /// The field.
        field: &'static str,
        /// Why, and what is allowed.
        reason: String,
    },
    /// Something of that name is there.
    #[error(
        "{kind} \"{name}\" already exists. Choose another name; letter case makes no difference."
    )]
    NameTaken {
        /// What.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// The address belongs to a member.
    #[error("\"{0}\" is already a member of this account.")]
    AlreadyMember(String),
    /// No such thing in this account.
    #[error("{kind} \"{id}\" does not exist in this account.")]
    NotFound {
        /// What.
        kind: &'static str,
        /// The id or address asked for.
        id: String,
    },
    /// Only a manual team can be linked to a SCIM group.
    #[error(
        "The team \"{0}\" is already kept by the identity provider; only a manual team can be linked."
    )]
    NotManual(String),
    /// Only a group that SCIM made can be linked to.
    #[error("The group \"{0}\" is already one with a team; choose a group that SCIM made.")]
    NotProvisioned(String),
    /// Only what was linked by hand can be unlinked.
    #[error(
        "The team \"{0}\" was not linked by hand. A team that is synchronised by its name becomes \
         manual again when the identity provider deletes the group."
    )]
    NotLinked(String),
    /// No seat is free.
    #[error(transparent)]
    NoFreeSeat(#[from] NoFreeSeat),
    /// The account would be left without an owner.
    #[error(transparent)]
    LastOwner(#[from] LastOwner),
    /// An ended invitation cannot end again.
    #[error("The invitation is not pending any more; it is {0}.")]
    NotPending(InvitationState),
    /// A refusal of the area's own.
    #[error("{0}")]
    Refused(Box<dyn Refusal>),
    /// The operating system gave no randomness.
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

/// Checks a name and gives it back without blanks around it.
///
/// # Errors
/// [`AdministrationError::InvalidName`] with the field.
pub fn checked_name<'a>(
    field: &'static str,
    name: &'a str,
) -> Result<&'a str, AdministrationError> {
    crate::enterprise::name::check(name)
        .map_err(|reason| AdministrationError::InvalidName { field, reason })
}

/// Reads an address.
///
/// # Errors
/// [`AdministrationError::InvalidValue`] with the field and what is wrong.
pub fn checked_address(field: &'static str, email: &str) -> Result<Address, AdministrationError> {
    Address::parse(email).map_err(|invalid| AdministrationError::InvalidValue {
        field,
        reason: format!("\"{}\" is not an e-mail address: {invalid}", email.trim()),
    })
}
