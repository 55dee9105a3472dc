//! What provisioning may do to owners and co-owners, and the notifications about it (docs/domain.md
//! §0).

use super::ProvisioningError;
use crate::enterprise::letter::Letter;
use crate::enterprise::owner;
use crate::store::members::MemberRow;
use crate::store::{Transaction, enterprises, owners};

/// How a member leaves the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// The member is deactivated.
    Deactivated,
    /// The member is deleted.
    Removed,
}

/// Checks that an owner remains when the member leaves.
///
/// # Errors
/// Fails with [`ProvisioningError::LastOwner`] if the member is the last active owner.
pub fn may_leave(
    transaction: &mut Transaction<'_>,
    row: &MemberRow,
) -> Result<(), ProvisioningError> {
    let account = enterprises::get(transaction, row.enterprise_pk)?;
    Ok(owner::may_leave(row.role, row.active, account.active_owners)?)
}

/// Notifies all owners that the identity provider deactivated or deleted an owner or co-owner. The
/// mail also goes to the one who leaves.
pub fn tell_left(
    transaction: &mut Transaction<'_>,
    row: &MemberRow,
    departure: Departure,
) -> Result<(), ProvisioningError> {
    let role = row.role;
    if !owner::governs(role) {
        return Ok(());
    }
    let account = enterprises::get(transaction, row.enterprise_pk)?;
    let what = match departure {
        Departure::Deactivated => "deactivated",
        Departure::Removed => "removed",
    };
    let name = row.email.as_deref().unwrap_or(&row.user_name);
    let letter = Letter::new(format!("{}: {name} was {what} by SCIM", account.name))
        .paragraph(format!(
            "The identity provider of {} has {what} {name}, who is {role} of the account.",
            account.name
        ))
        .paragraph(
            "If this is wrong, correct it at the identity provider and look at the SCIM page: \
             anyone who has the connector's token can do this.",
        )
        .page("SCIM", "/app/enterprise/scim");
    Ok(owners::tell(transaction, row.enterprise_pk, &letter)?)
}
