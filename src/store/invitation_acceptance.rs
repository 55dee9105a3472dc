//! Acceptance of invitations, and what they grant.

use serde_json::{Value, json};

use super::enterprises::EnterpriseRow;
use super::error::StoreResult;
use super::invitation_targets::{organizations_of, teams_of};
use super::invitations::{InvitationRow, end, pending_for};
use super::{
    Transaction, audit, organizations as organization_rows, team_members, teams as team_rows,
};
use crate::enterprise::audit::Change;
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::invitation_roles::Extent;
use crate::enterprise::{AccountPk, MemberPk, TeamRole};

/// Ends the pending invitations for these folded addresses as accepted and returns them. A trigger
/// frees their seats. [`grant_promised`] grants what they promised once there is a member. The
/// audit log is written here, because there are several ways to accept: by the link, by signing in,
/// by being provisioned, by being added by hand.
pub fn accept(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    keys: &[String],
) -> StoreResult<Vec<InvitationRow>> {
    let pending = pending_for(transaction, enterprise, keys)?;
    for invitation in &pending {
        end(transaction, invitation.pk, InvitationState::Accepted)?;
        let change = Change::changed(
            "invitation.accepted",
            invitation.target(),
            json!({"state": "pending"}),
            json!({"state": "accepted"}),
        );
        audit::record(transaction, enterprise, &change)?;
    }
    Ok(pending)
}

/// Accepts the invitations of a person who is new in the account. Also returns the account with the
/// seats that are free then. Runs no query if the account has no pending invitation.
pub fn accept_into(
    transaction: &mut Transaction<'_>,
    account: EnterpriseRow,
    keys: &[String],
) -> StoreResult<(Vec<InvitationRow>, EnterpriseRow)> {
    if account.seats_invitations == 0 {
        return Ok((Vec::new(), account));
    }
    let accepted = accept(transaction, account.pk, keys)?;
    let seats_invitations = account.seats_invitations - accepted.len() as i64;
    Ok((accepted, EnterpriseRow { seats_invitations, ..account }))
}

/// Grants a member what the invitations promised, as far as each reaches. An invitation never takes
/// anything away: an admin of an organization stays one. What is withheld is recorded in the audit
/// log.
pub fn grant_promised(
    transaction: &mut Transaction<'_>,
    accepted: &[InvitationRow],
    member: MemberPk,
    extent: impl Fn(&InvitationRow) -> Extent,
) -> StoreResult<()> {
    for invitation in accepted {
        let extent = extent(invitation);
        let organizations = into_organizations(transaction, invitation, member, extent)?;
        let teams = into_teams(transaction, invitation, member, extent)?;
        if organizations.is_empty() && teams.is_empty() {
            continue;
        }
        let withheld = json!({"organizations": organizations, "teams": teams});
        let change = Change::made("invitation.withheld", invitation.target(), withheld);
        audit::record(transaction, invitation.enterprise_pk, &change)?;
    }
    Ok(())
}

/// Returns the organizations in which the role was lowered.
fn into_organizations(
    transaction: &mut Transaction<'_>,
    invitation: &InvitationRow,
    member: MemberPk,
    extent: Extent,
) -> StoreResult<Vec<Value>> {
    let mut lowered = Vec::new();
    for target in organizations_of(transaction, &[invitation.pk])? {
        let promised = target.role;
        let given = extent.role(promised);
        if given != promised {
            let shown =
                json!({"id": target.id, "name": target.name, "role": promised, "given": given});
            lowered.push(shown);
        }
        let organization = target.organization_pk;
        let present = organization_rows::direct_role(transaction, organization, member)?;
        if present != Some(TeamRole::Admin) {
            organization_rows::put_member(transaction, organization, member, given)?;
        }
    }
    Ok(lowered)
}

/// Returns the teams that were not joined, or with a lower role.
fn into_teams(
    transaction: &mut Transaction<'_>,
    invitation: &InvitationRow,
    member: MemberPk,
    extent: Extent,
) -> StoreResult<Vec<Value>> {
    let (now, mut withheld) = (transaction.now(), Vec::new());
    for team in teams_of(transaction, &[invitation.pk])? {
        let place = extent.place(team.team_role, team.own_role);
        if place != Some(team.own_role) {
            let shown = json!({"id": team.id, "name": team.name, "role": team.role()});
            withheld.push(shown);
        }
        let Some(own) = place else { continue };
        let before = team_members::place(transaction, team.team_pk, member)?;
        let addition = team_members::Addition { member_pk: member, display: None };
        let added = team_members::add(transaction, team.team_pk, &[addition], true)?;
        if added.new > 0 {
            team_rows::count_members(transaction, &[team.team_pk], added.new, now)?;
        }
        let given = own.unwrap_or(team.team_role);
        if before.is_none_or(|before| before.role() < given) {
            team_members::set_role(transaction, team.team_pk, member, own)?;
        }
    }
    Ok(withheld)
}
