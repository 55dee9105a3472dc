//! The seats of an account at this moment: both provisioning and administration ask for them before
//! they take one.

use super::connection::Conn;
use super::enterprises::{self, EnterpriseRow};
use super::error::StoreResult;
use super::invitations;
use super::transaction::Transaction;
use crate::enterprise::seats::Seats;
use crate::enterprise::{AccountPk, Timestamp};

/// Returns the account with its seats, after expiring overdue invitations, which frees theirs.
pub fn settle(
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
