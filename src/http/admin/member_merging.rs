//! `/api/v1/members/{id}/merge/{other_id}`: two members that are one person.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Serialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::api::Api;
use super::members::{EffectiveAccess, Member, MemberState};
use super::permits::ManageMembers;
use crate::administration::member_merging::{self, Merge};
use crate::enterprise::permissions::Operation;
use crate::enterprise::person::MergedClaim;
use crate::enterprise::{MemberSource, Role, TeamRole};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/members/{id}/merge/{other_id}/preview", "members.preview-merge", preview)
        .summary("What merging two members would do: which one stays, and what it has then")
        .refuses(&[409, 422]);
    api.post("/members/{id}/merge/{other_id}", "members.merge", merge)
        .summary("Merges two members that are one person; one seat is free")
        .description(
            "The member that SCIM provisioned stays, with its id; of two manual ones the first, \
             unless only the other is active. It has the higher role, and the teams and \
             organizations of both. Two members that were both provisioned, or that two people have \
             claimed, are not merged.",
        )
        .refuses(&[409, 422]);
}

/// What merging two members would do.
#[derive(Debug, JsonSchema, Serialize)]
pub struct MergePreview {
    /// The id of the member that stays, which is also the id of its SCIM User.
    kept_id: String,
    /// The id of the member that goes.
    removed_id: String,
    /// The address of the member that stays; null if it has none.
    email: Option<String>,
    /// The user name of the member that stays.
    user_name: String,
    /// Who put the member that stays into the account.
    source: MemberSource,
    /// The role in the account: the higher of both.
    role: Role,
    /// Whether the member is active afterwards.
    state: MemberState,
    /// What becomes of the connection to the person.
    claim: MergedClaim,
    /// The addresses of the member that goes which the other one does not get.
    dropped_addresses: Vec<String>,
    /// The teams of the member afterwards.
    teams: Vec<MergedTeam>,
    /// The organizations that the member reaches afterwards.
    organizations: Vec<EffectiveAccess>,
    /// The number of seats that become free.
    freed_seats: i64,
}

/// A team that the merged member is in.
#[derive(Debug, JsonSchema, Serialize)]
struct MergedTeam {
    /// The id of the team, for the paths below `/teams`.
    team_id: String,
    /// The name of the team.
    team_name: String,
    /// The role that the member's place gives in the team's organizations: the higher of both.
    role: TeamRole,
    /// Who put the member into the team: `manual` if by hand, `scim` if only a SCIM group did.
    source: MemberSource,
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

async fn preview(
    admin: Administrator<ManageMembers>,
    path: Path<(String, String)>,
) -> Shown<MergePreview> {
    let owners = admin.may(Operation::ManageOwners);
    let plan = admin
        .read_page(move |conn, account| {
            member_merging::plan(conn, account, (&path.0, &path.1), owners)
        })
        .await?;
    Ok(Json(plan.into()))
}

async fn merge(admin: Administrator<ManageMembers>, path: Path<(String, String)>) -> Shown<Member> {
    let owners = admin.may(Operation::ManageOwners);
    admin
        .change(move |transaction, account| {
            member_merging::merge(transaction, account, (&path.0, &path.1), owners)
        })
        .await
}
