//! `/api/v1/invitations`.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::invitation_delivery::WantedInvitations;
use super::list::Paged;
use super::permits::{ManageMembers, ManageOwners, ReadAccount, Smaller};
use super::query::Query;
use crate::administration::invitations::{self, RoleIn, Target};
use crate::enterprise::{PlaceRole, TeamRole};
use crate::http::base::problem::Problem;
use crate::store::Conn;
use crate::views::invitation_delivery::UndeliveredMail;
use crate::views::invitation_results::{Addresses, Invited};
use crate::views::invitations::{Invitation, ListedInvitation};
use crate::views::list::List;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/invitations", "invitations.list", list)
        .summary("The account's invitations, in order of creation")
        .description(
            "Each tells what has become of its newest mail. delivery=failed lists the pending ones \
             whose mail was refused or given up: they hold a seat that perhaps nobody knows of. With \
             search, in alphabetical order of the addresses. Of several filters together, a page can \
             hold fewer than were asked for and lead on all the same.",
        )
        .refuses(&[404]);
    // Must come before the path of one invitation, which would match this one.
    api.get("/invitations/delivery", "invitations.get-delivery", delivery)
        .summary("How many pending invitations have mail that has not arrived");
    // Must come before the paths of one invitation.
    api.post("/invitations/co-owners", "invitations.create-co-owner", create_co_owner)
        .summary("Invites somebody who is no member yet to be co-owner of the account")
        .description(
            "Whoever follows the link in the mail becomes a co-owner. If SCIM provisions the address \
             before, it makes a member: provisioning makes nobody co-owner.",
        )
        .refuses(&[409]);
    api.get("/invitations/{id}", "invitations.get", get)
        .summary("An invitation, with what has become of its mail");
    api.post("/invitations", "invitations.create", create)
        .summary("Invites to an organization or a team; a pending invitation takes a seat")
        .description(
            "Give email for one address, or emails for several; each of several is answered with \
             its invitation or with what kept it from being invited. Each is sent a mail with a \
             link that accepts the invitation. An address with a pending invitation keeps its seat \
             and is sent a new link for another 30 days.",
        )
        .refuses(&[404]);
    api.patch("/invitations/{id}", "invitations.change", change)
        .summary("Changes the role that a pending invitation promises")
        .description("The mail that was sent stays valid. Resend the invitation to tell the role.")
        .refuses(&[409, 422]);
    api.post("/invitations/{id}/resend", "invitations.resend", resend)
        .summary("Sends a pending invitation anew: with a new link, for another 30 days")
        .refuses(&[409]);
    api.delete("/invitations/{id}", "invitations.revoke", revoke)
        .summary("Revokes a pending invitation; its seat is free")
        .refuses(&[409]);
}

/// A new invitation, to one organization or one team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// The address to invite; either this or `emails` has to be given.
    email: Option<String>,
    /// The addresses to invite, at most 500; either this or `email` has to be given.
    emails: Option<Vec<String>>,
    /// The organization to invite to; either this or `team_id` has to be given.
    organization_id: Option<String>,
    /// The team to invite to; either this or `organization_id` has to be given.
    team_id: Option<String>,
    /// The role in the organization, `member` if left out; or the role of the place in the team, the
    /// team's if left out or `team`.
    role: Option<PlaceRole>,
}

async fn list(
    admin: Administrator<ReadAccount>,
    paging: Paged,
    Query(wanted): Query<WantedInvitations>,
) -> Shown<List<ListedInvitation>> {
    let (filter, now) = (wanted.read()?, admin.now());
    let (from, limit) = paging.place(filter.search.as_ref())?;
    let listing = admin
        .read_page(move |conn, account| {
            invitations::list(conn, account, now, &filter, (&from, limit))
        })
        .await?;
    Ok(Json(paging.listing(listing, |item| ListedInvitation::at(item, now))))
}

async fn delivery(admin: Administrator<ReadAccount>) -> Shown<UndeliveredMail> {
    let now = admin.now();
    let read = move |conn: &mut Conn, account| invitations::undelivered(conn, account, now);
    Ok(Json(admin.read_page(read).await?.into()))
}

