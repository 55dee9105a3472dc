//! The seats of an account at this moment, and who is admitted to one, for provisioning and
//! administration alike.
//!
//! Triggers count them; no Rust code does. A seat is taken by inserting an active member or a pending
//! invitation, and freed by
//! - deleting a member (`store::members::remove`: SCIM DELETE, removal of a licence, merging),
//! - deactivating one (`store::members::update`: SCIM `active`, or by hand),
//! - ending an invitation (`store::invitations::end`: accepted, declined, revoked, its target gone),
//! - expiring overdue ones (`store::invitations::sweep`: [`expire_and_count`], and a job).

use super::connection::Conn;
use super::enterprises::{self, EnterpriseRow};
use super::error::StoreResult;
use super::git_sync;
use super::invitations;
use super::transaction::Transaction;
use crate::enterprise::seats::{Arrival, NotAdmitted, Seats};
use crate::enterprise::{AccountPk, Timestamp};

/// Returns the account with its seats, after expiring overdue invitations, which frees theirs.
pub fn expire_and_count(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
) -> StoreResult<EnterpriseRow> {
    let account = enterprises::get(transaction, enterprise)?;
    let now = transaction.now();
    if account.seats_invitations > 0 && invitations::sweep(transaction, enterprise, now)? > 0 {
        return enterprises::get(transaction, enterprise);
    }
    Ok(account)
}

/// Returns the seats at this time without changing anything.
pub fn now(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> StoreResult<Seats> {
    let seats = enterprises::get(conn, enterprise)?.seats();
    let overdue = match seats.invitations {
        0 => 0,
        _ => invitations::overdue(conn, enterprise, now)?,
    };
    Ok(Seats { invitations: seats.invitations - overdue, ..seats })
}

/// Checks whether the account admits one more active user: a seat is free, and Git Sync serves one
/// more on this plan. Everything that takes a seat asks here first.
pub fn admit(
    conn: &mut Conn,
    account: &EnterpriseRow,
    arrival: Arrival,
) -> StoreResult<Result<(), NotAdmitted>> {
    let seats = account.seats();
    if let Err(full) = seats.free_seat() {
        return Ok(Err(full.into()));
    }
    Ok(git_sync::admit(conn, account, arrival)?.map_err(NotAdmitted::from))
}
