//! `/api/v1/organizations`.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{
    Administrator, CreateOrganizations, ManageOrganization, ReadAccount, ReadOrganization,
    TransferOrganizations,
};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::list::{List, Paged, Paging};
use crate::administration::organizations;
use crate::enterprise::Timestamp;
use crate::enterprise::permissions::Operation;
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
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
    api.get("/organizations/{id}", "organizations.get", get)
        .summary("An organization")
        .needs(Operation::ReadOrganization)
        .answers::<Organization>(200);
    api.patch("/organizations/{id}", "organizations.rename", rename)
        .summary("Gives an organization another name")
        .needs(Operation::ManageOrganization)
        .body::<NewOrganization>()
        .answers::<Organization>(200)
        .refuses(&[409]);
    api.delete("/organizations/{id}", "organizations.delete", delete)
        .summary("Deletes an organization, unless it is the account's last")
        .description(
            "Links of teams and direct access end with it; members keep their seats. Pending \
             invitations that named nothing else are revoked.",
        )
        .needs(Operation::TransferOrganizations)
        .answers_nothing(204)
        .refuses(&[409]);
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
    paging: Paged,
) -> Result<web::Json<List<Organization>>, Problem> {
    let (after, limit) = paging.range()?;
    let page = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            organizations::list(conn, admin.enterprise, after, limit)
        })
        .await?;
    Ok(web::Json(paging.list(page, Organization::from)))
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

/// `GET /api/v1/organizations/{id}`.
pub async fn get(
    service: web::Data<Service>,
    admin: Administrator<ReadOrganization>,
    id: web::Path<String>,
) -> Result<web::Json<Organization>, Problem> {
    let row = service
        .store
        .read(Cost::Point, move |conn| organizations::require(conn, admin.enterprise, &id))
        .await?;
    Ok(web::Json(row.into()))
}

/// `PATCH /api/v1/organizations/{id}`.
pub async fn rename(
    service: web::Data<Service>,
    InOrder(admin, Body(new)): InOrder<Administrator<ManageOrganization>, Body<NewOrganization>>,
    id: web::Path<String>,
) -> Result<web::Json<Organization>, Problem> {
    let row = service
        .store
        .write(admin.by(), move |transaction| {
            organizations::rename(transaction, admin.enterprise, &id, &new.name)
        })
        .await?;
    Ok(web::Json(row.into()))
}

/// `DELETE /api/v1/organizations/{id}`.
pub async fn delete(
    service: web::Data<Service>,
    admin: Administrator<TransferOrganizations>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    service
        .store
        .write(admin.by(), move |transaction| {
            organizations::delete(transaction, admin.enterprise, &id)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
