//! Letters to those who answer for an account: to its owners, or to its owners and co-owners.
//!
//! It stands here so that provisioning and administration write to the same people by the same way.

use super::error::StoreResult;
use super::transaction::Transaction;
use super::{members, outbox};
use crate::enterprise::letter::Letter;
use crate::enterprise::{AccountPk, Role};

/// Puts a letter to every active owner of the account into the outbox: what concerns the account
/// itself, such as who is let into it.
pub fn tell(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    letter: &Letter,
) -> StoreResult<()> {
    send(transaction, enterprise, &[Role::Owner], letter)
}

/// Puts a letter to every active owner and co-owner of the account into the outbox: what somebody
/// who administers it has to do.
pub fn tell_administrators(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    letter: &Letter,
) -> StoreResult<()> {
    send(transaction, enterprise, &[Role::Owner, Role::CoOwner], letter)
}

fn send(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    roles: &[Role],
    letter: &Letter,
) -> StoreResult<()> {
    let now = transaction.now();
    for recipient in members::addresses_of(transaction, enterprise, roles)? {
        outbox::insert(transaction, enterprise, &recipient, letter, now)?;
    }
    Ok(())
}
