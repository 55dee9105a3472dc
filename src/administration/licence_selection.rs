//! Licences that were selected to be removed together: whose they are.

use super::AdministrationError;
use super::licences::check_number;
use crate::enterprise::{AccountPk, MemberSource};
use crate::store::{Conn, invitation_lists, member_lists};

/// A licence that was selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// The id of the member or the invitation.
    pub id: String,
    /// The name of its holder.
    pub name: String,
    /// What holds it.
    pub holder: Holder,
}

/// What holds a licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A member that was added by hand or joined.
    Member,
    /// A member that the identity provider provisioned, and would provision again.
    Provisioned,
    /// A pending invitation.
    Invitation,
}

/// Returns whose the licences with these ids are, members first. Ids that are none are missing.
///
/// # Errors
/// Fails if there are no ids or too many.
pub fn selected(
    conn: &mut Conn,
    enterprise: AccountPk,
    ids: &[String],
) -> Result<Vec<Selected>, AdministrationError> {
    check_number(ids)?;
    let members = member_lists::by_ids(conn, enterprise, ids)?;
    let invitations = invitation_lists::by_ids(conn, enterprise, ids)?;
    let members = members.into_iter().map(|row| Selected {
        id: row.id,
        name: row.display_name.unwrap_or(row.user_name),
        holder: match row.source {
            MemberSource::Manual => Holder::Member,
            MemberSource::Scim => Holder::Provisioned,
        },
    });
    let invitations = invitations.into_iter().map(|row| Selected {
        id: row.id,
        name: row.email,
        holder: Holder::Invitation,
    });
    Ok(members.chain(invitations).collect())
}
