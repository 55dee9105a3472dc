//! `/api/v1/invitations`.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::creation::Creation;
use super::invitation_delivery::{MailDelivery, UndeliveredMail, WantedInvitations};
use super::list::{List, Paged};
use super::permits::{ManageMembers, ReadAccount, Smaller};
use super::query::Query;
use crate::administration::AdministrationError;
use crate::administration::invitations::{self, Invited as Outcome, Listed, Target};
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{AccountPk, TeamRole, Timestamp};
use crate::http::base::problem::Problem;
use crate::store::invitations::InvitationRow;
use crate::store::{Conn, Transaction};

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
        let teams = targets
            .teams
            .into_iter()
            .map(|team| InvitedTeam { team_id: team.id, team_name: team.name });
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

/// The addresses to invite: one, or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Addresses {
    /// One address, whose refusal refuses the request.
    One(String),
    /// Several addresses, each with a result of its own.
    Several(Vec<String>),
}

impl Addresses {
    /// Takes exactly one of the two fields.
    ///
    /// # Errors
    /// Returns 400 if both or neither are given.
    pub(super) fn of(email: Option<String>, emails: Option<Vec<String>>) -> Result<Self, Problem> {
        match (email, emails) {
            (Some(email), None) => Ok(Self::One(email)),
            (None, Some(emails)) => Ok(Self::Several(emails)),
            _ => Err(Problem::bad_request("email, emails: give exactly one of them.")),
        }
    }

    /// Invites the addresses.
    pub(super) fn invite(
        &self,
        transaction: &mut Transaction<'_>,
        enterprise: AccountPk,
        public_url: &str,
        target: &Target,
    ) -> Result<Invited, AdministrationError> {
        let now = transaction.now();
        match self {
            Self::One(email) => {
                let row = invitations::create(transaction, enterprise, public_url, email, target)?;
                Ok(Invited::One(Invitation::at(row, now)))
            }
            Self::Several(emails) => {
                let outcomes =
                    invitations::create_many(transaction, enterprise, public_url, emails, target)?;
                let results =
                    outcomes.into_iter().map(|outcome| InvitationResult::at(outcome, now));
                Ok(Invited::Several(InvitationResults { results: results.collect() }))
            }
        }
    }
}

/// What became of the addresses that were to be invited.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(untagged)]
pub enum Invited {
    /// Of one: its invitation.
    One(Invitation),
    /// Of several.
    Several(InvitationResults),
}

/// What became of several addresses that were to be invited.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitationResults {
    /// One result for each address, in the order in which they were given, without repetitions.
    results: Vec<InvitationResult>,
}

/// What became of one address: either `invitation` or `refusal` is given.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitationResult {
    /// The address, as it was given.
    email: String,
    /// The invitation of the address; null if it was refused.
    invitation: Option<Invitation>,
    /// Why the address was not invited; null if it was.
    refusal: Option<InvitationRefusal>,
}

/// Why an address was not invited.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitationRefusal {
    /// The kind of the refusal, a URN as in the `type` of a problem document.
    #[serde(rename = "type")]
    kind: String,
    /// Why the address was not invited, as a sentence.
    detail: String,
}

impl InvitationResult {
    fn at(outcome: Outcome, now: Timestamp) -> Self {
        let (invitation, refusal) = match outcome.outcome {
            Ok(row) => (Some(Invitation::at(row, now)), None),
            Err(error) => {
                let problem = Problem::from(error);
                let (kind, detail) = (problem.urn(), problem.detail().to_owned());
                (None, Some(InvitationRefusal { kind, detail }))
            }
        };
        Self { email: outcome.email, invitation, refusal }
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
    /// The role in the organization; `member` if left out. With `team_id` no role but the team's
    /// own is accepted.
    role: Option<TeamRole>,
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
    let target = match (new.organization_id, new.team_id) {
        (Some(id), None) => Target::Organization(id, new.role.unwrap_or(TeamRole::Member)),
        (None, Some(id)) => Target::Team(id, new.role),
        _ => {
            return Err(Problem::bad_request(
                "organization_id, team_id: give exactly one of them.",
            ));
        }
    };
    let url = creation.admin.service.public_url.clone();
    creation
        .create(move |transaction, account, _| {
            addresses.invite(transaction, account, &url, &target)
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
