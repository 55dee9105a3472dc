//! Invitations: who waits for a seat, and what they were invited to.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde_json::json;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
pub use super::invitation_acceptance::{accept, accept_into, grant_promised};
use super::invitation_delivery::{DeliveryRow, Wanted};
use super::tables::{invitation_organizations, invitation_teams, invitations};
use super::{Transaction, audit, invitation_delivery};
use crate::enterprise::audit::{Change, Origin, Target};
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{
    AccountPk, InvitationPk, OrganizationPk, TeamPk, TeamRole, Timestamp, address, id,
};

/// An invitation as stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = invitations)]
#[allow(missing_docs)] // the columns are documented where they are made
pub struct InvitationRow {
    pub pk: InvitationPk,
    pub id: String,
    pub enterprise_pk: AccountPk,
    pub email: String,
    pub state: InvitationState,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub inviter_id: Option<String>,
    pub inviter_name: Option<String>,
    #[diesel(embed)]
    pub delivery: DeliveryRow,
}

impl InvitationRow {
    /// As the audit log names it.
    pub fn target(&self) -> Target {
        Target::new("invitation", &self.id, &self.email)
    }
}

/// What is written of a new invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvitation<'a> {
    /// Who is invited.
    pub email: &'a str,
    /// Id and name of who invites.
    pub inviter: (&'a str, &'a str),
    /// When it ends.
    pub expires_at: Timestamp,
    /// When a reminder is due.
    pub remind_at: Timestamp,
}

/// Expires what is due; the database frees the seats. Costs what is due, not what waits.
pub fn sweep(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    now: Timestamp,
) -> StoreResult<usize> {
    let expired: Vec<InvitationRow> = on!(&mut **transaction, connection => diesel::update(invitations::table)
            .filter(invitations::enterprise_pk.eq(enterprise))
            .filter(is_pending())
            .filter(invitations::expires_at.le(now))
            .set(invitations::state.eq(InvitationState::Expired))
            .returning(InvitationRow::as_returning())
            .get_results(connection))?;
    let origin = Origin::system();
    for row in &expired {
        let change = Change::changed(
            "invitation.expired",
            row.target(),
            json!({"state": "pending"}),
            json!({"state": "expired"}),
        );
        audit::record_of(transaction, enterprise, &origin, &change)?;
    }
    Ok(expired.len())
}

/// Which invitations wait. A literal, since a plan that is made once uses an index of pending ones
/// only where it says so itself: for a value that comes later PostgreSQL reads all of them.
pub(super) fn is_pending() -> SqlLiteral<Bool> {
    sql("invitations.state = 'pending'")
}

/// A pending invitation whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub struct Overdue {
    /// Its row.
    pub pk: InvitationPk,
    /// Since when.
    pub expires_at: Timestamp,
    /// Its account.
    pub enterprise_pk: AccountPk,
}

/// Pending invitations of all accounts that are past their time, longest first, after this one.
/// Costs what is due, whatever else waits.
pub fn overdue_anywhere(
    conn: &mut Conn,
    after: Option<Overdue>,
    now: Timestamp,
    limit: i64,
) -> StoreResult<Vec<Overdue>> {
    let (since, pk) =
        after.map_or((Timestamp::FIRST, InvitationPk(0)), |after| (after.expires_at, after.pk));
    Ok(on!(conn, connection => invitations::table
        .filter(is_pending())
        .filter(invitations::expires_at.le(now))
        .filter(invitations::expires_at.ge(since))
        .filter(invitations::expires_at.gt(since).or(invitations::pk.gt(pk)))
        .order((invitations::expires_at, invitations::pk))
        .limit(limit)
        .select((invitations::pk, invitations::expires_at, invitations::enterprise_pk))
        .load(connection))?)
}

