//! Letters to the people who are responsible for an account: its owners, or its owners and
//! co-owners.
//!
//! This is part of the store so that provisioning and administration write to the same people in
//! the same way.

use super::error::StoreResult;
use super::transaction::Transaction;
use super::{outbox, responsible};
use crate::enterprise::letter::Letter;
use crate::enterprise::{AccountPk, Role};

/// Adds a letter to every active owner of the account to the outbox. For what concerns the account
/// itself, such as who has access to it.
pub fn tell(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    letter: &Letter,
) -> StoreResult<()> {
    send(transaction, enterprise, &[Role::Owner], letter)
}

/// Adds a letter to every active owner and co-owner of the account to the outbox. For what an
/// administrator has to do.
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
    for recipient in responsible::addresses_of(transaction, enterprise, roles)? {
        outbox::insert(transaction, enterprise, &recipient, letter, now)?;
    }
    Ok(())
}
