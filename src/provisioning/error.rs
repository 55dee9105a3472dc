//! Errors of provisioning, with the texts that administrators read in their identity provider.

use crate::enterprise::identity::Taken;
use crate::enterprise::owner::{LastOwner, UnprovedAddress};
use crate::enterprise::seats::NotAdmitted;
use crate::scim::{ScimError, ScimType};
use crate::store::{StoreError, TransactionError};

/// The reason why a use case was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum ProvisioningError {
    /// The request violates the protocol.
    #[error(transparent)]
    Scim(#[from] ScimError),
    /// The user name or an address belongs to another member.
    #[error(transparent)]
    Taken(#[from] Taken),
    /// The identity provider has already provisioned a group of that name.
    #[error(
        "displayName: a group named \"{}\" is already provisioned. Update that group, or choose \
         another displayName.", .0.replace('"', "'")
    )]
    GroupNameTaken(String),
    /// No seat is free.
    #[error("{refusal}")]
    NoFreeSeat {
        /// The user who needed the seat.
        subject: String,
        /// How many seats are taken, or what else keeps the user out.
        refusal: NotAdmitted,
    },
    /// The account would be left without an owner.
    #[error(transparent)]
    LastOwner(#[from] LastOwner),
    /// An owner or co-owner would be able to sign in with an address that they have not proved.
    #[error("emails, userName: {0}")]
    OwnerAddress(#[from] UnprovedAddress),
    /// Invite control applies to provisioning, and the domain is not one of the account's verified
    /// domains.
    #[error(
        "Invite control of this account also binds provisioning, and the domain \"{0}\" is not one \
         of its verified domains. Verify the domain, or turn off invite control for SCIM."
    )]
    DomainNotAllowed(String),
    /// Invite control applies to provisioning, and the domain is not on the account's list.
    #[error(
        "Invite control of this account also binds provisioning, and the domain \"{0}\" is not one \
         of its listed domains. Add the domain to the list, or turn off invite control for SCIM."
    )]
    DomainNotListed(String),
    /// No resource has this id.
    #[error("{kind} \"{id}\" does not exist. Look it up again and use the id that is found.")]
    NotFound {
        /// `User` or `Group`.
        kind: &'static str,
        /// The id in the request.
        id: String,
    },
    /// The current version is not in `If-Match`.
    #[error(
        "The resource has changed: its version is {0}, which If-Match does not name. Read it again \
         and repeat the request with its version."
    )]
    PreconditionFailed(String),
    /// The current version is in `If-None-Match`.
    #[error(
        "The resource exists in version {0}, which If-None-Match excludes. Leave out the header to \
         change the resource in any version, or send If-Match with the version you know."
    )]
    VersionUnwanted(String),
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for ProvisioningError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl TransactionError for ProvisioningError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl ProvisioningError {
    /// Converts the error to a SCIM error. Database failures reveal nothing to the client.
    pub fn to_scim(&self) -> ScimError {
        let text = self.to_string();
        match self {
            Self::Scim(error) => error.clone(),
            Self::Taken(_) | Self::GroupNameTaken(_) => ScimError::uniqueness(text),
            Self::NoFreeSeat { .. }
            | Self::LastOwner(_)
            | Self::OwnerAddress(_)
            | Self::DomainNotAllowed(_)
            | Self::DomainNotListed(_) => ScimError::new(403, text),
            Self::NotFound { .. } => ScimError::new(404, text),
            Self::PreconditionFailed(_) | Self::VersionUnwanted(_) => ScimError::new(412, text),
            Self::Store(StoreError::Overloaded) => ScimError::new(
                429,
                "Too many changes are waiting. Repeat the request after the time in Retry-After.",
            ),
            Self::Store(StoreError::TooManySearches) => ScimError::new(
                429,
                "Too many searches of this account are running. Repeat the request after the time \
                 in Retry-After, or search by an attribute with an index: userName, externalId, id, \
                 emails.value, displayName.",
            ),
            Self::Store(StoreError::TooLong) => ScimError::bad_request(
                ScimType::TooMany,
                "The search took too long and was ended. Narrow the filter by an attribute with an \
                 index (userName, externalId, id, emails.value, displayName), or leave out sortBy.",
            ),
            Self::Store(error) if error.is_unavailable() => {
                ScimError::new(503, "The server cannot reach its database now. Repeat the request.")
            }
            Self::Store(_) => ScimError::new(
                500,
                "The server failed on its side. Nothing was changed; the request id leads to the \
                 cause in its log.",
            ),
        }
    }
}
