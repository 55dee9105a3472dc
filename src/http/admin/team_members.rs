//! `/api/v1/teams/{id}/members`.

use actix_web::web::Path;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::creation::Creation;
use super::list::{List, Paged};
use super::permits::{ManageTeams, ReadAccount, Smaller};
use super::query::{self, Query};
use crate::administration::team_lists::{self, MembersFilter};
use crate::administration::team_members;
use crate::enterprise::MemberSource;
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
}

impl From<Membership> for TeamMember {
    fn from(membership: Membership) -> Self {
        Self {
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
}

async fn add_member(
    creation: Creation<ManageTeams, NewTeamMember>,
    id: Path<String>,
) -> Result<Created<TeamMember>, Problem> {
    creation
        .create(move |transaction, account, new| {
            team_members::add(transaction, account, &id, &new.email)
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
