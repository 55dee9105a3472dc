//! A person's own name (docs/domain.md §0). What an account or its identity provider calls its
//! member is theirs to say: the person changes nothing there, and they change nothing here.

use crate::administration::AdministrationError;
use crate::administration::error::checked_name;
use crate::administration::sessions::Current;
use crate::enterprise::permissions::Power;
use crate::store::users::{self, PersonRow};
use crate::store::{Conn, StoreResult, Transaction, members};

/// Gives the person another name. Members that they have claimed keep theirs.
///
/// # Errors
/// Fails if the name is invalid.
pub fn rename(
    transaction: &mut Transaction<'_>,
    person: &PersonRow,
    name: &str,
) -> Result<PersonRow, AdministrationError> {
    let name = checked_name("name", name)?;
    Ok(users::rename(transaction, person.pk, name)?)
}

/// Returns the name that a session displays: the person's own. A session that is confined to one
/// account displays what that account calls its member, because it learns nothing else about the
/// person.
pub fn shown_to(conn: &mut Conn, current: &Current) -> StoreResult<Option<String>> {
    if current.session.credential().may(Power::Person) {
        return Ok(current.person.name.clone());
    }
    let Some(member) = &current.member else { return Ok(None) };
    let row = members::by_pk(conn, member.enterprise_pk, member.member_pk)?;
    Ok(row.and_then(|row| row.display_name))
}
