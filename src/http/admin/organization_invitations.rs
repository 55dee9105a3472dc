//! `/api/v1/organizations/{id}/invitations`: what an organization's admins may do.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;

use super::administrator::{Administrator, ManageOrganization, ReadOrganization};
use super::api::Api;
use super::creation::Creation;
use super::invitation_delivery::DeliveryQuery;
use super::invitations::{Addresses, Invitation, Invited, ListedInvitation};
use super::list::{List, Paged, Paging};
use crate::administration::AdministrationError;
use crate::administration::invitations::{self, Target};
use crate::enterprise::TeamRole;
use crate::enterprise::permissions::Operation;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::{Cost, Transaction};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/organizations/{id}/invitations", "organizations.invitations", list)
        .summary("The invitations to an organization, in order of creation")
        .needs(Operation::ReadOrganization)
        .query::<Paging>()
        .query::<DeliveryQuery>()
        .answers::<List<ListedInvitation>>(200);
    api.post("/organizations/{id}/invitations", "organizations.invite", create)
        .summary("Invites to an organization; a pending invitation takes a seat")
        .description(
            "Give email for one address, or emails for several, as for invitations.create. The \
             organization's admins may do this, too.",
        )
        .needs(Operation::ManageOrganization)
        .body::<NewInvitation>()
        .idempotent()
        .answers::<Invited>(201);
    api.post(
        "/organizations/{id}/invitations/{invitation_id}/resend",
        "organizations.resend-invitation",
        resend,
    )
    .summary("Sends a pending invitation to an organization anew")
    .needs(Operation::ManageOrganization)
    .answers::<Invitation>(200)
    .refuses(&[409]);
    api.delete(
        "/organizations/{id}/invitations/{invitation_id}",
        "organizations.revoke-invitation",
        revoke,
    )
    .summary("Takes a pending invitation to an organization back; its seat is free")
    .description("An invitation that leads elsewhere, too, stays for that, and keeps its seat.")
    .needs(Operation::ManageOrganization)
    .answers_nothing(204)
    .refuses(&[409]);
}

/// What is said of a new invitation to an organization.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewOrganizationInvitation")]
pub struct NewInvitation {
    /// One address.
    email: Option<String>,
    /// Several addresses, instead of `email`; 500 at most.
    emails: Option<Vec<String>>,
    /// The role in the organization, `member` if not given.
    role: Option<TeamRole>,
}

/// `GET /api/v1/organizations/{id}/invitations`.
async fn list(
    service: web::Data<Service>,
    admin: Administrator<ReadOrganization>,
    id: web::Path<String>,
    paging: Paged,
    query: web::Query<DeliveryQuery>,
) -> Result<web::Json<List<ListedInvitation>>, Problem> {
    let (after, limit) = paging.range()?;
    let now = service.store.clock().now();
    let wanted = query.read(now)?;
    let page = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            invitations::list_of_organization(conn, admin.enterprise, &id, wanted, after, limit)
        })
        .await?;
    Ok(web::Json(paging.list(page, |item| ListedInvitation::at(item, now))))
}

/// `POST /api/v1/organizations/{id}/invitations`.
async fn create(
    service: web::Data<Service>,
    id: web::Path<String>,
    creation: Creation<ManageOrganization, NewInvitation>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, new) = (creation.admin.enterprise, creation.body.clone());
    let addresses = Addresses::of(new.email, new.emails)?;
    let role = new.role.unwrap_or(TeamRole::Member);
    let target = Target::Organization(id.into_inner(), role);
    let url = service.public_url.clone();
    let work = move |transaction: &mut Transaction<'_>| {
        addresses.invite(transaction, enterprise, &url, &target)
    };
    creation.create(&service, work).await
}

/// `POST /api/v1/organizations/{id}/invitations/{invitation_id}/resend`.
async fn resend(
    service: web::Data<Service>,
    admin: Administrator<ManageOrganization>,
    path: web::Path<(String, String)>,
) -> Result<web::Json<Invitation>, Problem> {
    let (organization, id) = path.into_inner();
    let (enterprise, url) = (admin.enterprise, service.public_url.clone());
    let sent = service
        .store
        .write(admin.by(), move |transaction| {
            let row = invitations::resend_in_organization(
                transaction,
                enterprise,
                &url,
                &organization,
                &id,
            )?;
            Ok::<_, AdministrationError>(Invitation::at(row, transaction.now()))
        })
        .await?;
    Ok(web::Json(sent))
}

/// `DELETE /api/v1/organizations/{id}/invitations/{invitation_id}`.
async fn revoke(
    service: web::Data<Service>,
    admin: Administrator<ManageOrganization>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (organization, id) = path.into_inner();
    service
        .store
        .write(admin.by(), move |transaction| {
            invitations::revoke_in_organization(transaction, admin.enterprise, &organization, &id)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
