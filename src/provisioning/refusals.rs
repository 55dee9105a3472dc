//! Tells the administrators what provisioning could not do (docs/domain.md §7): every time on the
//! SCIM page, once a day by mail.

use super::ProvisioningError;
use crate::enterprise::AccountPk;
use crate::enterprise::letter::Letter;
use crate::store::{Transaction, enterprises, owners, refusals};

/// Records that there was no free seat for a user.
pub fn note(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    subject: &str,
    detail: &str,
) -> Result<(), ProvisioningError> {
    let now = transaction.now();
    let first_today = refusals::count_no_free_seat(transaction, enterprise, subject, detail, now)?;
    if !first_today {
        return Ok(());
    }
    let account = enterprises::get(transaction, enterprise)?;
    let letter = Letter::new(format!("{}: provisioning found no free seat", account.name))
        .paragraph(format!(
            "Your identity provider tried to provision {subject} into {}, but no seat was free.",
            account.name
        ))
        .paragraph(detail)
        .paragraph(
            "The identity provider tries again by itself. Further refusals today are listed only \
             on the SCIM page.",
        )
        .page("Licenses", "/app/enterprise/licenses");
    owners::tell_administrators(transaction, enterprise, &letter)?;
    Ok(())
}
