//! What identity providers ask for, the same for users and groups.

use super::groups::Groups;
use super::users::Users;
use super::{Answer, Directory, Precondition, ProvisioningError};
use crate::scim::patch::PatchRequest;
use crate::scim::projection::Projection;
use crate::scim::{Resource, ResourceType};
use crate::store::{Conn, Transaction};

/// One call of an identity provider.
#[derive(Clone, Debug)]
pub struct Call {
    /// Whose resources it is about.
    pub directory: Directory,
    /// Which version the resource must have, or must not have.
    pub precondition: Precondition,
    /// What of the resource is answered.
    pub projection: Projection,
}

/// The resources of one type, and what can be done with them. Each method is one use case: all of it
/// happens, or nothing.
///
/// # Errors
/// 404 where no resource has the id; 412 where the precondition does not hold; and the refusals of
/// the type's own rules.
pub trait Resources: Sync {
    /// The type's definition.
    fn resource_type(&self) -> &'static ResourceType;

    /// Provisions a resource (RFC 7644 §3.3).
    fn create(
        &self,
        transaction: &mut Transaction<'_>,
        call: &Call,
        resource: &Resource,
    ) -> Result<Answer, ProvisioningError>;

    /// Reads a resource (RFC 7644 §3.4.1).
    fn get(&self, conn: &mut Conn, call: &Call, id: &str) -> Result<Answer, ProvisioningError>;

    /// Replaces a resource with the whole one given (RFC 7644 §3.5.1).
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

    /// Removes a resource (RFC 7644 §3.6).
    fn delete(
        &self,
        transaction: &mut Transaction<'_>,
        call: &Call,
        id: &str,
    ) -> Result<(), ProvisioningError>;
}

/// The resources whose endpoint has this name (`Users`, `Groups`), in any letter case: Microsoft's
/// own requests are not particular about it.
pub fn resources_of(endpoint: &str) -> Option<&'static dyn Resources> {
    let all: [&'static dyn Resources; 2] = [&Users, &Groups];
    all.into_iter().find(|resources| {
        let own = resources.resource_type().endpoint.trim_start_matches('/');
        own.eq_ignore_ascii_case(endpoint)
    })
}
