//! `/api/v1/teams/{id}/scim-group`: linking a manual team with a SCIM group of another name.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::api::Api;
use super::body::Body;
use super::permits::{ManageTeams, ReadAccount, Smaller};
use super::query::Query;
use crate::administration::synchronisation;
use crate::views::synchronisation::SynchronisationPreview;
use crate::views::teams::Team;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    let path = "/teams/{id}/scim-group";
    api.get(path, "teams.preview-scim-group", preview)
        .summary("What linking a team to a SCIM group would change")
        .refuses(&[409]);
    api.put(path, "teams.link-scim-group", link)
        .summary("Makes a manual team and a SCIM group of another name one")
        .refuses(&[409]);
    api.delete(path, "teams.unlink-scim-group", unlink)
        .summary("Makes two of them again")
        .refuses(&[409]);
}

/// The SCIM group to link a team to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScimGroupLink {
    /// The SCIM id of the group, which is the `scim_id` of the team that SCIM made of it.
    group_id: String,
}

async fn preview(
    admin: Administrator<ReadAccount>,
    Query(group): Query<ScimGroupLink>,
    id: Path<String>,
) -> Shown<SynchronisationPreview> {
    let preview = admin
        .read_page(move |conn, account| {
            synchronisation::preview(conn, account, &id, &group.group_id)
        })
        .await?;
    Ok(Json(preview.into()))
}

async fn link(
    admin: Administrator<ManageTeams>,
    Body(group): Body<ScimGroupLink>,
    id: Path<String>,
) -> Shown<Team> {
    admin
        .change(move |transaction, account| {
            synchronisation::link(transaction, account, &id, &group.group_id)
        })
        .await
}

async fn unlink(admin: Administrator<Smaller<ManageTeams>>, id: Path<String>) -> Shown<Team> {
    admin
        .change(move |transaction, account| synchronisation::unlink(transaction, account, &id))
        .await
}