/// How many pending invitations are past their time but not swept yet.
pub fn overdue(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> StoreResult<i64> {
    Ok(on!(conn, connection => invitations::table
        .filter(invitations::enterprise_pk.eq(enterprise))
        .filter(is_pending())
        .filter(invitations::expires_at.le(now))
        .count()
        .get_result(connection))?)
}

/// Makes a pending invitation; the database takes its seat.
///
/// # Errors
/// The database's, among them the violation of `seats_within_total`.
pub fn insert(
    conn: &mut Conn,
    enterprise: AccountPk,
    new: &NewInvitation<'_>,
    now: Timestamp,
) -> StoreResult<InvitationRow> {
    Ok(on!(conn, connection => diesel::insert_into(invitations::table)
        .values((
            invitations::id.eq(id::invitation()),
            invitations::enterprise_pk.eq(enterprise),
            invitations::email.eq(new.email),
            invitations::email_key.eq(address::key(new.email)),
            invitations::state.eq(InvitationState::Pending),
            invitations::created_at.eq(now),
            invitations::expires_at.eq(new.expires_at),
            invitations::inviter_id.eq(new.inviter.0),
            invitations::inviter_name.eq(new.inviter.1),
            invitations::remind_at.eq(new.remind_at),
        ))
        .returning(InvitationRow::as_returning())
        .get_result(connection))?)
}

/// Pending invitations of the account for these folded addresses.
pub fn pending_for(
    conn: &mut Conn,
    enterprise: AccountPk,
    keys: &[String],
) -> StoreResult<Vec<InvitationRow>> {
    Ok(on!(conn, connection => invitations::table
        .filter(invitations::enterprise_pk.eq(enterprise))
        .filter(is_pending())
        .filter(invitations::email_key.eq_any(keys))
        .order(invitations::pk)
        .select(InvitationRow::as_select())
        .load(connection))?)
}

/// The invitation of this account with this id.
pub fn by_id(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
) -> StoreResult<Option<InvitationRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => invitations::table
        .filter(invitations::enterprise_pk.eq(enterprise))
        .filter(invitations::id.eq(id))
        .select(InvitationRow::as_select())
        .first(connection)
        .optional())?)
}

/// Invitations after row `after`, in order of creation: all, or those that are wanted.
pub fn find(
    conn: &mut Conn,
    enterprise: AccountPk,
    wanted: Option<Wanted>,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<InvitationRow>> {
    Ok(on!(conn, connection => {
        let mut query = invitations::table
            .filter(invitations::enterprise_pk.eq(enterprise))
            .filter(invitations::pk.gt(after))
            .order(invitations::pk)
            .limit(limit)
            .select(InvitationRow::as_select())
            .into_boxed();
        if let Some(wanted) = wanted {
            query = query
                .filter(is_pending())
                .filter(invitations::expires_at.gt(wanted.now))
                .filter(invitations::mail_state.eq_any(wanted.states));
        }
        query.load(connection)
    })?)
}

/// Ends a pending invitation as `accepted` or `revoked`; the database frees its seat. Its mail does
/// not go out any more.
pub fn end(conn: &mut Conn, invitation: InvitationPk, state: InvitationState) -> StoreResult<()> {
    on!(conn, connection => diesel::update(invitations::table)
        .filter(invitations::pk.eq(invitation))
        .filter(invitations::state.eq(InvitationState::Pending))
        .set(invitations::state.eq(state))
        .execute(connection))?;
    invitation_delivery::withdraw(conn, invitation)
}

/// Invites to an organization as well, with this role.
pub fn invite_to_organization(
    conn: &mut Conn,
    invitation: InvitationPk,
    organization: OrganizationPk,
    role: TeamRole,
) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(invitation_organizations::table)
        .values((
            invitation_organizations::invitation_pk.eq(invitation),
            invitation_organizations::organization_pk.eq(organization),
            invitation_organizations::role.eq(role),
        ))
        .on_conflict((
            invitation_organizations::invitation_pk,
            invitation_organizations::organization_pk,
        ))
        .do_update()
        .set(invitation_organizations::role.eq(role))
        .execute(connection))?;
    Ok(())
}

/// Invites to a team as well.
pub fn invite_to_team(conn: &mut Conn, invitation: InvitationPk, team: TeamPk) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(invitation_teams::table)
        .values((
            invitation_teams::invitation_pk.eq(invitation),
            invitation_teams::team_pk.eq(team),
        ))
        .on_conflict_do_nothing()
        .execute(connection))?;
    Ok(())
}

/// The organizations of an invitation, with roles.
pub fn organizations(
    conn: &mut Conn,
    invitation: InvitationPk,
) -> StoreResult<Vec<(OrganizationPk, TeamRole)>> {
    Ok(on!(conn, connection => invitation_organizations::table
        .filter(invitation_organizations::invitation_pk.eq(invitation))
        .select((invitation_organizations::organization_pk, invitation_organizations::role))
        .load(connection))?)
}

/// The teams of an invitation.
pub fn teams(conn: &mut Conn, invitation: InvitationPk) -> StoreResult<Vec<TeamPk>> {
    Ok(on!(conn, connection => invitation_teams::table
        .filter(invitation_teams::invitation_pk.eq(invitation))
        .select(invitation_teams::team_pk)
        .load(connection))?)
}
