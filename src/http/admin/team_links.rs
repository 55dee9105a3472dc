//! `/api/v1/teams/{id}/organizations`: links, and what they would change.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::NoContent;
use super::api::Api;
use super::body::Body;
use super::permits::{ManageTeams, ReadAccount, Smaller};
use crate::administration::team_preview::{self, LinksPreview, Preview};
use crate::administration::teams;
use crate::http::base::problem::Problem;
use crate::views::teams::Team;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    // Must come before the path with an id in this place.
    api.post("/teams/{id}/organizations/preview", "teams.preview-links", preview_several)
        .summary("What linking a team to several organizations would change; changes nothing")
        .refuses(&[422]);
    api.put("/teams/{id}/organizations/{organization_id}", "teams.link", link)
        .summary("Links a team to an organization: all its members reach it");
    api.post("/teams/{id}/organizations", "teams.link-several", link_several)
        .summary("Links a team to several organizations, all or none")
        .refuses(&[422]);
    api.delete("/teams/{id}/organizations/{organization_id}", "teams.unlink", unlink)
        .summary("Unlinks a team from an organization");
    api.get("/teams/{id}/organizations/{organization_id}/preview", "teams.preview-link", preview)
        .summary("What linking a team to an organization would change; if it is linked, unlinking");
}

async fn preview(
    admin: Administrator<ReadAccount>,
    path: Path<(String, String)>,
) -> Shown<Preview> {
    let preview = admin
        .read_page(move |conn, account| team_preview::preview(conn, account, &path.0, &path.1));
    Ok(Json(preview.await?))
}

async fn link(
    admin: Administrator<ManageTeams>,
    path: Path<(String, String)>,
) -> Result<NoContent, Problem> {
    admin.end(move |transaction, account| teams::link(transaction, account, &path.0, &path.1)).await
}

/// Organizations to link a team to.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganizationsToLink {
    /// The ids of the organizations, at most 500.
    organization_ids: Vec<String>,
}

async fn link_several(
    admin: Administrator<ManageTeams>,
    Body(chosen): Body<OrganizationsToLink>,
    id: Path<String>,
) -> Shown<Team> {
    admin
        .change(move |transaction, account| {
            teams::link_several(transaction, account, &id, &chosen.organization_ids)
        })
        .await
}

async fn preview_several(
    admin: Administrator<ReadAccount>,
    Body(chosen): Body<OrganizationsToLink>,
    id: Path<String>,
) -> Shown<LinksPreview> {
    let preview = admin.read_page(move |conn, account| {
        team_preview::preview_several(conn, account, &id, &chosen.organization_ids)
    });
    Ok(Json(preview.await?))
}

async fn unlink(
    admin: Administrator<Smaller<ManageTeams>>,
    path: Path<(String, String)>,
) -> Result<NoContent, Problem> {
    admin
        .end(move |transaction, account| teams::unlink(transaction, account, &path.0, &path.1))
        .await
}
