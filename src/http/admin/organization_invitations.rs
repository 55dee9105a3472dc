//! `/api/v1/organizations/{id}/invitations`: what an organization's admins may do.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::invitation_delivery::WantedOrganizationInvitations;
use super::invitations::addresses;
use super::list::Paged;
use super::permits::{ManageOrganization, ReadOrganization, Smaller};
use super::query::Query;
use crate::administration::invitations::{self, Target};
use crate::enterprise::TeamRole;
use crate::http::base::problem::Problem;
use crate::views::invitation_results::Invited;
use crate::views::invitations::{Invitation, ListedInvitation};
use crate::views::list::List;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/organizations/{id}/invitations", "organizations.list-invitations", list)
        .formerly("invitations")
        .summary("The invitations to an organization, in order of creation");
    api.post("/organizations/{id}/invitations", "organizations.invite", create)
        .summary("Invites to an organization; a pending invitation takes a seat")
        .description(
            "Give email for one address, or emails for several, as for invitations.create. The \
             organization's admins may do this, too.",
        );
    api.patch(
        "/organizations/{id}/invitations/{invitation_id}",
        "organizations.change-invitation",
        change,
    )
    .summary("Changes the role that a pending invitation promises in the organization")
    .refuses(&[409]);
    api.post(
        "/organizations/{id}/invitations/{invitation_id}/resend",
        "organizations.resend-invitation",
        resend,
    )
    .summary("Sends a pending invitation to an organization anew")
    .refuses(&[409]);
    api.delete(
        "/organizations/{id}/invitations/{invitation_id}",
        "organizations.revoke-invitation",
        revoke,
    )
    .summary("Takes a pending invitation to an organization back; its seat is free")
    .description("An invitation that leads elsewhere, too, stays for that, and keeps its seat.")
    .refuses(&[409]);
}

/// A new invitation to an organization.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewOrganizationInvitation")]
pub struct NewInvitation {
    /// The address to invite; either this or `emails` has to be given.
    email: Option<String>,
    /// The addresses to invite, at most 500; either this or `email` has to be given.
    emails: Option<Vec<String>>,
    /// The role that direct access gives in the organization; `member` if left out.
    role: Option<TeamRole>,
}

async fn list(
    admin: Administrator<ReadOrganization>,
    paging: Paged,
    Query(wanted): Query<WantedOrganizationInvitations>,
    id: Path<String>,
) -> Shown<List<ListedInvitation>> {
    let (filter, now) = (wanted.read()?, admin.now());
    let (from, limit) = paging.place(filter.search.as_ref())?;
    let listing = admin
        .read_page(move |conn, account| {
            let wanted = (&filter, (&from, limit));
            invitations::list_of_organization(conn, account, &id, now, wanted)
        })
        .await?;
    Ok(Json(paging.listing(listing, |item| ListedInvitation::at(item, now))))
}

async fn create(
    creation: Creation<ManageOrganization, NewInvitation>,
    id: Path<String>,
) -> Result<Created<Invited>, Problem> {
    let new = creation.body.clone();
    let addresses = addresses(new.email, new.emails)?;
    let target = Target::Organization(id.into_inner(), new.role.unwrap_or(TeamRole::Member));
    let url = creation.admin.service.public_url.clone();
    creation
        .create(move |transaction, account, _| {
            addresses.invite(transaction, account, &url, &target)
        })
        .await
}

/// A change of the role that an invitation promises in the organization.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganizationInvitationChanges {
    /// The new role in the organization.
    role: TeamRole,
}

async fn change(
    admin: Administrator<ManageOrganization>,
    Body(changes): Body<OrganizationInvitationChanges>,
    path: Path<(String, String)>,
) -> Shown<ListedInvitation> {
    let role = changes.role.into();
    admin
        .change(move |transaction, account| {
            let listed = invitations::set_role_in_organization(
                transaction,
                account,
                &path.0,
                &path.1,
                role,
            )?;
            Ok(ListedInvitation::at(listed, transaction.now()))
        })
        .await
}

async fn resend(
    admin: Administrator<ManageOrganization>,
    path: Path<(String, String)>,
) -> Shown<Invitation> {
    let (url, (organization, id)) = (admin.service.public_url.clone(), path.into_inner());
    admin
        .change(move |transaction, account| {
            let row = invitations::resend_in_organization(
                transaction,
                account,
                &url,
                &organization,
                &id,
            )?;
            Ok(Invitation::at(row, transaction.now()))
        })
        .await
}

async fn revoke(
    admin: Administrator<Smaller<ManageOrganization>>,
    path: Path<(String, String)>,
) -> Result<NoContent, Problem> {
    admin
        .end(move |transaction, account| {
            invitations::revoke_in_organization(transaction, account, &path.0, &path.1)
        })
        .await
}
