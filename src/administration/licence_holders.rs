//! Who holds the seats with these ids, for questions about several of them.

use super::AdministrationError;
use super::licences::MOST_REMOVED;
use crate::enterprise::AccountPk;
use crate::store::{Conn, invitations, members};

/// A member or an invitation that holds a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The id of the member or the invitation.
    pub id: String,
    /// The address, or the user name of a member without an address.
    pub name: String,
    /// Whether it is an invitation.
    pub is_invitation: bool,
}

/// Returns the members and invitations with these ids, at most as many as one call removes. Ids that
/// the account does not have are left out.
pub fn holders(
    conn: &mut Conn,
    enterprise: AccountPk,
    ids: &[String],
) -> Result<Vec<Holder>, AdministrationError> {
    let mut found = Vec::with_capacity(ids.len().min(MOST_REMOVED));
    for id in ids.iter().take(MOST_REMOVED) {
        if let Some(row) = members::by_id(conn, enterprise, id)? {
            let name = row.email.unwrap_or(row.user_name);
            found.push(Holder { id: row.id, name, is_invitation: false });
        } else if let Some(row) = invitations::by_id(conn, enterprise, id)? {
            found.push(Holder { id: row.id, name: row.email, is_invitation: true });
        }
    }
    Ok(found)
}
