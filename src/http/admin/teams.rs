//! `/api/v1/teams`.

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
use crate::administration::team_lists::{self, Filter};
use crate::administration::teams::{self, Changes, LinkedTeam};
use crate::enterprise::{TeamRole, TeamSource, Timestamp};
use crate::http::base::problem::Problem;
use crate::store::access::Organization;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/teams", "teams.list", list)
        .summary("The account's teams, in order of creation")
        .description(
            "With search, in alphabetical order of what was found: every word of the search begins a \
             word of the name. source=scim lists the groups that a manual team can be linked to with \
             teams.link-scim-group. Of several filters together, a page can hold fewer than were \
             asked for and lead on all the same.",
        )
        .refuses(&[404]);
    api.post("/teams", "teams.create", create).summary("Creates a team by hand");
    api.get("/teams/{id}", "teams.get", get).summary("A team");
    api.patch("/teams/{id}", "teams.change", change)
        .summary("Changes a team's name, description or role")
        .description(
            "The role is the same in all linked organizations. The name of a team that is a SCIM \
             group is the group's.",
        )
        .refuses(&[409]);
    api.delete("/teams/{id}", "teams.delete", delete)
        .summary("Deletes a manual team")
        .description("The access that came through it ends; its members keep their seats.")
        .refuses(&[409]);
}

/// A team of the account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Team {
    /// The id of the team, `team_…`, for the paths below `/teams`.
    pub id: String,
    /// The name of the team, unique in the account in any letter case.
    pub name: String,
    /// What the team is for; empty if nobody has described it.
    pub description: String,
    /// The role that the team gives its members in every linked organization.
    pub role: TeamRole,
    /// Who made the team, and who keeps its name and members.
    pub source: TeamSource,
    /// The id of the SCIM Group that the team is or can become; not `id` if it was linked by hand.
    pub scim_id: String,
    /// The number of members in the team.
    pub member_count: i64,
    /// The organizations that the team is linked to.
    pub organizations: Vec<NamedOrganization>,
    /// When the team was created.
    pub created_at: Timestamp,
}

impl From<LinkedTeam> for Team {
    fn from(linked: LinkedTeam) -> Self {
        let LinkedTeam { team, organizations } = linked;
        Self {
            id: team.id,
            name: team.name,
            description: team.description,
            role: team.role,
            source: team.source,
            scim_id: team.scim_id,
            member_count: team.member_count,
            organizations: organizations.into_iter().map(NamedOrganization::from).collect(),
            created_at: team.created_at,
        }
    }
}

/// An organization, by its name.
#[derive(Debug, JsonSchema, Serialize)]
pub struct NamedOrganization {
    /// The id of the organization, `org_…`, for the paths below `/organizations`.
    pub id: String,
    /// The name of the organization.
    pub name: String,
}

impl From<Organization> for NamedOrganization {
    fn from(organization: Organization) -> Self {
        Self { id: organization.id, name: organization.name }
    }
}

/// Which teams are wanted; without any field, all of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct WantedTeams {
    /// Only teams of which each word of this begins a word of the name.
    #[schemars(length(max = 255))]
    search: Option<String>,
    /// Only teams from this source.
    source: Option<TeamSource>,
    /// Only teams that are linked to the organization with this id.
    organization: Option<String>,
}

impl WantedTeams {
    /// Parses the search.
    ///
    /// # Errors
    /// Returns 400 if it is too long.
    pub fn read(self) -> Result<Filter, Problem> {
        let Self { search, source, organization } = self;
        Ok(Filter { search: query::search(search)?, source, organization })
    }
}

/// A new team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    /// The name, at most 255 characters, that no other team of the account has.
    name: String,
    /// What the team is for, at most 2000 characters; empty if left out.
    #[serde(default)]
    description: String,
    /// The role that the team gives its members in every linked organization; `member` if left out.
    role: Option<TeamRole>,
}

async fn list(
    admin: Administrator<ReadAccount>,
    Query(wanted): Query<WantedTeams>,
    paging: Paged,
) -> Shown<List<Team>> {
    let filter = wanted.read()?;
    let search = filter.search.clone();
    admin
        .listing(paging, search.as_ref(), move |conn, account, from, limit| {
            team_lists::list(conn, account, &filter, (from, limit))
        })
        .await
}

async fn create(creation: Creation<ManageTeams, NewTeam>) -> Result<Created<Team>, Problem> {
    creation
        .create(|transaction, account, new| {
            let role = new.role.unwrap_or(TeamRole::Member);
            let team = teams::create(transaction, account, &new.name, &new.description, role)?;
            Ok(LinkedTeam { team, organizations: Vec::new() })
        })
        .await
}

async fn get(admin: Administrator<ReadAccount>, id: Path<String>) -> Shown<Team> {
    admin.show(move |conn, account| teams::get(conn, account, &id)).await
}

async fn change(
    admin: Administrator<ManageTeams>,
    Body(changes): Body<Changes>,
    id: Path<String>,
) -> Shown<Team> {
    admin
        .change(move |transaction, account| teams::change(transaction, account, &id, &changes))
        .await
}

async fn delete(
    admin: Administrator<Smaller<ManageTeams>>,
    id: Path<String>,
) -> Result<NoContent, Problem> {
    admin.end(move |transaction, account| teams::delete(transaction, account, &id)).await
}
