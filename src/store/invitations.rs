//! Invitations: who was invited, by whom, and to what.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde_json::json;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
pub use super::invitation_acceptance::{accept, accept_into, grant_promised};
use super::invitation_delivery::DeliveryRow;
use super::tables::{invitation_organizations, invitation_teams, invitations};
use super::{Transaction, audit, invitation_delivery};
use crate::enterprise::audit::{Change, Origin, Target};
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{
    AccountPk, InvitationPk, OrganizationPk, Role, TeamPk, TeamRole, Timestamp, address, id,
};

/// An invitation as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = invitations)]
#[allow(missing_docs)] // the columns are documented in the migrations
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
    pub declined_at: Option<Timestamp>,
    pub account_role: Option<Role>,
    #[diesel(embed)]
    pub delivery: DeliveryRow,
}

impl InvitationRow {
    /// Returns the state as people see it at this time: an overdue invitation is expired even if no
    /// job has marked it yet, and one that was revoked by who was invited is declined.
    pub fn state_at(&self, now: Timestamp) -> InvitationState {
        match self.state {
            InvitationState::Pending if self.expires_at <= now => InvitationState::Expired,
            InvitationState::Revoked if self.declined_at.is_some() => InvitationState::Declined,
            state => state,
        }
    }

    /// Returns the invitation as a target in the audit log.
    pub fn target(&self) -> Target {
        Target::new("invitation", &self.id, &self.email)
    }
}

/// The values of a new invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvitation<'a> {
    /// The address of the invited person.
    pub email: &'a str,
    /// Id and name of the member who invites.
    pub inviter: (&'a str, &'a str),
    /// When the invitation expires.
    pub expires_at: Timestamp,
    /// When a reminder is due.
    pub remind_at: Timestamp,
}

/// Expires overdue invitations. A trigger frees their seats. The cost depends on the number that is
/// due, not on the number that is pending.
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

/// Matches pending invitations. A literal, because PostgreSQL's generic plan uses the partial index
/// of pending invitations only if the statement names the state; for a parameter it would read all.
pub(super) fn is_pending() -> SqlLiteral<Bool> {
    sql("invitations.state = 'pending'")
}

/// A pending invitation that has expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub struct Overdue {
    /// The invitation's row.
    pub pk: InvitationPk,
    /// When it expired.
    pub expires_at: Timestamp,
    /// The account's row.
    pub enterprise_pk: AccountPk,
}

/// Returns overdue pending invitations of all accounts after this one, the longest overdue first.
/// The cost depends only on what is due.
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

/// Counts pending invitations that have expired but are not swept yet.
pub fn overdue(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> StoreResult<i64> {
    Ok(on!(conn, connection => invitations::table
        .filter(invitations::enterprise_pk.eq(enterprise))
        .filter(is_pending())
        .filter(invitations::expires_at.le(now))
        .count()
        .get_result(connection))?)
}

/// Inserts a pending invitation. A trigger takes its seat.
///
/// # Errors
/// Fails if no seat is free (`seats_within_total`).
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

/// Returns the account's pending invitations for these folded addresses.
pub fn pending_for(
    conn: &mut Conn,
    enterprise: AccountPk,
    keys: &[String],
) -> StoreResult<Vec<InvitationRow>> {
    // Not ordered by the database: an index of pending invitations in this order would be read as a
    // whole.
    let mut found: Vec<InvitationRow> = on!(conn, connection => invitations::table
        .filter(invitations::enterprise_pk.eq(enterprise))
        .filter(is_pending())
        .filter(invitations::email_key.eq_any(keys))
        .select(InvitationRow::as_select())
        .load(connection))?;
    found.sort_unstable_by_key(|row| row.pk);
    Ok(found)
}

/// Returns `true` if any account has a pending invitation of the address with this key.
pub fn is_invited_anywhere(conn: &mut Conn, key: &str, now: Timestamp) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        invitations::table
            .filter(is_pending())
            .filter(invitations::email_key.eq(key))
            .filter(invitations::expires_at.gt(now))
    ))
    .get_result(connection))?)
}

/// Returns the account's invitation with this id.
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

/// Returns invitations after row `after`, in order of creation.
pub fn find(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<InvitationRow>> {
    Ok(on!(conn, connection => invitations::table
        .filter(invitations::enterprise_pk.eq(enterprise))
        .filter(invitations::pk.gt(after))
        .order(invitations::pk)
        .limit(limit)
        .select(InvitationRow::as_select())
        .load(connection))?)
}

/// Ends a pending invitation as `accepted` or `revoked`. A trigger frees its seat. Its waiting mail
/// is withdrawn.
pub fn end(conn: &mut Conn, invitation: InvitationPk, state: InvitationState) -> StoreResult<()> {
    on!(conn, connection => diesel::update(invitations::table)
        .filter(invitations::pk.eq(invitation))
        .filter(invitations::state.eq(InvitationState::Pending))
        .set(invitations::state.eq(state))
        .execute(connection))?;
    invitation_delivery::withdraw(conn, invitation)
}

/// Ends a pending invitation because the invited person declined. A trigger frees its seat. Its
/// waiting mail is withdrawn.
pub fn decline(conn: &mut Conn, invitation: InvitationPk, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(invitations::table)
        .filter(invitations::pk.eq(invitation))
        .filter(invitations::state.eq(InvitationState::Pending))
        .set((
            invitations::state.eq(InvitationState::Revoked),
            invitations::declined_at.eq(now),
        ))
        .execute(connection))?;
    invitation_delivery::withdraw(conn, invitation)
}

/// Makes an invitation one that gives this role in the account.
pub fn set_account_role(conn: &mut Conn, invitation: InvitationPk, role: Role) -> StoreResult<()> {
    on!(conn, connection => diesel::update(invitations::table)
        .filter(invitations::pk.eq(invitation))
        .set(invitations::account_role.eq(role))
        .execute(connection))?;
    Ok(())
}

/// Adds an organization, with this role, to an invitation.
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

/// Adds a team to an invitation, with a role of the place's own or with the team's.
pub fn invite_to_team(
    conn: &mut Conn,
    invitation: InvitationPk,
    team: TeamPk,
    own: Option<TeamRole>,
) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(invitation_teams::table)
        .values((
            invitation_teams::invitation_pk.eq(invitation),
            invitation_teams::team_pk.eq(team),
            invitation_teams::role.eq(own),
        ))
        .on_conflict((invitation_teams::invitation_pk, invitation_teams::team_pk))
        .do_update()
        .set(invitation_teams::role.eq(own))
        .execute(connection))?;
    Ok(())
}

/// Returns the organizations of an invitation, with the roles in them.
pub fn organizations(
    conn: &mut Conn,
    invitation: InvitationPk,
) -> StoreResult<Vec<(OrganizationPk, TeamRole)>> {
    Ok(on!(conn, connection => invitation_organizations::table
        .filter(invitation_organizations::invitation_pk.eq(invitation))
        .select((invitation_organizations::organization_pk, invitation_organizations::role))
        .load(connection))?)
}

/// Returns the teams of an invitation.
pub fn teams(conn: &mut Conn, invitation: InvitationPk) -> StoreResult<Vec<TeamPk>> {
    Ok(on!(conn, connection => invitation_teams::table
        .filter(invitation_teams::invitation_pk.eq(invitation))
        .select(invitation_teams::team_pk)
        .load(connection))?)
}
