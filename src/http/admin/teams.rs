//! `/api/v1/teams`.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageTeams, ReadAccount};
use super::api::Api;
use super::creation::Creation;
use super::list::{List, Paging};
use super::problem::Problem;
use crate::administration::teams::{self, LinkedTeam};
use crate::enterprise::permissions::Operation;
use crate::enterprise::{TeamRole, Timestamp};
use crate::http::Service;
use crate::store::team_members::Membership;
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
    api.get("/teams/{id}/members", "teams.members", list_members)
        .summary("A team's members")
        .needs(Operation::ReadAccount)
        .query::<Paging>()
        .answers::<List<TeamMember>>(200);
    api.post("/teams/{id}/members", "teams.add-member", add_member)
        .summary("Adds a member of the account to a team by hand")
        .needs(Operation::ManageTeams)
        .body::<NewTeamMember>()
        .idempotent()
        .answers::<TeamMember>(201);
    api.delete("/teams/{id}/members/{member_id}", "teams.remove-member", remove_member)
        .summary("Takes a member out of a team; its seat stays taken")
        .needs(Operation::ManageTeams)
        .answers_nothing(204);
    api.put("/teams/{id}/organizations/{organization_id}", "teams.link", link)
        .summary("Links a team to an organization: all its members reach it")
        .needs(Operation::ManageTeams)
        .answers_nothing(204);
    api.delete("/teams/{id}/organizations/{organization_id}", "teams.unlink", unlink)
        .summary("Unlinks a team from an organization")
        .needs(Operation::ManageTeams)
        .answers_nothing(204);
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
    paging: web::Query<Paging>,
) -> Result<web::Json<List<Team>>, Problem> {
    let (after, limit) = Paging::of(&paging)?;
    let page = service
        .store
        .read(Cost::Long, move |conn| teams::list(conn, admin.enterprise, after, limit))
        .await?;
    Ok(web::Json(List::of(page, Team::from)))
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

/// A member of a team as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct TeamMember {
    id: String,
    email: Option<String>,
    user_name: String,
    source: &'static str,
}

impl From<Membership> for TeamMember {
    fn from(membership: Membership) -> Self {
        Self {
            id: membership.member_id,
            email: membership.email,
            user_name: membership.user_name,
            source: if membership.by_hand { "manual" } else { "scim" },
        }
    }
}

/// `GET /api/v1/teams/{id}/members`.
pub async fn list_members(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    id: web::Path<String>,
    paging: web::Query<Paging>,
) -> Result<web::Json<List<TeamMember>>, Problem> {
    let (after, limit) = Paging::of(&paging)?;
    let page = service
        .store
        .read(Cost::Long, move |conn| {
            teams::list_members(conn, admin.enterprise, &id, after, limit)
        })
        .await?;
    Ok(web::Json(List::of(page, TeamMember::from)))
}

/// Who is added to a team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTeamMember {
    email: String,
}

/// `POST /api/v1/teams/{id}/members`.
pub async fn add_member(
    service: web::Data<Service>,
    creation: Creation<ManageTeams, NewTeamMember>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, new) = (creation.admin.enterprise, creation.body.clone());
    let work = move |transaction: &mut Transaction<'_>| {
        teams::add_member(transaction, enterprise, &id, &new.email).map(TeamMember::from)
    };
    creation.create(&service, work).await
}

/// `DELETE /api/v1/teams/{id}/members/{member_id}`.
pub async fn remove_member(
    service: web::Data<Service>,
    admin: Administrator<ManageTeams>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    service
        .store
        .write(admin.by(), move |transaction| {
            teams::remove_member(transaction, admin.enterprise, &path.0, &path.1)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `PUT /api/v1/teams/{id}/organizations/{organization_id}`.
pub async fn link(
    service: web::Data<Service>,
    admin: Administrator<ManageTeams>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    service
        .store
        .write(admin.by(), move |transaction| {
            teams::link(transaction, admin.enterprise, &path.0, &path.1)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `DELETE /api/v1/teams/{id}/organizations/{organization_id}`.
pub async fn unlink(
    service: web::Data<Service>,
    admin: Administrator<ManageTeams>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    service
        .store
        .write(admin.by(), move |transaction| {
            teams::unlink(transaction, admin.enterprise, &path.0, &path.1)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
