//! `/api/v1/teams`.

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
use crate::administration::team_lists::{self, Filter};
use crate::administration::teams::{self, Changes, LinkedTeam};
use crate::enterprise::{TeamRole, TeamSource};
use crate::http::base::problem::Problem;
use crate::views::list::List;
use crate::views::teams::Team;

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
    fn read(self) -> Result<Filter, Problem> {
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
