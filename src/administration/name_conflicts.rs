//! Names that were distinct before an upgrade and are equal now, because names are compared
//! differently since.

use super::Page;
use crate::enterprise::AccountPk;
use crate::enterprise::name::Named;
use crate::store::name_conflicts::{self, Conflict};
use crate::store::{Conn, StoreResult};

/// Lists the account's conflicts that still exist, in the order in which they were recorded.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> StoreResult<Page<Conflict>> {
    let rows = name_conflicts::of_account(conn, enterprise, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk))
}

/// Returns the text that tells an administrator how to resolve a conflict.
pub fn way_out(conflict: &Conflict) -> &'static str {
    match conflict.kind {
        Named::Member => {
            "Remove one of the two members, or have the identity provider give one of them another \
             user name. Until then only the other one is found by that name."
        }
        Named::Team => {
            "Rename or delete one of the two teams. Until then only the other one is synchronised \
             by that name."
        }
        Named::Organization => "Rename or delete one of the two organizations.",
        Named::Invitation => "Revoke one of the two invitations; it frees a seat.",
        Named::Person => {
            "Two sign-ins have one address. Until one of them is removed, a link leads to the other."
        }
        Named::ActivationCode => "Withdraw one of the two codes.",
        Named::Account => "Rename one of the two accounts.",
    }
}
