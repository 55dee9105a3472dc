//! What an identity provider may do: users, groups, bulk, search (DOMAIN.md §7).
//!
//! Each public function is one use case inside one transaction: it reads like the rule, decides
//! with pure functions of `enterprise` and `scim`, and writes through `store`. No HTTP here, and
//! nothing of what an administrator does.

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

/// One account's directory, as its connector shows it.
#[derive(Clone, Debug)]
pub struct Directory {
    /// The account.
    pub enterprise: AccountPk,
    /// The connector's base URL, without a slash at the end; locations begin with it.
    pub base_url: Arc<str>,
    /// Who asks, for the audit log.
    pub origin: Arc<Origin>,
    /// What cursors are sealed with; without it they can be read.
    pub cursor_key: Option<Arc<SecretKey>>,
}

impl Directory {
    /// Who writes, and where.
    fn context(&self) -> WriteContext {
        WriteContext::new(self.enterprise, Arc::clone(&self.origin)).keeping_admissions()
    }
}

/// A resource after a use case: its JSON, and what the transport needs to know of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// SCIM id.
    pub id: String,
    /// Where the resource is.
    pub location: String,
    /// `meta.version`, a weak entity tag.
    pub version: String,
    /// The resource, projected; none where it would be long and nobody asked for it.
    pub resource: Option<Body>,
}

/// Runs a use case as one transaction on the account's writer. A refusal for lack of seats is
/// noted for the administrators, in a transaction of its own because the first was undone.
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
