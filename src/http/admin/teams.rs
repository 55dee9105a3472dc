//! `/api/v1/teams`.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageTeams, ReadAccount};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::list::{List, Paged, Paging};
use crate::administration::teams::{self, Changes, LinkedTeam};
use crate::enterprise::permissions::Operation;
use crate::enterprise::{TeamRole, Timestamp};
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::{Cost, Transaction};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/teams", "teams.list", list)
        .summary("The account's teams, in order of creation")
        .needs(Operation::ReadAccount)
        .query::<Paging>()
        .answers::<List<Team>>(200);
    api.post("/teams", "teams.create", create)
        .summary("Creates a team by hand")
        .needs(Operation::ManageTeams)
        .body::<NewTeam>()
        .idempotent()
        .answers::<Team>(201);
    api.get("/teams/{id}", "teams.get", get)
        .summary("A team")
        .needs(Operation::ReadAccount)
        .answers::<Team>(200);
    api.patch("/teams/{id}", "teams.change", change)
        .summary("Changes a team's name, description or role")
        .description(
            "The role is the same in all linked organizations. The name of a team that is a SCIM \
             group is the group's.",
        )
        .needs(Operation::ManageTeams)
        .body::<TeamChanges>()
        .answers::<Team>(200)
        .refuses(&[409]);
    api.delete("/teams/{id}", "teams.delete", delete)
        .summary("Deletes a manual team")
        .description("The access that came through it ends; its members keep their seats.")
        .needs(Operation::ManageTeams)
        .answers_nothing(204)
        .refuses(&[409]);
}

/// A team as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Team {
    id: String,
    name: String,
    description: String,
    role: String,
    source: String,
    /// The SCIM Group that the team is or can become.
    scim_id: String,
    member_count: i64,
    organizations: Vec<String>,
    created_at: String,
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
            organizations,
            created_at: Timestamp(team.created_at).to_rfc3339(),
        }
    }
}

/// What is said of a new team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    name: String,
    #[serde(default)]
    description: String,
    /// `member` if not given.
    role: Option<TeamRole>,
}

/// `GET /api/v1/teams`.
pub async fn list(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    paging: Paged,
) -> Result<web::Json<List<Team>>, Problem> {
    let (after, limit) = paging.range()?;
    let page = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            teams::list(conn, admin.enterprise, after, limit)
        })
        .await?;
    Ok(web::Json(paging.list(page, Team::from)))
}

/// `POST /api/v1/teams`.
pub async fn create(
    service: web::Data<Service>,
    creation: Creation<ManageTeams, NewTeam>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, new) = (creation.admin.enterprise, creation.body.clone());
    let role = new.role.unwrap_or(TeamRole::Member);
    let work = move |transaction: &mut Transaction<'_>| {
        let team = teams::create(transaction, enterprise, &new.name, &new.description, role)?;
        Ok(Team::from(LinkedTeam { team, organizations: Vec::new() }))
    };
    creation.create(&service, work).await
}

/// `GET /api/v1/teams/{id}`.
pub async fn get(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    id: web::Path<String>,
) -> Result<web::Json<Team>, Problem> {
    let team = service
        .store
        .read(Cost::Point, move |conn| teams::get(conn, admin.enterprise, &id))
        .await?;
    Ok(web::Json(team.into()))
}

/// What is to be different; what is not given stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamChanges {
    name: Option<String>,
    description: Option<String>,
    role: Option<TeamRole>,
}

/// `PATCH /api/v1/teams/{id}`.
pub async fn change(
    service: web::Data<Service>,
    InOrder(admin, Body(changes)): InOrder<Administrator<ManageTeams>, Body<TeamChanges>>,
    id: web::Path<String>,
) -> Result<web::Json<Team>, Problem> {
    let TeamChanges { name, description, role } = changes;
    let changes = Changes { name, description, role };
    let team = service
        .store
        .write(admin.by(), move |transaction| {
            teams::change(transaction, admin.enterprise, &id, &changes)
        })
        .await?;
    Ok(web::Json(team.into()))
}

/// `DELETE /api/v1/teams/{id}`.
pub async fn delete(
    service: web::Data<Service>,
    admin: Administrator<ManageTeams>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    service
        .store
        .write(admin.by(), move |transaction| teams::delete(transaction, admin.enterprise, &id))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
