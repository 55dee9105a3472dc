//! `/api/v1/teams/{id}/scim-group`: linking a manual team to a SCIM group of another name.

use actix_web::web;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageTeams, ReadAccount};
use super::api::Api;
use super::body::Body;
use super::query::Query;
use super::teams::Team;
use crate::administration::synchronisation;
use crate::enterprise::permissions::Operation;
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::Cost;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    let path = "/teams/{id}/scim-group";
    api.get(path, "teams.preview-scim-group", preview)
        .summary("What linking a team to a SCIM group would change")
        .needs(Operation::ReadAccount)
        .query::<Group>()
        .answers::<Preview>(200)
        .refuses(&[409]);
    api.put(path, "teams.link-scim-group", link)
        .summary("Makes a manual team and a SCIM group of another name one")
        .needs(Operation::ManageTeams)
        .body::<Group>()
        .answers::<Team>(200)
        .refuses(&[409]);
    api.delete(path, "teams.unlink-scim-group", unlink)
        .summary("Makes two of them again")
        .needs(Operation::ManageTeams)
        .answers::<Team>(200)
        .refuses(&[409]);
}

/// The group to link to, by its SCIM id.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    group_id: String,
}

/// What linking would change, as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Preview {
    name: String,
    new_name: String,
    joining: i64,
    joining_first: Vec<String>,
    organizations: Vec<String>,
}

/// `GET /api/v1/teams/{id}/scim-group?group_id=…`: what linking would change.
pub async fn preview(
    service: web::Data<Service>,
    InOrder(admin, Query(group)): InOrder<Administrator<ReadAccount>, Query<Group>>,
    id: web::Path<String>,
) -> Result<web::Json<Preview>, Problem> {
    let preview = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            synchronisation::preview(conn, admin.enterprise, &id, &group.group_id)
        })
        .await?;
    Ok(web::Json(Preview {
        name: preview.name,
        new_name: preview.new_name,
        joining: preview.joining,
        joining_first: preview.joining_first,
        organizations: preview.organizations,
    }))
}

/// `PUT /api/v1/teams/{id}/scim-group`: the team and the group become one.
pub async fn link(
    service: web::Data<Service>,
    InOrder(admin, Body(group)): InOrder<Administrator<ManageTeams>, Body<Group>>,
    id: web::Path<String>,
) -> Result<web::Json<Team>, Problem> {
    let team = service
        .store
        .write(admin.by(), move |transaction| {
            synchronisation::link(transaction, admin.enterprise, &id, &group.group_id)
        })
        .await?;
    Ok(web::Json(team.into()))
}

/// `DELETE /api/v1/teams/{id}/scim-group`: they become two again.
pub async fn unlink(
    service: web::Data<Service>,
    admin: Administrator<ManageTeams>,
    id: web::Path<String>,
) -> Result<web::Json<Team>, Problem> {
    let team = service
        .store
        .write(admin.by(), move |transaction| {
            synchronisation::unlink(transaction, admin.enterprise, &id)
        })
        .await?;
    Ok(web::Json(team.into()))
}
