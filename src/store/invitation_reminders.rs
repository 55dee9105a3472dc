//! Reminders of invitations: which are due, and when.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::invitations::{InvitationRow, is_pending};
use super::tables::{enterprises, invitations};
use crate::enterprise::{AccountPk, InvitationPk, Timestamp};

/// Returns accounts after `after`, in order, that have an active plan and reminders that are due.
/// The cost depends only on what is due.
pub fn accounts(
    conn: &mut Conn,
    after: i64,
    now: Timestamp,
    limit: i64,
) -> StoreResult<Vec<AccountPk>> {
    Ok(on!(conn, connection => invitations::table
        .inner_join(enterprises::table)
        .filter(enterprises::plan_active.eq(true))
        .filter(is_pending())
        .filter(invitations::remind_at.is_not_null())
        .filter(invitations::remind_at.le(now))
        .filter(invitations::enterprise_pk.gt(after))
        .order(invitations::enterprise_pk)
        .select(invitations::enterprise_pk)
        .distinct()
        .limit(limit)
        .load(connection))?)
}

/// Returns the account's pending invitations whose reminder is due.
pub fn due(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
    limit: i64,
) -> StoreResult<Vec<InvitationRow>> {
    Ok(on!(conn, connection => invitations::table
        .filter(invitations::enterprise_pk.eq(enterprise))
        .filter(is_pending())
        .filter(invitations::remind_at.is_not_null())
        .filter(invitations::remind_at.le(now))
        .order(invitations::remind_at)
        .limit(limit)
        .select(InvitationRow::as_select())
        .load(connection))?)
}

/// Records that the reminder was written. There is only one per invitation.
pub fn done(conn: &mut Conn, invitation: InvitationPk) -> StoreResult<()> {
    on!(conn, connection => diesel::update(invitations::table)
        .filter(invitations::pk.eq(invitation))
        .set(invitations::remind_at.eq(None::<Timestamp>))
        .execute(connection))?;
    Ok(())
}

/// Renews a pending invitation, with another expiry and another reminder.
pub fn renew(
    conn: &mut Conn,
    invitation: InvitationPk,
    expires_at: Timestamp,
    remind_at: Timestamp,
) -> StoreResult<InvitationRow> {
    Ok(on!(conn, connection => diesel::update(invitations::table)
        .filter(invitations::pk.eq(invitation))
        .set((
            invitations::expires_at.eq(expires_at),
            invitations::remind_at.eq(remind_at),
        ))
        .returning(InvitationRow::as_returning())
        .get_result(connection))?)
}
