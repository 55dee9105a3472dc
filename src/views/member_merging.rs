//! What merging two members would do.

use schemars::JsonSchema;
use serde::Serialize;

use super::members::{EffectiveAccess, MemberState};
use crate::administration::member_merging::Merge;
use crate::enterprise::person::MergedClaim;
use crate::enterprise::{MemberSource, Role, TeamRole};

/// What merging two members would do.
#[derive(Debug, JsonSchema, Serialize)]
pub struct MergePreview {
    /// The id of the member that stays, which is also the id of its SCIM User.
    pub kept_id: String,
    /// The id of the member that goes.
    pub removed_id: String,
    /// The address of the member that stays; null if it has none.
    pub email: Option<String>,
    /// The user name of the member that stays.
    pub user_name: String,
    /// Who put the member that stays into the account.
    pub source: MemberSource,
    /// The role in the account: the higher of both.
    pub role: Role,
    /// Whether the member is active afterwards.
    pub state: MemberState,
    /// What becomes of the connection to the person.
    pub claim: MergedClaim,
    /// The addresses of the member that goes which the other one does not get.
    pub dropped_addresses: Vec<String>,
    /// The teams of the member afterwards.
    pub teams: Vec<MergedTeam>,
    /// The organizations that the member reaches afterwards.
    pub organizations: Vec<EffectiveAccess>,
    /// The number of seats that become free.
    pub freed_seats: i64,
}

/// A team that the merged member is in.
#[derive(Debug, JsonSchema, Serialize)]
pub struct MergedTeam {
    /// The id of the team, for the paths below `/teams`.
    pub team_id: String,
    /// The name of the team.
    pub team_name: String,
    /// The role that the member's place gives in the team's organizations: the higher of both.
    pub role: TeamRole,
    /// Who put the member into the team: `manual` if by hand, `scim` if only a SCIM group did.
    pub source: MemberSource,
}

impl From<Merge> for MergePreview {
    fn from(merge: Merge) -> Self {
        let teams = merge.places.iter().map(|place| MergedTeam {
            team_id: place.team_id.clone(),
            team_name: place.team_name.clone(),
            role: place.role(),
            source: if place.by_hand { MemberSource::Manual } else { MemberSource::Scim },
        });
        Self {
            teams: teams.collect(),
            freed_seats: merge.freed_seats(),
            state: MemberState::of(merge.kept.active),
            source: merge.kept.source,
            kept_id: merge.kept.id,
            removed_id: merge.gone.id,
            email: merge.kept.email,
            user_name: merge.kept.user_name,
            role: merge.role,
            claim: merge.claim,
            dropped_addresses: merge.dropped_addresses,
            organizations: merge.access.into_iter().map(EffectiveAccess::from).collect(),
        }
    }
}
