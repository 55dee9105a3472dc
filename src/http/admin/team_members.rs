//! `/api/v1/teams/{id}/members`.

use actix_web::web::Path;
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::list::Paged;
use super::permits::{ManageTeams, ReadAccount, Smaller};
use super::query::{self, Query};
use crate::administration::team_lists::{self, MembersFilter};
use crate::administration::team_members;
use crate::enterprise::{MemberSource, PlaceRole};
use crate::http::base::problem::Problem;
use crate::views::list::List;
use crate::views::team_members::TeamMember;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/teams/{id}/members", "teams.list-members", list_members)
        .formerly("members")
        .summary("A team's members")
        .description(
            "With search, in alphabetical order of what was found. Of several filters together, a \
             page can hold fewer than were asked for and lead on all the same.",
        );
    api.post("/teams/{id}/members", "teams.add-member", add_member)
        .summary("Adds a member of the account to a team by hand");
    api.patch("/teams/{id}/members/{member_id}", "teams.change-member", change_member)
        .summary("Gives a member's place in a team a role of its own, or the team's again")
        .description(
            "The place gives this role in every organization that the team is linked to. If the \
             member reaches an organization in other ways, too, the highest role counts. SCIM does \
             not change it.",
        );
    api.delete("/teams/{id}/members/{member_id}", "teams.remove-member", remove_member)
        .summary("Takes a member out of a team; its seat stays taken");
}

/// Which members of a team are wanted; without any field, all of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct WantedTeamMembers {
    /// Only members of whom each word begins a word of the name, the user name or an address.
    #[schemars(length(max = 255))]
    search: Option<String>,
    /// `manual` for those whom an administrator has added, `scim` for those whom only SCIM has.
    source: Option<MemberSource>,
}

async fn list_members(
    admin: Administrator<ReadAccount>,
    Query(wanted): Query<WantedTeamMembers>,
    paging: Paged,
    id: Path<String>,
) -> Shown<List<TeamMember>> {
    let filter = MembersFilter { search: query::search(wanted.search)?, source: wanted.source };
    let search = filter.search.clone();
    admin
        .listing(paging, search.as_ref(), move |conn, account, from, limit| {
            team_lists::members(conn, account, &id, &filter, (from, limit))
        })
        .await
}

/// A new member of a team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTeamMember {
    /// An address of the member, who has to be in the account already.
    email: String,
    /// The role of the place in the team; `team`, the team's own role, if left out.
    role: Option<PlaceRole>,
}

async fn add_member(
    creation: Creation<ManageTeams, NewTeamMember>,
    id: Path<String>,
) -> Result<Created<TeamMember>, Problem> {
    creation
        .create(move |transaction, account, new| {
            let role = new.role.unwrap_or(PlaceRole::Team);
            team_members::add(transaction, account, &id, &new.email, role)
        })
        .await
}

/// Changes to a member's place in a team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamMemberChanges {
    /// The role of the place: `admin` or `member` for one of its own, `team` for the team's.
    role: PlaceRole,
}

async fn change_member(
    admin: Administrator<ManageTeams>,
    Body(changes): Body<TeamMemberChanges>,
    path: Path<(String, String)>,
) -> Shown<TeamMember> {
    admin
        .change(move |transaction, account| {
            team_members::set_role(transaction, account, &path.0, &path.1, changes.role)
        })
        .await
}

async fn remove_member(
    admin: Administrator<Smaller<ManageTeams>>,
    path: Path<(String, String)>,
) -> Result<NoContent, Problem> {
    admin
        .end(move |transaction, account| {
            team_members::remove(transaction, account, &path.0, &path.1)
        })
        .await
}
