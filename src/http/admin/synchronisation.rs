//! `/api/v1/teams/{id}/scim-group`: linking a manual team with a SCIM group of another name.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::administrator::Administrator;
use super::api::Api;
use super::body::Body;
use super::permits::{ManageTeams, ReadAccount, Smaller};
use super::query::Query;
use super::teams::{NamedOrganization, Team};
use crate::administration::synchronisation;

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

/// What linking a team to a SCIM group would change.
#[derive(Debug, JsonSchema, Serialize)]
pub struct SynchronisationPreview {
    /// The team's name now.
    name: String,
    /// The name that the team would have: the group's.
    new_name: String,
    /// The number of members who would join the team.
    joining: i64,
    /// The user names of the first 100 who would join.
    joining_first: Vec<String>,
    /// The organizations that those who join would reach.
    organizations: Vec<NamedOrganization>,
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
    Ok(Json(SynchronisationPreview {
        name: preview.name,
        new_name: preview.new_name,
        joining: preview.joining,
        joining_first: preview.joining_first,
        organizations: preview.organizations.into_iter().map(NamedOrganization::from).collect(),
    }))
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
