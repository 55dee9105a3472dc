//! What the link of an invitation offers, and what accepting it gives.

use schemars::JsonSchema;
use serde::Serialize;

use super::members::EffectiveAccess;
use crate::administration::invitations::Targets;
use crate::administration::invitations::acceptance::{Joined, Offer};
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{TeamRole, Timestamp};

/// What the link of an invitation offers.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitationOffer {
    /// The name of the account that the person is invited to.
    pub account_name: String,
    /// The address that the invitation was sent to, and that the new member will have.
    pub email: String,
    /// How far the invitation is; only a `pending` one can be accepted.
    pub state: InvitationState,
    /// The name of who invited, as it was then; null if that was not kept.
    pub invited_by: Option<String>,
    /// When the invitation expires, 30 days after it was last sent.
    pub expires_at: Timestamp,
    /// The organizations that the member will reach directly.
    pub organizations: Vec<OfferedPlace>,
    /// The teams that the member will join.
    pub teams: Vec<OfferedPlace>,
}

/// An organization or a team that an invitation leads to.
#[derive(Debug, JsonSchema, Serialize)]
pub struct OfferedPlace {
    /// The name of the organization or the team.
    pub name: String,
    /// The role that the member gets: in the organization, or in the organizations of the team.
    pub role: TeamRole,
}

impl OfferedPlace {
    /// Returns the organizations and the teams of an invitation.
    pub fn of(targets: Targets) -> (Vec<Self>, Vec<Self>) {
        let place = |name, role| Self { name, role };
        let organizations =
            targets.organizations.into_iter().map(|target| place(target.name, target.role));
        let teams = targets.teams.into_iter().map(|team| {
            let role = team.role();
            place(team.name, role)
        });
        (organizations.collect(), teams.collect())
    }
}

impl From<Offer> for InvitationOffer {
    fn from(offer: Offer) -> Self {
        let Offer { account, invitation, targets, .. } = offer;
        let (organizations, teams) = OfferedPlace::of(targets);
        Self {
            account_name: account,
            email: invitation.email,
            state: invitation.state,
            invited_by: invitation.inviter_name,
            expires_at: invitation.expires_at,
            organizations,
            teams,
        }
    }
}

/// The member that the person became by accepting an invitation.
#[derive(Debug, JsonSchema, Serialize)]
pub struct AcceptedInvitation {
    /// The id of the account, `ent_…`.
    pub account_id: String,
    /// The name of the account.
    pub account_name: String,
    /// The id of the new member.
    pub member_id: String,
    /// The member's address, which the person has proved by the link.
    pub email: String,
    /// The organizations that the member reaches from now on, directly or through teams.
    pub organizations: Vec<EffectiveAccess>,
}

impl From<Joined> for AcceptedInvitation {
    fn from(joined: Joined) -> Self {
        Self {
            account_id: joined.account_id,
            account_name: joined.account,
            member_id: joined.member_id,
            email: joined.email,
            organizations: joined.access.into_iter().map(EffectiveAccess::from).collect(),
        }
    }
}
