//! `/api/v1/teams/{id}/members`.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageTeams, ReadAccount};
use super::api::Api;
use super::creation::Creation;
use super::list::{List, Paged, Paging};
use crate::administration::team_members;
use crate::enterprise::permissions::Operation;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::team_members::Membership;
use crate::store::{Cost, Transaction};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
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
    paging: Paged,
) -> Result<web::Json<List<TeamMember>>, Problem> {
    let (after, limit) = paging.range()?;
    let page = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            team_members::list(conn, admin.enterprise, &id, after, limit)
        })
        .await?;
    Ok(web::Json(paging.list(page, TeamMember::from)))
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
        team_members::add(transaction, enterprise, &id, &new.email).map(TeamMember::from)
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
            team_members::remove(transaction, admin.enterprise, &path.0, &path.1)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
