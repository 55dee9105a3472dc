//! `/api/v1/teams/{id}/members`.

use actix_web::web::Path;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::list::{List, Paged};
use super::permits::{ManageTeams, ReadAccount, Smaller};
use super::query::{self, Query};
use crate::administration::team_lists::{self, MembersFilter};
use crate::administration::team_members;
use crate::enterprise::{MemberSource, PlaceRole, TeamRole};
use crate::http::base::problem::Problem;
use crate::store::team_members::Membership;

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

/// A member of a team.
#[derive(Debug, JsonSchema, Serialize)]
pub struct TeamMember {
    /// The id of the member, for the paths below `/members`.
    id: String,
    /// The member's address; null if the identity provider gave none.
    email: Option<String>,
    /// The member's user name, often an address; unique in the account.
    user_name: String,
    /// The member's name for people to read; null if it is unknown.
    display_name: Option<String>,
    /// Who put the member into the team: `manual` if by hand, `scim` if only a SCIM group did.
    source: MemberSource,
    /// The role that the place gives in the organizations that the team is linked to.
    role: TeamRole,
    /// The role that was given to this place alone; null if it has the team's.
    own_role: Option<TeamRole>,
}

impl From<Membership> for TeamMember {
    fn from(membership: Membership) -> Self {
        Self {
            role: membership.role(),
            own_role: membership.own_role,
            id: membership.member_id,
            email: membership.email,
            user_name: membership.user_name,
            display_name: membership.display_name,
            source: if membership.by_hand { MemberSource::Manual } else { MemberSource::Scim },
        }
    }
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
