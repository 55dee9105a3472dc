//! What lists of invitations need: rows by index, whatever the filter.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::invitations::{InvitationRow, is_pending};
use super::tables::{invitation_organizations, invitation_teams, invitations};
use crate::enterprise::delivery::DeliveryState;
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{AccountPk, InvitationPk, OrganizationPk, TeamPk, Timestamp};

/// Returns those of these invitations that belong to the account, in order of creation.
pub fn by_pks(
    conn: &mut Conn,
    enterprise: AccountPk,
    pks: &[InvitationPk],
) -> StoreResult<Vec<InvitationRow>> {
    Ok(on!(conn, connection => invitations::table
        .filter(invitations::pk.eq_any(pks))
        .filter(invitations::enterprise_pk.eq(enterprise))
        .order(invitations::pk)
        .select(InvitationRow::as_select())
        .load(connection))?)
}

/// Returns those of these invitations that belong to the account, in order of creation.
pub fn by_ids(
    conn: &mut Conn,
    enterprise: AccountPk,
    ids: &[String],
) -> StoreResult<Vec<InvitationRow>> {
    let ids: Vec<&String> = ids.iter().filter(|id| storable(id)).collect();
    Ok(on!(conn, connection => invitations::table
        .filter(invitations::id.eq_any(&ids))
        .filter(invitations::enterprise_pk.eq(enterprise))
        .order(invitations::pk)
        .select(InvitationRow::as_select())
        .load(connection))?)
}

/// Matches invitations that are not pending. A literal, because only that leads to their index.
fn is_ended() -> SqlLiteral<Bool> {
    sql("invitations.state <> 'pending'")
}

/// Returns the rows of the account's invitations that have ended so, after row `after`. Like the
/// others here it gives the rows alone: only a query that the index answers by itself is sure to use
/// it.
pub fn ended(
    conn: &mut Conn,
    enterprise: AccountPk,
    state: InvitationState,
    (after, limit): (i64, i64),
) -> StoreResult<Vec<InvitationPk>> {
    Ok(on!(conn, connection => invitations::table
        .filter(invitations::enterprise_pk.eq(enterprise))
        .filter(is_ended())
        .filter(invitations::state.eq(state))
        .filter(invitations::pk.gt(after))
        .order(invitations::pk)
        .limit(limit)
        .select(invitations::pk)
        .load(connection))?)
}

/// Returns the rows of the account's invitations that are stored as pending, after row `after`.
pub fn pending(
    conn: &mut Conn,
    enterprise: AccountPk,
    (after, limit): (i64, i64),
) -> StoreResult<Vec<InvitationPk>> {
    Ok(on!(conn, connection => invitations::table
        .filter(invitations::enterprise_pk.eq(enterprise))
        .filter(is_pending())
        .filter(invitations::pk.gt(after))
        .order(invitations::pk)
        .limit(limit)
        .select(invitations::pk)
        .load(connection))?)
}

/// The maximum number of overdue invitations that are looked at. They are swept all the time.
const MOST_OVERDUE: i64 = 1_000;

/// Returns the rows of the account's invitations that have expired but are not swept yet, after row
/// `after`.
pub fn overdue(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
    after: i64,
) -> StoreResult<Vec<InvitationPk>> {
    let mut found: Vec<InvitationPk> = on!(conn, connection => invitations::table
        .filter(invitations::enterprise_pk.eq(enterprise))
        .filter(is_pending())
        .filter(invitations::expires_at.le(now))
        .order((invitations::expires_at, invitations::pk))
        .limit(MOST_OVERDUE)
        .select(invitations::pk)
        .load(connection))?;
    found.retain(|pk| pk.0 > after);
    Ok(found)
}

/// Returns the rows of the account's invitations that are stored as pending and whose newest mail is
/// in one of these states, after row `after`.
pub fn by_mail(
    conn: &mut Conn,
    enterprise: AccountPk,
    states: &[DeliveryState],
    (after, limit): (i64, i64),
) -> StoreResult<Vec<InvitationPk>> {
    let mut found: Vec<InvitationPk> = Vec::new();
    for state in states {
        found.extend(on!(conn, connection => invitations::table
            .filter(invitations::enterprise_pk.eq(enterprise))
            .filter(is_pending())
            .filter(invitations::mail_state.eq(*state))
            .filter(invitations::pk.gt(after))
            .order(invitations::pk)
            .limit(limit)
            .select(invitations::pk)
            .load::<InvitationPk>(connection))?);
    }
    found.sort_unstable();
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// Returns the rows of invitations that name an organization, after row `after`.
pub fn naming_organization(
    conn: &mut Conn,
    organization: OrganizationPk,
    (after, limit): (i64, i64),
) -> StoreResult<Vec<InvitationPk>> {
    Ok(on!(conn, connection => invitation_organizations::table
        .filter(invitation_organizations::organization_pk.eq(organization))
        .filter(invitation_organizations::invitation_pk.gt(after))
        .order(invitation_organizations::invitation_pk)
        .limit(limit)
        .select(invitation_organizations::invitation_pk)
        .load(connection))?)
}

/// Returns the rows of invitations that name a team, after row `after`.
pub fn naming_team(
    conn: &mut Conn,
    team: TeamPk,
    (after, limit): (i64, i64),
) -> StoreResult<Vec<InvitationPk>> {
    Ok(on!(conn, connection => invitation_teams::table
        .filter(invitation_teams::team_pk.eq(team))
        .filter(invitation_teams::invitation_pk.gt(after))
        .order(invitation_teams::invitation_pk)
        .limit(limit)
        .select(invitation_teams::invitation_pk)
        .load(connection))?)
}

/// Counts the account's pending invitations whose newest mail is in this state, among the first so
/// many.
pub fn count_by_mail(
    conn: &mut Conn,
    enterprise: AccountPk,
    state: DeliveryState,
    now: Timestamp,
    most: i64,
) -> StoreResult<i64> {
    let pks = by_mail(conn, enterprise, &[state], (0, most))?;
    Ok(on!(conn, connection => invitations::table
        .filter(invitations::pk.eq_any(&pks))
        .filter(invitations::expires_at.gt(now))
        .count()
        .get_result(connection))?)
}
