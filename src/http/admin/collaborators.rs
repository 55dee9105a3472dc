//! `/api/v1/organizations/{id}/collaborators`: who reaches an organization, and by which ways.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageOrganization, ReadOrganization};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::list::{List, Paged, Paging};
use crate::administration::collaborators;
use crate::enterprise::TeamRole;
use crate::enterprise::access::{Access, Via};
use crate::enterprise::permissions::Operation;
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::access::Collaborator as Reached;
use crate::store::{Cost, Transaction};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    let path = "/organizations/{id}/collaborators";
    api.get(path, "organizations.collaborators", list)
        .summary("Everybody who reaches an organization, and by which ways")
        .needs(Operation::ReadOrganization)
        .query::<Paging>()
        .answers::<List<Collaborator>>(200);
    api.post(path, "organizations.add-member", add)
        .summary("Gives a member of the account direct access to an organization")
        .needs(Operation::ManageOrganization)
        .body::<NewCollaborator>()
        .idempotent()
        .answers::<Collaborator>(201);
    let path = "/organizations/{id}/collaborators/{member_id}";
    api.patch(path, "organizations.change-member", change)
        .summary("Changes the role of a member's direct access")
        .needs(Operation::ManageOrganization)
        .body::<CollaboratorChanges>()
        .answers::<Collaborator>(200)
        .refuses(&[409]);
    api.delete(path, "organizations.remove-member", remove)
        .summary("Ends a member's direct access; the seat stays taken")
        .description("Access through teams stays and is named in the answer.")
        .needs(Operation::ManageOrganization)
        .answers::<Removed>(200)
        .refuses(&[409]);
}

/// Somebody with access, as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Collaborator {
    member_id: String,
    email: Option<String>,
    user_name: String,
    role: &'static str,
    /// `direct`, or ids of teams.
    via: Vec<String>,
}

/// The ways, as shown.
pub fn ways(via: &[Via]) -> Vec<String> {
    via.iter().map(|way| way.as_str().to_owned()).collect()
}

impl From<Access<Reached>> for Collaborator {
    fn from(access: Access<Reached>) -> Self {
        Self {
            member_id: access.subject.member_id,
            email: access.subject.email,
            user_name: access.subject.user_name,
            role: access.role.as_str(),
            via: ways(&access.via),
        }
    }
}

/// `GET /api/v1/organizations/{id}/collaborators`.
pub async fn list(
    service: web::Data<Service>,
    admin: Administrator<ReadOrganization>,
    id: web::Path<String>,
    paging: Paged,
) -> Result<web::Json<List<Collaborator>>, Problem> {
    let (after, limit) = paging.range()?;
    let page = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            collaborators::list(conn, admin.enterprise, &id, after, limit)
        })
        .await?;
    Ok(web::Json(paging.list(page, Collaborator::from)))
}

/// Who is put into an organization.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCollaborator {
    email: String,
    /// `member` if not given.
    role: Option<TeamRole>,
}

/// `POST /api/v1/organizations/{id}/collaborators`.
pub async fn add(
    service: web::Data<Service>,
    creation: Creation<ManageOrganization, NewCollaborator>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, new) = (creation.admin.enterprise, creation.body.clone());
    let role = new.role.unwrap_or(TeamRole::Member);
    let work = move |transaction: &mut Transaction<'_>| {
        collaborators::add(transaction, enterprise, &id, &new.email, role).map(Collaborator::from)
    };
    creation.create(&service, work).await
}

/// What is to be different of a member's direct access.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CollaboratorChanges {
    role: TeamRole,
}

/// `PATCH /api/v1/organizations/{id}/collaborators/{member_id}`.
pub async fn change(
    service: web::Data<Service>,
    InOrder(admin, Body(changes)): InOrder<
        Administrator<ManageOrganization>,
        Body<CollaboratorChanges>,
    >,
    path: web::Path<(String, String)>,
) -> Result<web::Json<Collaborator>, Problem> {
    let access = service
        .store
        .write(admin.by(), move |transaction| {
            collaborators::set_role(transaction, admin.enterprise, &path.0, &path.1, changes.role)
        })
        .await?;
    Ok(web::Json(access.into()))
}

/// What the end of direct access leaves, as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Removed {
    /// Access that stays because it comes through teams; null where none does.
    remaining: Option<Collaborator>,
}

/// `DELETE /api/v1/organizations/{id}/collaborators/{member_id}`.
pub async fn remove(
    service: web::Data<Service>,
    admin: Administrator<ManageOrganization>,
    path: web::Path<(String, String)>,
) -> Result<web::Json<Removed>, Problem> {
    let remaining = service
        .store
        .write(admin.by(), move |transaction| {
            collaborators::remove(transaction, admin.enterprise, &path.0, &path.1)
        })
        .await?;
    Ok(web::Json(Removed { remaining: remaining.map(Collaborator::from) }))
}
