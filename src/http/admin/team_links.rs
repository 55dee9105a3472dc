//! `/api/v1/teams/{id}/organizations`: links, and what they would change.

use actix_web::web::{Json, Path};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::NoContent;
use super::api::Api;
use super::permits::{ManageTeams, ReadAccount, Smaller};
use crate::administration::team_preview::{self, Preview};
use crate::administration::teams;
use crate::http::base::problem::Problem;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.put("/teams/{id}/organizations/{organization_id}", "teams.link", link)
        .summary("Links a team to an organization: all its members reach it");
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

async fn unlink(
    admin: Administrator<Smaller<ManageTeams>>,
    path: Path<(String, String)>,
) -> Result<NoContent, Problem> {
    admin
        .end(move |transaction, account| teams::unlink(transaction, account, &path.0, &path.1))
        .await
}
