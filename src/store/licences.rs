//! The holders of seats: active members and pending invitations.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{invitations, members};
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{AccountPk, InvitationPk, MemberPk, MemberSource, Role, Timestamp};

/// A member as listed in the seat reports.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct MemberLine {
    /// The member's row.
    pub pk: MemberPk,
    /// The member's id.
    pub id: String,
    /// The member's address, if it has one of its own.
    pub email: Option<String>,
    /// The SCIM user name.
    pub user_name: String,
    /// The member's display name.
    pub display_name: Option<String>,
    /// The member's role in the account.
    pub role: Role,
    /// Where the member comes from.
    pub source: MemberSource,
    /// Whether the member is active.
    pub active: bool,
    /// Since when the member holds a seat; `None` while it holds none.
    pub seat_since: Option<Timestamp>,
}

/// Returns members after row `after`, in the order in which they joined, whether they hold a seat
/// or not.
pub fn members(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<MemberLine>> {
    Ok(on!(conn, connection => members::table
        .filter(members::enterprise_pk.eq(enterprise))
        .filter(members::pk.gt(after))
        .order(members::pk)
        .limit(limit)
        .select((
            members::pk,
            members::id,
            members::email,
            members::user_name,
            members::display_name,
            members::role,
            members::source,
            members::active,
            members::seat_since,
        ))
        .load(connection))?)
}

/// A pending invitation: row, id, address, since when it is pending, and when it expires.
pub type InvitationLine = (InvitationPk, String, String, Timestamp, Timestamp);

/// Returns those of these invitations that are pending and not expired.
pub fn invitations_among(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
    pks: &[InvitationPk],
) -> StoreResult<Vec<InvitationLine>> {
    Ok(on!(conn, connection => invitations::table
        .filter(invitations::pk.eq_any(pks))
        .filter(invitations::enterprise_pk.eq(enterprise))
        .filter(invitations::state.eq(InvitationState::Pending))
        .filter(invitations::expires_at.gt(now))
        .order(invitations::pk)
        .select((
            invitations::pk,
            invitations::id,
            invitations::email,
            invitations::created_at,
            invitations::expires_at,
        ))
        .load(connection))?)
}
