//! The operations on resources, one interface for users and groups.

use super::groups::Groups;
use super::users::Users;
use super::{Answer, Directory, Precondition, ProvisioningError};
use crate::scim::patch::PatchRequest;
use crate::scim::projection::Projection;
use crate::scim::{Resource, ResourceType};
use crate::store::{Conn, Transaction};

/// One request of an identity provider.
#[derive(Clone, Debug)]
pub struct Call {
    /// The account's directory.
    pub directory: Directory,
    /// The versions that the resource may have, from `If-Match` and `If-None-Match`.
    pub precondition: Precondition,
    /// The attributes to return.
    pub projection: Projection,
}

/// The operations on the resources of one type. Each method is one use case and runs in one
/// transaction.
///
/// # Errors
/// Returns 404 if no resource has the id, 412 if the precondition fails, or a refusal of the type's
/// own rules.
pub trait Resources: Sync {
    /// Returns the definition of the type.
    fn resource_type(&self) -> &'static ResourceType;

    /// Creates a resource (RFC 7644 §3.3).
    fn create(
        &self,
        transaction: &mut Transaction<'_>,
        call: &Call,
        resource: &Resource,
    ) -> Result<Answer, ProvisioningError>;

    /// Reads a resource (RFC 7644 §3.4.1).
    fn get(&self, conn: &mut Conn, call: &Call, id: &str) -> Result<Answer, ProvisioningError>;

    /// Replaces a resource with the given one (RFC 7644 §3.5.1).
    fn replace(
        &self,
        transaction: &mut Transaction<'_>,
        call: &Call,
        id: &str,
        resource: &Resource,
    ) -> Result<Answer, ProvisioningError>;

    /// Applies PATCH operations, all or none (RFC 7644 §3.5.2).
    fn patch(
        &self,
        transaction: &mut Transaction<'_>,
        call: &Call,
        id: &str,
        request: &PatchRequest,
    ) -> Result<Answer, ProvisioningError>;

    /// Deletes a resource (RFC 7644 §3.6).
    fn delete(
        &self,
        transaction: &mut Transaction<'_>,
        call: &Call,
        id: &str,
    ) -> Result<(), ProvisioningError>;
}

/// Returns the resources behind an endpoint (`Users`, `Groups`). Letter case is ignored because
/// Microsoft's own requests vary in it.
pub fn resources_of(endpoint: &str) -> Option<&'static dyn Resources> {
    let all: [&'static dyn Resources; 2] = [&Users, &Groups];
    all.into_iter().find(|resources| {
        let own = resources.resource_type().endpoint.trim_start_matches('/');
        own.eq_ignore_ascii_case(endpoint)
    })
}
