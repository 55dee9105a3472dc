//! Changes of the identity provider by which users sign in: putting settings into use, switching a
//! connection on and off.
//!
//! Control over the identity provider is control over every user of the account. These changes are
//! therefore reserved for owners (docs/domain.md §0), and every owner is told.

use super::connections::{get, record};
use super::letters::{self, Event};
use super::{Result, SsoError};
use crate::enterprise::{AccountPk, Role, Timestamp, address};
use crate::store::sso_connections::{self as stored, Connection};
use crate::store::{Conn, Transaction, members, responsible, sso_drafts};

/// Makes users of the domain sign in through the connection only. Also puts a draft into use that
/// was verified while the connection was on.
///
/// # Errors
/// Fails if the connection does not exist, or no sign-in through it has succeeded.
pub fn switch_on(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
) -> Result<Connection> {
    let before = get(transaction, enterprise, id)?;
    let is_draft_ready = before.row.draft_verified_at.is_some();
    if before.row.settings.is_none() && !is_draft_ready {
        return Err(SsoError::NotVerified.into());
    }
    if before.row.is_on && !is_draft_ready {
        return Ok(before);
    }
    let now = transaction.now();
    if is_draft_ready {
        sso_drafts::adopt_draft(transaction, &before.row, now)?;
    }
    if !before.row.is_on {
        stored::switch(transaction, before.row.pk, true)?;
    }
    let after = get(transaction, enterprise, id)?;
    let (action, event) = if before.row.is_on {
        ("sso-connection.adopted", Event::Changed)
    } else {
        ("sso-connection.switched-on", Event::On)
    };
    record(transaction, action, &before, &after)?;
    letters::tell(transaction, event, &after, None)?;
    Ok(after)
}

/// How an owner would get in while a connection is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayIn {
    /// The owner, with the address as a part of a sentence.
    pub owner: String,
    /// Whether the owner goes on signing in by mail, because the address is in no domain with single
    /// sign-on.
    pub by_mail: bool,
}

/// The maximum number of owners that are looked at.
const MOST_OWNERS: i64 = 50;

/// Returns how each owner would get in if single sign-on were on for this domain.
pub fn ways_in(
    conn: &mut Conn,
    enterprise: AccountPk,
    domain: &str,
    now: Timestamp,
) -> Result<Vec<WayIn>> {
    let mut found = Vec::new();
    for owner in responsible::of_account(conn, enterprise, Role::Owner, MOST_OWNERS)? {
        let own = owner.email.as_deref().and_then(address::domain);
        let by_mail = match own {
            Some(own) => own != domain && stored::in_force(conn, &own, now)?.is_none(),
            None => false,
        };
        found.push(WayIn { owner: owner.in_words(), by_mail });
    }
    Ok(found)
}

/// Lets users of the domain sign in by mail again.
///
/// # Errors
/// Fails if the connection does not exist.
pub fn switch_off(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
) -> Result<Connection> {
    let before = get(transaction, enterprise, id)?;
    if !before.row.is_on {
        return Ok(before);
    }
    stored::switch(transaction, before.row.pk, false)?;
    let after = get(transaction, enterprise, id)?;
    record(transaction, "sso-connection.switched-off", &before, &after)?;
    letters::tell(transaction, Event::Off, &after, None)?;
    Ok(after)
}

/// Records that a sign-in with the draft has succeeded. The draft replaces the settings, unless the
/// connection is on: then only if an owner made the link (`trial_by`, who must still be an active
/// owner). Otherwise it waits until an owner puts it into use.
pub(super) fn verified(
    transaction: &mut Transaction<'_>,
    before: &Connection,
    trial_by: Option<&str>,
) -> Result<Connection> {
    let (row, now) = (&before.row, transaction.now());
    let owner = match trial_by {
        Some(id) => members::by_id(transaction, row.enterprise_pk, id)?
            .filter(|member| member.active && member.role == Role::Owner),
        None => None,
    };
    if row.is_on && owner.is_none() {
        sso_drafts::verify_draft(transaction, row.pk, now)?;
    } else {
        sso_drafts::adopt_draft(transaction, row, now)?;
    }
    let after = get(transaction, row.enterprise_pk, &row.id)?;
    record(transaction, "sso-connection.verified", before, &after)?;
    if let Some(owner) = owner.filter(|_| row.is_on) {
        letters::tell(transaction, Event::Changed, &after, Some(&owner.user_name))?;
    }
    Ok(after)
}
