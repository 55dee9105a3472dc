//! Manual changes to the members of teams (docs/domain.md §3, §4).

use serde_json::json;

use super::error::checked_address;
use super::{AdministrationError, members, teams};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::{AccountPk, PlaceRole, TeamRole, address};
use crate::store::members::MemberRow;
use crate::store::team_members::{self, Addition, Membership};
use crate::store::teams::{self as stored, TeamRow};
use crate::store::{Conn, Transaction, audit};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Adds a member of the account to a team manually. A role other than [`PlaceRole::Team`] is the
/// place's own, also if the member is in the team already.
///
/// # Errors
/// Fails if the team or the member does not exist.
pub fn add(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    email: &str,
    role: PlaceRole,
) -> Result<Membership> {
    let email = checked_address("email", email)?;
    let email = email.as_str();
    let team = teams::require(transaction, enterprise, id)?;
    let member =
        crate::store::claims::known_by(transaction, enterprise, &address::key(email))?.ok_or_else(
            || AdministrationError::NotFound { kind: "The member", id: email.to_owned() },
        )?;
    let addition = Addition { member_pk: member.pk, display: None };
    let added = team_members::add(transaction, team.pk, &[addition], true)?;
    if added.new > 0 {
        let now = transaction.now();
        stored::count_members(transaction, &[team.pk], added.new, now)?;
    }
    if added.new + added.joined > 0 {
        let change = Change::made("team.member-added", target(&team), named(&member));
        audit::record(transaction, enterprise, &change)?;
    }
    if role != PlaceRole::Team {
        put_role(transaction, &team, &member, role)?;
    }
    let place = require_place(transaction, &team, &member)?;
    Ok(Membership { email: Some(email.to_owned()), ..place })
}

/// Changes the role of a member's place in a team: to one of its own, or back to the team's.
///
/// # Errors
/// Fails if the team does not exist, or the member is not in it.
pub fn set_role(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    member_id: &str,
    role: PlaceRole,
) -> Result<Membership> {
    let team = teams::require(transaction, enterprise, id)?;
    let member = members::require(transaction, enterprise, member_id)?;
    put_role(transaction, &team, &member, role)?;
    require_place(transaction, &team, &member)
}

fn put_role(
    transaction: &mut Transaction<'_>,
    team: &TeamRow,
    member: &MemberRow,
    role: PlaceRole,
) -> Result<()> {
    let before = require_place(transaction, team, member)?.role();
    let own = team.role.own(role);
    team_members::set_role(transaction, team.pk, member.pk, own)?;
    let after = team.role.in_place(own);
    if before == after {
        return Ok(());
    }
    let shown = |role: TeamRole| json!({"member": member.id, "role": role});
    // `Change::changed` would drop the member, which is the same before and after.
    let change = Change {
        action: "team.member-changed",
        target: target(team),
        before: shown(before),
        after: shown(after),
    };
    Ok(audit::record(transaction, member.enterprise_pk, &change)?)
}

fn require_place(conn: &mut Conn, team: &TeamRow, member: &MemberRow) -> Result<Membership> {
    team_members::place(conn, team.pk, member.pk)?.ok_or_else(|| not_in_team(&member.id))
}

fn not_in_team(member_id: &str) -> AdministrationError {
    AdministrationError::NotFound { kind: "In this team the member", id: member_id.to_owned() }
}

/// Removes a member from a team, also if SCIM put it there. The member keeps its seat
/// (docs/domain.md §4).
///
/// # Errors
/// Fails if the team does not exist, or the member is not in it.
pub fn remove(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    member_id: &str,
) -> Result<()> {
    let team = teams::require(transaction, enterprise, id)?;
    let member = members::require(transaction, enterprise, member_id)?;
    if team_members::remove(transaction, team.pk, &[member.pk])? == 0 {
        return Err(not_in_team(member_id));
    }
    let now = transaction.now();
    stored::count_members(transaction, &[team.pk], -1, now)?;
    let change = Change::ended("team.member-removed", target(&team), named(&member));
    Ok(audit::record(transaction, enterprise, &change)?)
}

fn target(team: &TeamRow) -> Target {
    teams::target(team)
}

fn named(member: &MemberRow) -> serde_json::Value {
    json!({"member": member.id, "user_name": member.user_name})
}
