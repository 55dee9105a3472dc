//! Reminders: an invitation that nobody has answered is reminded of, once.

use super::letter::{self, LetterKind};
use super::{Result, targets};
use crate::administration::AdministrationError;
use crate::enterprise::AccountPk;
use crate::enterprise::delivery::DeliveryState;
use crate::store::{Transaction, enterprises, invitation_reminders};

/// Reminders that are written in one transaction.
const BATCH: i64 = 100;

/// Writes the reminders of an account that are due; says whether there may be more. The link of the
/// first mail keeps working beside the reminder's.
pub fn write(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    public_url: &str,
) -> Result<bool> {
    let now = transaction.now();
    let account = enterprises::get(transaction, enterprise)?;
    let due = invitation_reminders::due(transaction, enterprise, now, BATCH)?;
    for invitation in &due {
        invitation_reminders::done(transaction, invitation.pk)?;
        // Reminders are not of what is over, of what could not be accepted, or to an address that
        // has refused the mail before.
        let delivery = invitation.delivery.read();
        let refused = delivery.is_some_and(|mail| mail.state == DeliveryState::Refused);
        let open = invitation.expires_at > now && !refused;
        match targets::allowed(transaction, enterprise, invitation) {
            Ok(_) if open => {
                letter::send(transaction, &account, public_url, invitation, LetterKind::Reminder)?;
            }
            Err(failure @ AdministrationError::Store(_)) => return Err(failure),
            _ => {}
        }
    }
    Ok(i64::try_from(due.len()).is_ok_and(|count| count == BATCH))
}
