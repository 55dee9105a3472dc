//! The targets of invitations, and which of them invite control allows.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{InvitationError, Result};
use crate::administration::invite_control;
use crate::enterprise::invite_control::{Controls, Subject, Violation};
use crate::enterprise::{AccountPk, InvitationPk};
use crate::store::invitation_targets::{self, InvitedOrganization, InvitedTeam};
use crate::store::invitations::InvitationRow;
use crate::store::{Conn, StoreResult};

/// The organizations and teams that an invitation leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    /// The organizations that it invites to directly.
    pub organizations: Vec<InvitedOrganization>,
    /// The teams that it invites to.
    pub teams: Vec<InvitedTeam>,
}

impl Targets {
    /// Returns `true` if there is neither an organization nor a team.
    pub fn is_empty(&self) -> bool {
        self.organizations.is_empty() && self.teams.is_empty()
    }

    /// Leaves only what an organization's admin may see: the organization.
    pub(super) fn only(&mut self, organization: &str) {
        self.organizations.retain(|target| target.id == organization);
        self.teams.clear();
    }

    /// Returns the targets as the audit log shows them.
    pub fn shown(&self) -> Value {
        let organizations: Vec<Value> = self
            .organizations
            .iter()
            .map(|target| json!({"id": target.id, "name": target.name, "role": target.role}))
            .collect();
        let teams: Vec<Value> = self.teams.iter().map(shown_team).collect();
        json!({"organizations": organizations, "teams": teams})
    }
}

fn shown_team(team: &InvitedTeam) -> Value {
    json!({"id": team.id, "name": team.name, "role": team.role()})
}

/// Returns the targets of one invitation.
pub(super) fn of(conn: &mut Conn, invitation: InvitationPk) -> StoreResult<Targets> {
    Ok(of_invitations(conn, &[invitation])?.remove(&invitation).unwrap_or_default())
}

/// Returns the targets of each of these invitations.
pub(super) fn of_invitations(
    conn: &mut Conn,
    pks: &[InvitationPk],
) -> StoreResult<HashMap<InvitationPk, Targets>> {
    let mut all: HashMap<InvitationPk, Targets> = HashMap::new();
    for organization in invitation_targets::organizations_of(conn, pks)? {
        all.entry(organization.invitation_pk).or_default().organizations.push(organization);
    }
    for team in invitation_targets::teams_of(conn, pks)? {
        all.entry(team.invitation_pk).or_default().teams.push(team);
    }
    Ok(all)
}

/// The targets of an invitation, and those that invite control allows now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    /// All targets.
    pub all: Targets,
    /// The targets that are allowed.
    pub allowed: Targets,
}

/// Returns which targets of an invitation invite control allows now. Rules that became stricter
/// apply to invitations that are not accepted yet; an invitation with several targets keeps those
/// that are allowed.
///
/// # Errors
/// Fails with [`InvitationError::NotAllowed`] if none of the targets is allowed.
pub(super) fn allowed(
    conn: &mut Conn,
    enterprise: AccountPk,
    invitation: &InvitationRow,
) -> Result<Allowed> {
    let controls = invite_control::load(conn, enterprise)?;
    let all = of(conn, invitation.pk)?;
    let mut refusal: Option<Violation> = None;
    let mut permits = |reach: &[String]| {
        let found = check(&controls, &invitation.email, reach);
        let complies = found.is_none();
        refusal = refusal.take().or(found);
        complies
    };
    let mut allowed = Targets::default();
    for organization in &all.organizations {
        if permits(std::slice::from_ref(&organization.id)) {
            allowed.organizations.push(organization.clone());
        }
    }
    for team in &all.teams {
        if permits(&invite_control::reach_of_team(conn, team.team_pk)?) {
            allowed.teams.push(team.clone());
        }
    }
    // An invitation whose targets were all deleted still leads into the account.
    let is_into_account = all.is_empty() || invitation.account_role.is_some();
    let permitted = if is_into_account { permits(&[]) } else { !allowed.is_empty() };
    match refusal {
        Some(violation) if !permitted => {
            Err(InvitationError::NotAllowed { email: invitation.email.clone(), violation }.into())
        }
        _ => Ok(Allowed { all, allowed }),
    }
}

/// Returns the first rule that does not allow an address to access these organizations.
pub(super) fn check(controls: &Controls, email: &str, reach: &[String]) -> Option<Violation> {
    let reach = reach.iter().map(String::as_str);
    controls.violations(Subject::Invited, email, reach).into_iter().next()
}
