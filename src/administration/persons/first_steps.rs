//! Whether a person has hidden the first steps of an account. It is theirs, as the member that they
//! have claimed, and ends with the claim.

use super::PersonError;
use crate::administration::AdministrationError;
use crate::administration::sessions::Current;
use crate::enterprise::MemberPk;
use crate::store::{Conn, Transaction, claims};

type Result<T> = std::result::Result<T, AdministrationError>;

fn member(current: &Current) -> Result<MemberPk> {
    let member = current.member.as_ref().ok_or(PersonError::NoAccount)?;
    Ok(member.member_pk)
}

/// Returns `true` if the person has hidden the first steps of the account that they act in.
///
/// # Errors
/// Fails with [`PersonError::NoAccount`] if they act in none.
pub fn are_hidden(conn: &mut Conn, current: &Current) -> Result<bool> {
    Ok(claims::hides_first_steps(conn, member(current)?)?)
}

/// Hides the first steps, or shows them again.
///
/// # Errors
/// Fails with [`PersonError::NoAccount`] if the person acts in no account.
pub fn hide(transaction: &mut Transaction<'_>, current: &Current, hidden: bool) -> Result<()> {
    let at = hidden.then(|| transaction.now());
    Ok(claims::hide_first_steps(transaction, member(current)?, at)?)
}
