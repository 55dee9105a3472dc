//! Invitations, with what they lead to.

use schemars::JsonSchema;
use serde::Serialize;

use super::invitation_delivery::MailDelivery;
use crate::administration::invitations::Listed;
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{Role, TeamRole, Timestamp};
use crate::store::invitations::InvitationRow;

/// An invitation to the account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Invitation {
    /// The id of the invitation, `uinv_…`, for the paths below `/invitations`.
    pub id: String,
    /// The address that is invited.
    pub email: String,
    /// The role in the account that the invited person gets; null for `member`.
    pub account_role: Option<Role>,
    /// How far the invitation is; while it is `pending` it holds a seat.
    pub state: InvitationState,
    /// When the address was first invited.
    pub created_at: Timestamp,
    /// When the invitation expires and its seat is free: 30 days after it was last sent.
    pub expires_at: Timestamp,
    /// What has become of the newest mail; null if that is not known, or the mail was taken back.
    pub delivery: Option<MailDelivery>,
}

impl Invitation {
    /// Makes the answer as of this time.
    pub fn at(row: InvitationRow, now: Timestamp) -> Self {
        let (state, delivery) = (row.state_at(now), row.delivery.read());
        Self {
            id: row.id,
            email: row.email,
            account_role: row.account_role,
            state,
            created_at: row.created_at,
            expires_at: row.expires_at,
            delivery: delivery.map(MailDelivery::from),
        }
    }
}

/// An organization that an invitation leads to.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitedOrganization {
    /// The id of the organization, for the paths below `/organizations`.
    pub organization_id: String,
    /// The name of the organization.
    pub organization_name: String,
    /// The role that the member will have by direct access to the organization.
    pub role: TeamRole,
}

/// A team that an invitation leads to.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitedTeam {
    /// The id of the team, for the paths below `/teams`.
    pub team_id: String,
    /// The name of the team.
    pub team_name: String,
    /// The role that the place in the team will give in the team's organizations.
    pub role: TeamRole,
}

/// An invitation with the organizations and teams that it leads to.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ListedInvitation {
    /// The invitation.
    #[serde(flatten)]
    pub invitation: Invitation,
    /// The name of who invited, as it was then; null if that was not kept.
    pub invited_by: Option<String>,
    /// The organizations that the member will reach directly.
    pub organizations: Vec<InvitedOrganization>,
    /// The teams that the member will join.
    pub teams: Vec<InvitedTeam>,
    /// What to do about a mail that does not arrive, as a sentence; null if there is nothing to do.
    pub advice: Option<&'static str>,
}

impl ListedInvitation {
    /// Makes the answer as of this time.
    pub fn at(listed: Listed, now: Timestamp) -> Self {
        let Listed { invitation, targets } = listed;
        let organizations = targets.organizations.into_iter().map(|target| InvitedOrganization {
            organization_id: target.id,
            organization_name: target.name,
            role: target.role,
        });
        let teams = targets.teams.into_iter().map(|team| InvitedTeam {
            role: team.role(),
            team_id: team.id,
            team_name: team.name,
        });
        let delivery = invitation.delivery.read();
        let invited_by = invitation.inviter_name.clone();
        let invitation = Invitation::at(invitation, now);
        let open = delivery.filter(|_| invitation.state == InvitationState::Pending);
        Self {
            advice: open.and_then(|mail| mail.advice(now)),
            invited_by,
            invitation,
            organizations: organizations.collect(),
            teams: teams.collect(),
        }
    }
}
