//! `/api/v1/teams/{id}/organizations`: links, and what they would change.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Serialize;

use super::administrator::{Administrator, ManageTeams, ReadAccount};
use super::api::Api;
use crate::administration::team_preview::{self, Concerned as Members};
use crate::administration::teams;
use crate::enterprise::TeamRole;
use crate::enterprise::permissions::Operation;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::Cost;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.put("/teams/{id}/organizations/{organization_id}", "teams.link", link)
        .summary("Links a team to an organization: all its members reach it")
        .needs(Operation::ManageTeams)
        .answers_nothing(204);
    api.delete("/teams/{id}/organizations/{organization_id}", "teams.unlink", unlink)
        .summary("Unlinks a team from an organization")
        .needs(Operation::ManageTeams)
        .answers_nothing(204);
    api.get("/teams/{id}/organizations/{organization_id}/preview", "teams.preview-link", preview)
        .summary("What linking a team to an organization would change; if it is linked, unlinking")
        .needs(Operation::ReadAccount)
        .answers::<Preview>(200);
}

/// Members whom a change concerns, as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Concerned {
    count: i64,
    /// User names of the first 100.
    first: Vec<String>,
}

impl From<Members> for Concerned {
    fn from(members: Members) -> Self {
        Self { count: members.count, first: members.first }
    }
}

/// What linking or unlinking would change, as shown.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "LinkPreview")]
pub struct Preview {
    /// Whether the team is linked: then this says what unlinking would change.
    linked: bool,
    /// The role that the team gives.
    role: TeamRole,
    /// Who would reach the organization and does not now.
    gaining: Concerned,
    /// Who reaches it and would have a greater role.
    rising: Concerned,
    /// Who would not reach it any more.
    losing: Concerned,
    /// Who would still reach it, with a lesser role.
    falling: Concerned,
}

/// `GET /api/v1/teams/{id}/organizations/{organization_id}/preview`.
pub async fn preview(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    path: web::Path<(String, String)>,
) -> Result<web::Json<Preview>, Problem> {
    let preview = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            team_preview::preview(conn, admin.enterprise, &path.0, &path.1)
        })
        .await?;
    Ok(web::Json(Preview {
        linked: preview.linked,
        role: preview.role,
        gaining: preview.gaining.into(),
        rising: preview.rising.into(),
        losing: preview.losing.into(),
        falling: preview.falling.into(),
    }))
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
