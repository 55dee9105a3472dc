//! Pending invitations to the addresses of one person, in all accounts.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::invitations::{InvitationRow, is_pending};
use super::tables::{enterprises, invitations};
use crate::enterprise::{AccountPk, Timestamp};

/// Whose invitations are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// The keys of the person's addresses.
    pub keys: Vec<String>,
    /// The only account that counts, if the person's session is confined to it.
    pub account: Option<AccountPk>,
}

/// Returns pending invitations after row `after` that have not expired at this time, each with the
/// name of its account, in order of creation.
pub fn find(
    conn: &mut Conn,
    invited: &Invited,
    now: Timestamp,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<(InvitationRow, String)>> {
    Ok(on!(conn, connection => {
        let mut query = invitations::table
            .inner_join(enterprises::table)
            .filter(invitations::email_key.eq_any(&invited.keys))
            .filter(is_pending())
            .filter(invitations::expires_at.gt(now))
            .filter(invitations::pk.gt(after))
            .order(invitations::pk)
            .limit(limit)
            .select((InvitationRow::as_select(), enterprises::name))
            .into_boxed();
        if let Some(account) = invited.account {
            query = query.filter(invitations::enterprise_pk.eq(account));
        }
        query.load(connection)
    })?)
}

/// Returns the invitation with this id, in any state, if it is to one of the person's addresses.
pub fn by_id(conn: &mut Conn, invited: &Invited, id: &str) -> StoreResult<Option<InvitationRow>> {
    if !storable(id) {
        return Ok(None);
    }
    let found: Option<InvitationRow> = on!(conn, connection => invitations::table
        .filter(invitations::id.eq(id))
        .filter(invitations::email_key.eq_any(&invited.keys))
        .select(InvitationRow::as_select())
        .first(connection)
        .optional())?;
    Ok(found.filter(|row| invited.account.is_none_or(|account| account == row.enterprise_pk)))
}
