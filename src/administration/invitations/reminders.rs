//! Reminders of unanswered invitations, at most one for each.

use super::letter::{self, LetterKind};
use super::{Result, targets};
use crate::administration::AdministrationError;
use crate::enterprise::AccountPk;
use crate::enterprise::delivery::DeliveryState;
use crate::store::{Transaction, enterprises, invitation_reminders};

/// The maximum number of reminders written by one transaction.
const BATCH: i64 = 100;

/// Writes an account's due reminders and returns `true` if there may be more. The link of the first
/// mail stays valid beside the reminder's.
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
        // No reminder for an invitation that has expired or could not be accepted now, or to an
        // address whose mail server refused the first mail.
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
