//! What an identity provider can do: users, groups, bulk requests, search (docs/domain.md §7).
//!
//! Each public function is one use case in one transaction: it decides with pure functions of
//! `enterprise` and `scim` and writes through `store`. HTTP and the administrators' use cases are
//! elsewhere.

mod bulk;
mod call;
mod document;
mod error;
mod group_views;
mod groups;
pub mod mapping;
mod memberships;
mod owners;
mod precondition;
pub mod preview;
mod record;
mod refusals;
mod resource_types;
mod roster;
pub mod search;
mod sending;
mod standing;
mod users;

use std::sync::Arc;

use crate::enterprise::AccountPk;
use crate::enterprise::audit::Origin;
use crate::enterprise::secret::SecretKey;
use crate::store::{Store, Transaction, WriteContext};
pub use bulk::run as run_bulk;
pub use call::{Call, Resources, resources_of};
pub use document::Body;
pub use error::ProvisioningError;
pub use precondition::{Precondition, Versions};
pub use resource_types::{GROUP, USER, all as resource_types};
pub use sending::{Content, Pieces, send};

/// The directory of one account, as its connector exposes it.
#[derive(Clone, Debug)]
pub struct Directory {
    /// The account.
    pub enterprise: AccountPk,
    /// The connector's base URL, without a trailing slash. Locations begin with it.
    pub base_url: Arc<str>,
    /// The origin of the request, for the audit log.
    pub origin: Arc<Origin>,
    /// The key that encrypts cursors. Without one, clients can read them.
    pub cursor_key: Option<Arc<SecretKey>>,
}

impl Directory {
    fn context(&self) -> WriteContext {
        WriteContext::new(self.enterprise, Arc::clone(&self.origin)).keeping_admissions()
    }
}

/// The result of a use case: the resource and what the transport needs to know about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The SCIM id.
    pub id: String,
    /// The URL of the resource.
    pub location: String,
    /// `meta.version`, a weak entity tag.
    pub version: String,
    /// The projected resource; `None` if it is too large to be returned without being asked for.
    pub resource: Option<Body>,
}

/// Runs a use case in one transaction on the account's writer. A refusal for lack of seats is
/// reported to the administrators in a second transaction, because the first one was rolled back.
pub async fn write<T: Send + 'static>(
    store: &Store,
    directory: &Directory,
    work: impl FnMut(&mut Transaction<'_>) -> Result<T, ProvisioningError> + Send + 'static,
) -> Result<T, ProvisioningError> {
    let result = store.write(directory.context(), work).await;
    if let Err(ProvisioningError::NoFreeSeat { subject, refusal }) = &result {
        let (enterprise, subject, detail) =
            (directory.enterprise, subject.clone(), refusal.to_string());
        store
            .write(directory.context(), move |transaction| {
                refusals::note(transaction, enterprise, &subject, &detail)
            })
            .await?;
    }
    result
}
