//! Mails to owners and co-owners about the connector's token (docs/domain.md §7): warnings from 20
//! days before it expires, and one when provisioning has stopped.

use super::Result;
use crate::enterprise::connector::{SOON_DAYS, warning_due};
use crate::enterprise::letter::Letter;
use crate::enterprise::{AccountPk, ConnectorTokenPk, Timestamp};
use crate::store::connectors::{self, TokenRow};
use crate::store::{Conn, StoreResult, Transaction, enterprises, owners};

/// Returns one page of tokens that expire soon enough for a warning, each with its expiry and its
/// account.
pub fn tokens(
    conn: &mut Conn,
    now: Timestamp,
    after: (Timestamp, ConnectorTokenPk),
    limit: i64,
) -> StoreResult<Vec<(Timestamp, ConnectorTokenPk, AccountPk)>> {
    connectors::ending_before(conn, now.plus_days(SOON_DAYS), after, limit)
}

/// Sends the owners and co-owners of this account the mails that are due. Idempotent.
pub fn warn(transaction: &mut Transaction<'_>, enterprise: AccountPk) -> Result<()> {
    let now = transaction.now();
    // If the plan has ended, that is what stopped provisioning, and the plan's own mail says so.
    if !connectors::standing(transaction, enterprise, now)?.plan {
        return Ok(());
    }
    let Some(row) = connectors::get(transaction, enterprise)?.filter(|row| row.enabled) else {
        return Ok(());
    };
    for token in connectors::living(transaction, row.pk, now)? {
        let Some(end) = token.expires_at.filter(|_| token.superseded_at.is_none()) else {
            continue;
        };
        let Some(days) = warning_due(end, token.warned_days, now) else { continue };
        connectors::warned(transaction, token.pk, days)?;
        let name = enterprises::get(transaction, enterprise)?.name;
        let letter = if days == 0 { stopped(&name, &token, end) } else { soon(&name, &token, end) };
        owners::tell_administrators(transaction, enterprise, &letter)?;
    }
    Ok(())
}

fn soon(account: &str, token: &TokenRow, end: Timestamp) -> Letter {
    let end = end.to_rfc3339();
    Letter::new(format!("{account}: the SCIM token ends on {}", &end[..10]))
        .paragraph(format!(
            "The SCIM token \"{}\" of {account} ends at {end}. Your identity provider cannot \
             provision anybody after that.",
            token.label
        ))
        .paragraph(ADVICE)
        .page("Refresh token", "/app/enterprise/scim")
}

fn stopped(account: &str, token: &TokenRow, end: Timestamp) -> Letter {
    Letter::new(format!("{account}: provisioning has stopped"))
        .paragraph(format!(
            "The SCIM token \"{}\" of {account} ended at {}. Requests of your identity provider \
             with it are refused: no user is provisioned, changed or deactivated.",
            token.label,
            end.to_rfc3339()
        ))
        .paragraph(ADVICE)
        .page("Refresh token", "/app/enterprise/scim")
}

const ADVICE: &str = "Refresh the token on the SCIM page and enter the new one in your identity \
    provider; the old one works on for the grace period that you choose. If your identity provider \
    uses OAuth instead, end this token there, and these mails end too.";
