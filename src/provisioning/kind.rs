//! The kinds of resources, so that transport and bulk say each thing once.

use super::resource_types::{GROUP, USER};
use super::{Answer, Directory, Precondition, ProvisioningError, groups, users};
use crate::scim::patch::PatchRequest;
use crate::scim::projection::Projection;
use crate::scim::{Resource, ResourceType};
use crate::store::{Conn, Transaction};

type Result<T> = std::result::Result<T, ProvisioningError>;

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Members.
    User,
    /// Teams.
    Group,
}

impl Kind {
    /// The kind whose endpoint has this name (`Users`, `Groups`), in any letter case: Microsoft's
    /// own requests are not particular about it.
    pub fn of_endpoint(name: &str) -> Option<Self> {
        [Self::User, Self::Group].into_iter().find(|kind| {
            kind.resource_type().endpoint.trim_start_matches('/').eq_ignore_ascii_case(name)
        })
    }

    /// The definition.
    pub const fn resource_type(self) -> &'static ResourceType {
        match self {
            Self::User => &USER,
            Self::Group => &GROUP,
        }
    }

    /// Provisions a resource.
    ///
    /// # Errors
    /// See [`users::create`], [`groups::create`].
    pub fn create(
        self,
        transaction: &mut Transaction<'_>,
        directory: &Directory,
        resource: &Resource,
        projection: &Projection,
    ) -> Result<Answer> {
        match self {
            Self::User => users::create(transaction, directory, resource.clone(), projection),
            Self::Group => groups::create(transaction, directory, resource, projection),
        }
    }

    /// Reads a resource.
    ///
    /// # Errors
    /// 404.
    pub fn get(
        self,
        conn: &mut Conn,
        directory: &Directory,
        id: &str,
        projection: &Projection,
    ) -> Result<Answer> {
        match self {
            Self::User => users::get(conn, directory, id, projection),
            Self::Group => groups::get(conn, directory, id, projection),
        }
    }

    /// Replaces a resource.
    ///
    /// # Errors
    /// See [`users::replace`], [`groups::replace`].
    pub fn replace(
        self,
        transaction: &mut Transaction<'_>,
        directory: &Directory,
        id: &str,
        resource: &Resource,
        precondition: &Precondition,
        projection: &Projection,
    ) -> Result<Answer> {
        match self {
            Self::User => {
                let resource = resource.clone();
                users::replace(transaction, directory, id, resource, precondition, projection)
            }
            Self::Group => {
                groups::replace(transaction, directory, id, resource, precondition, projection)
            }
        }
    }

    /// Applies PATCH operations.
    ///
    /// # Errors
    /// See [`users::patch`], [`groups::patch`].
    pub fn patch(
        self,
        transaction: &mut Transaction<'_>,
        directory: &Directory,
        id: &str,
        request: &PatchRequest,
        precondition: &Precondition,
        projection: &Projection,
    ) -> Result<Answer> {
        match self {
            Self::User => {
                users::patch(transaction, directory, id, request, precondition, projection)
            }
            Self::Group => {
                groups::patch(transaction, directory, id, request, precondition, projection)
            }
        }
    }

    /// Removes a resource.
    ///
    /// # Errors
    /// See [`users::delete`], [`groups::delete`].
    pub fn delete(
        self,
        transaction: &mut Transaction<'_>,
        directory: &Directory,
        id: &str,
        precondition: &Precondition,
    ) -> Result<()> {
        match self {
            Self::User => users::delete(transaction, directory, id, precondition),
            Self::Group => groups::delete(transaction, directory, id, precondition),
        }
    }
}
