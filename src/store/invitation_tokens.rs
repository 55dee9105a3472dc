//! Tokens of the links in invitation mails, stored as hashes.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{invitation_tokens, invitations};
use crate::enterprise::{AccountPk, InvitationPk, Timestamp};

/// Inserts a token of an invitation.
pub fn insert(
    conn: &mut Conn,
    invitation: InvitationPk,
    hash: &[u8; 32],
    now: Timestamp,
) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(invitation_tokens::table)
        .values((
            invitation_tokens::hash.eq(&hash[..]),
            invitation_tokens::invitation_pk.eq(invitation),
            invitation_tokens::created_at.eq(now),
        ))
        .execute(connection))?;
    Ok(())
}

/// Deletes all tokens of an invitation, so that its links no longer work.
pub fn forget(conn: &mut Conn, invitation: InvitationPk) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(invitation_tokens::table)
        .filter(invitation_tokens::invitation_pk.eq(invitation))
        .execute(connection))?;
    Ok(())
}

/// Returns the account and the invitation of the token with this hash.
pub fn find(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<Option<(AccountPk, String)>> {
    Ok(on!(conn, connection => invitation_tokens::table
        .inner_join(invitations::table)
        .filter(invitation_tokens::hash.eq(&hash[..]))
        .select((invitations::enterprise_pk, invitations::id))
        .first(connection)
        .optional())?)
}
