//! The invitations to a person.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::invitations::acceptance::Offer;
use crate::enterprise::Timestamp;
use crate::views::acceptance::OfferedPlace;

/// A pending invitation to you.
#[derive(Debug, JsonSchema, Serialize)]
pub struct MyInvitation {
    /// The id of the invitation, `uinv_…`, for the paths below `/me/invitations`.
    pub id: String,
    /// The name of the account that invites you.
    pub account_name: String,
    /// The address of yours that is invited, and that the new member will have.
    pub email: String,
    /// The name of who invited, as it was then; null if that was not kept.
    pub invited_by: Option<String>,
    /// When the invitation expires, 30 days after it was last sent.
    pub expires_at: Timestamp,
    /// The organizations that the member will reach directly.
    pub organizations: Vec<OfferedPlace>,
    /// The teams that the member will join.
    pub teams: Vec<OfferedPlace>,
}

impl From<Offer> for MyInvitation {
    fn from(offer: Offer) -> Self {
        let Offer { account, invitation, targets, .. } = offer;
        let (organizations, teams) = OfferedPlace::of(targets);
        Self {
            id: invitation.id,
            account_name: account,
            email: invitation.email,
            invited_by: invitation.inviter_name,
            expires_at: invitation.expires_at,
            organizations,
            teams,
        }
    }
}
