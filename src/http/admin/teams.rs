//! `/api/v1/teams`.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageTeams, ReadAccount};
use super::body::Body;
use super::list::{List, Paging};
use super::problem::Problem;
use crate::administration::teams::{self, LinkedTeam};
use crate::enterprise::{TeamRole, Timestamp};
use crate::http::Service;
use crate::store::Cost;
use crate::store::team_members::Membership;

/// A team as shown.
#[derive(Debug, Serialize)]
pub struct Team {
    id: String,
    name: String,
    description: String,
    role: String,
    source: String,
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
            member_count: team.member_count,
            organizations,
            created_at: Timestamp(team.created_at).to_rfc3339(),
        }
    }
}

/// What is said of a new team.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    name: String,
    #[serde(default)]
    description: String,
    role: Option<String>,
}

/// A team role, `member` where nothing is said.
pub fn team_role(role: Option<&str>) -> Result<TeamRole, Problem> {
    match role {
        None => Ok(TeamRole::Member),
        Some(role) => role.parse().map_err(|error| Problem::bad_request(format!("role: {error}."))),
    }
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
    admin: Administrator<ManageTeams>,
    Body(new): Body<NewTeam>,
) -> Result<HttpResponse, Problem> {
    let role = team_role(new.role.as_deref())?;
    let team = service
        .store
        .write(admin.scope(), move |transaction| {
            teams::create(transaction, admin.enterprise, &new.name, &new.description, role)
        })
        .await?;
    let linked = LinkedTeam { team, organizations: Vec::new() };
    Ok(HttpResponse::Created().json(Team::from(linked)))
}

/// A member of a team as shown.
#[derive(Debug, Serialize)]
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
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTeamMember {
    email: String,
}

/// `POST /api/v1/teams/{id}/members`.
pub async fn add_member(
    service: web::Data<Service>,
    admin: Administrator<ManageTeams>,
    id: web::Path<String>,
    Body(new): Body<NewTeamMember>,
) -> Result<HttpResponse, Problem> {
    let membership = service
        .store
        .write(admin.scope(), move |transaction| {
            teams::add_member(transaction, admin.enterprise, &id, &new.email)
        })
        .await?;
    Ok(HttpResponse::Created().json(TeamMember::from(membership)))
}

/// `DELETE /api/v1/teams/{id}/members/{member_id}`.
pub async fn remove_member(
    service: web::Data<Service>,
    admin: Administrator<ManageTeams>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    service
        .store
        .write(admin.scope(), move |transaction| {
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
        .write(admin.scope(), move |transaction| {
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
        .write(admin.scope(), move |transaction| {
            teams::unlink(transaction, admin.enterprise, &path.0, &path.1)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
