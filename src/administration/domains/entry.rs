//! Domain rules for an email address, checked at sign-up and at every sign-in.

use crate::enterprise::domain_entry::{Admission, DomainRule, EntryStatus, admission};
use crate::enterprise::{AccountPk, Timestamp, address};
use crate::store::{Conn, StoreResult, claims, domains, invitations, users};

/// The result of the domain rules for an email address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whether the person may enter, and as what.
    pub admission: Admission,
    /// The account that has verified the address's domain, if its plan is active.
    pub enterprise: Option<AccountPk>,
    /// The domain, in its canonical form.
    pub domain: String,
}

/// Applies the capture and lock rules of an address's domain (docs/domain.md §5).
///
/// A sign-in is allowed unless the admission is [`Admission::Refused`]. [`Admission::Captured`] is
/// only for a sign-up, and makes the person a member of `enterprise`; a known person is never
/// captured.
pub fn entry_rule(conn: &mut Conn, email: &str, now: Timestamp) -> StoreResult<Entry> {
    let domain = address::domain(email).unwrap_or_default();
    let Some((enterprise, rule)) = domains::rule(conn, &domain, now)? else {
        return Ok(Entry { admission: Admission::Open, enterprise: None, domain });
    };
    let admission = match rule {
        DomainRule { capture: false, locked: false } => Admission::Open,
        rule => {
            let standing = standing(conn, enterprise, email, now)?;
            admission(rule, standing, users::is_proved(conn, email)?)
        }
    };
    Ok(Entry { admission, enterprise: Some(enterprise), domain })
}

fn standing(
    conn: &mut Conn,
    enterprise: AccountPk,
    email: &str,
    now: Timestamp,
) -> StoreResult<EntryStatus> {
    if claims::signs_in(conn, enterprise, &address::key(email))?.is_some_and(|member| member.active)
    {
        return Ok(EntryStatus::Member);
    }
    let pending = invitations::pending_for(conn, enterprise, &[address::key(email)])?;
    let is_invited = pending.iter().any(|invitation| now < invitation.expires_at);
    Ok(if is_invited { EntryStatus::Invited } else { EntryStatus::Stranger })
}
