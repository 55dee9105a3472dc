//! `/api/v1/organizations`.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, CreateOrganizations, ReadAccount, ReadOrganization};
use super::api::Api;
use super::creation::Creation;
use super::list::{List, Paging};
use super::problem::Problem;
use crate::administration::organizations;
use crate::enterprise::Timestamp;
use crate::enterprise::access::{Access, Via};
use crate::enterprise::permissions::Operation;
use crate::http::Service;
use crate::store::access::Collaborator as Reached;
use crate::store::organizations::OrganizationRow;
use crate::store::{Cost, Transaction};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/organizations", "organizations.list", list)
        .summary("The account's organizations, in order of creation")
        .needs(Operation::ReadAccount)
        .query::<Paging>()
        .answers::<List<Organization>>(200);
    api.post("/organizations", "organizations.create", create)
        .summary("Creates an organization")
        .needs(Operation::CreateOrganizations)
        .body::<NewOrganization>()
        .idempotent()
        .answers::<Organization>(201);
    api.get("/organizations/{id}/collaborators", "organizations.collaborators", collaborators)
        .summary("Everybody who reaches an organization, and by which ways")
        .needs(Operation::ReadOrganization)
        .query::<Paging>()
        .answers::<List<Collaborator>>(200);
}

/// An organization as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Organization {
    id: String,
    name: String,
    created_at: String,
}

impl From<OrganizationRow> for Organization {
    fn from(row: OrganizationRow) -> Self {
        let created_at = Timestamp(row.created_at).to_rfc3339();
        Self { id: row.id, name: row.name, created_at }
    }
}

/// What is said of a new organization.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    name: String,
}

/// `GET /api/v1/organizations`.
pub async fn list(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    paging: web::Query<Paging>,
) -> Result<web::Json<List<Organization>>, Problem> {
    let (after, limit) = Paging::of(&paging)?;
    let page = service
        .store
        .read(Cost::Long, move |conn| organizations::list(conn, admin.enterprise, after, limit))
        .await?;
    Ok(web::Json(List::of(page, Organization::from)))
}

/// `POST /api/v1/organizations`.
pub async fn create(
    service: web::Data<Service>,
    creation: Creation<CreateOrganizations, NewOrganization>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, new) = (creation.admin.enterprise, creation.body.clone());
    let work = move |transaction: &mut Transaction<'_>| {
        organizations::create(transaction, enterprise, &new.name).map(Organization::from)
    };
    creation.create(&service, work).await
}

/// Somebody with access, as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Collaborator {
    member_id: String,
    email: Option<String>,
    user_name: String,
    role: &'static str,
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
pub async fn collaborators(
    service: web::Data<Service>,
    admin: Administrator<ReadOrganization>,
    id: web::Path<String>,
    paging: web::Query<Paging>,
) -> Result<web::Json<List<Collaborator>>, Problem> {
    let (after, limit) = Paging::of(&paging)?;
    let page = service
        .store
        .read(Cost::Long, move |conn| {
            organizations::collaborators(conn, admin.enterprise, &id, after, limit)
        })
        .await?;
    Ok(web::Json(List::of(page, Collaborator::from)))
}