async fn get(admin: Administrator<ReadAccount>, id: Path<String>) -> Shown<ListedInvitation> {
    let now = admin.now();
    let found = admin.read(move |conn, account| invitations::get(conn, account, &id)).await?;
    Ok(Json(ListedInvitation::at(found, now)))
}

async fn create(
    creation: Creation<ManageMembers, NewInvitation>,
) -> Result<Created<Invited>, Problem> {
    let new = creation.body.clone();
    let addresses = addresses(new.email, new.emails)?;
    let target = target(new.organization_id, new.team_id, new.role)?;
    let url = creation.admin.service.public_url.clone();
    creation
        .create(move |transaction, account, _| {
            addresses.invite(transaction, account, &url, &target)
        })
        .await
}

/// An invitation of a co-owner.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCoOwner {
    /// The address to invite, which no member has.
    email: String,
}

async fn create_co_owner(
    creation: Creation<ManageOwners, NewCoOwner>,
) -> Result<Created<Invitation>, Problem> {
    let url = creation.admin.service.public_url.clone();
    creation
        .create(move |transaction, account, new| {
            let target = &Target::CoOwner;
            let row = invitations::create(transaction, account, &url, &new.email, target)?;
            Ok(Invitation::at(row, transaction.now()))
        })
        .await
}

/// Returns the addresses to invite.
///
/// # Errors
/// Returns 400 unless exactly one of the two fields is given.
pub(super) fn addresses(
    email: Option<String>,
    emails: Option<Vec<String>>,
) -> Result<Addresses, Problem> {
    match (email, emails) {
        (Some(email), None) => Ok(Addresses::One(email)),
        (None, Some(emails)) => Ok(Addresses::Several(emails)),
        _ => Err(Problem::bad_request("email, emails: give exactly one of them.")),
    }
}

/// Returns what is invited to.
///
/// # Errors
/// Returns 400 unless exactly one of organization and team is given, and for the role of a team in an
/// organization, which has none.
pub(super) fn target(
    organization: Option<String>,
    team: Option<String>,
    role: Option<PlaceRole>,
) -> Result<Target, Problem> {
    match (organization, team) {
        (Some(id), None) => TeamRole::of_organization(role.unwrap_or(PlaceRole::Member))
            .map(|role| Target::Organization(id, role))
            .ok_or_else(|| Problem::bad_request("role: with organization_id, admin or member.")),
        (None, Some(id)) => Ok(Target::Team(id, role.unwrap_or(PlaceRole::Team))),
        _ => Err(Problem::bad_request("organization_id, team_id: give exactly one of them.")),
    }
}

/// A change of the role that an invitation promises.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationChanges {
    /// The organization in which the role is meant; not needed if the invitation has one target.
    organization_id: Option<String>,
    /// The team for whose place the role is meant; not needed if the invitation has one target.
    team_id: Option<String>,
    /// The new role; for a place in a team also `team`, the team's.
    role: PlaceRole,
}

async fn change(
    admin: Administrator<ManageMembers>,
    Body(changes): Body<InvitationChanges>,
    id: Path<String>,
) -> Shown<ListedInvitation> {
    let target = match (changes.organization_id, changes.team_id) {
        (None, None) => RoleIn::OnlyTarget,
        (Some(id), None) => RoleIn::Organization(id),
        (None, Some(id)) => RoleIn::Team(id),
        (Some(_), Some(_)) => {
            return Err(Problem::bad_request("organization_id, team_id: give one of them."));
        }
    };
    admin
        .change(move |transaction, account| {
            let role = changes.role;
            let listed = invitations::set_role(transaction, account, &id, &target, role)?;
            Ok(ListedInvitation::at(listed, transaction.now()))
        })
        .await
}

async fn resend(admin: Administrator<ManageMembers>, id: Path<String>) -> Shown<Invitation> {
    let url = admin.service.public_url.clone();
    admin
        .change(move |transaction, account| {
            let row = invitations::resend(transaction, account, &url, &id)?;
            Ok(Invitation::at(row, transaction.now()))
        })
        .await
}

async fn revoke(
    admin: Administrator<Smaller<ManageMembers>>,
    id: Path<String>,
) -> Result<NoContent, Problem> {
    admin.end(move |transaction, account| invitations::revoke(transaction, account, &id)).await
}
