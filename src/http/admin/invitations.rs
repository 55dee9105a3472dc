//! `/api/v1/invitations`.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::invitation_delivery::{MailDelivery, UndeliveredMail, WantedInvitations};
use super::invitation_results::{Addresses, Invited};
use super::list::{List, Paged};
use super::permits::{ManageMembers, ManageOwners, ReadAccount, Smaller};
use super::query::Query;
use crate::administration::invitations::{self, Listed, RoleIn, Target};
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{PlaceRole, Role, TeamRole, Timestamp};
use crate::http::base::problem::Problem;
use crate::store::Conn;
use crate::store::invitations::InvitationRow;

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

/// An invitation to the account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Invitation {
    /// The id of the invitation, `uinv_…`, for the paths below `/invitations`.
    id: String,
    /// The address that is invited.
    email: String,
    /// The role in the account that the invited person gets; null for `member`.
    account_role: Option<Role>,
    /// How far the invitation is; while it is `pending` it holds a seat.
    state: InvitationState,
    /// When the address was first invited.
    created_at: Timestamp,
    /// When the invitation expires and its seat is free: 30 days after it was last sent.
    expires_at: Timestamp,
    /// What has become of the newest mail; null if that is not known, or the mail was taken back.
    delivery: Option<MailDelivery>,
}

impl Invitation {
    /// Makes the answer as of this time.
    pub(super) fn at(row: InvitationRow, now: Timestamp) -> Self {
        let (state, delivery) = (row.state_at(now), row.delivery.read());
        Self {
            id: row.id,
            email: row.email,
            account_role: row.account_role,
            state,
            created_at: row.created_at,
            expires_at: row.expires_at,
            delivery: delivery.map(MailDelivery::from),
        }
    }
}

/// An organization that an invitation leads to.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitedOrganization {
    /// The id of the organization, for the paths below `/organizations`.
    organization_id: String,
    /// The name of the organization.
    organization_name: String,
    /// The role that the member will have by direct access to the organization.
    role: TeamRole,
}

/// A team that an invitation leads to.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitedTeam {
    /// The id of the team, for the paths below `/teams`.
    team_id: String,
    /// The name of the team.
    team_name: String,
    /// The role that the place in the team will give in the team's organizations.
    role: TeamRole,
}

/// An invitation with the organizations and teams that it leads to.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ListedInvitation {
    #[serde(flatten)]
    invitation: Invitation,
    /// The name of who invited, as it was then; null if that was not kept.
    invited_by: Option<String>,
    /// The organizations that the member will reach directly.
    organizations: Vec<InvitedOrganization>,
    /// The teams that the member will join.
    teams: Vec<InvitedTeam>,
    /// What to do about a mail that does not arrive, as a sentence; null if there is nothing to do.
    advice: Option<&'static str>,
}

impl ListedInvitation {
    /// Makes the answer as of this time.
    pub(super) fn at(listed: Listed, now: Timestamp) -> Self {
        let Listed { invitation, targets } = listed;
        let organizations = targets.organizations.into_iter().map(|target| InvitedOrganization {
            organization_id: target.id,
            organization_name: target.name,
            role: target.role,
        });
        let teams = targets.teams.into_iter().map(|team| InvitedTeam {
            role: team.role(),
            team_id: team.id,
            team_name: team.name,
        });
        let delivery = invitation.delivery.read();
        let invited_by = invitation.inviter_name.clone();
        let invitation = Invitation::at(invitation, now);
        let open = delivery.filter(|_| invitation.state == InvitationState::Pending);
        Self {
            advice: open.and_then(|mail| mail.advice(now)),
            invited_by,
            invitation,
            organizations: organizations.collect(),
            teams: teams.collect(),
        }
    }
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
    let addresses = Addresses::of(new.email, new.emails)?;
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
