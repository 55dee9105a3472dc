//! `/api/v1/invitations`.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::creation::Creation;
use super::invitation_delivery::{DeliveryQuery, MailDelivery};
use super::list::{List, Paged};
use super::permits::{ManageMembers, ReadAccount};
use super::query::Query;
use crate::administration::AdministrationError;
use crate::administration::invitations::{self, Invited as Outcome, Listed, Target};
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{AccountPk, TeamRole, Timestamp};
use crate::http::base::problem::Problem;
use crate::store::Transaction;
use crate::store::invitations::InvitationRow;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/invitations", "invitations.list", list)
        .summary("The account's invitations, in order of creation")
        .description(
            "Each tells what has become of its newest mail. delivery=failed lists the pending ones \
             whose mail was refused or given up: they hold a seat that perhaps nobody knows of.",
        );
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

/// An invitation as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Invitation {
    id: String,
    email: String,
    state: InvitationState,
    created_at: Timestamp,
    expires_at: Timestamp,
    /// What has become of its newest mail; null where the mail was taken back before it went out, or
    /// is of a release that did not keep it.
    delivery: Option<MailDelivery>,
}

impl Invitation {
    /// As it is at this time: what is past its end is expired, swept or not.
    pub(super) fn at(row: InvitationRow, now: Timestamp) -> Self {
        let over = row.state == InvitationState::Pending && row.expires_at <= now;
        let delivery = row.delivery.read();
        Self {
            id: row.id,
            email: row.email,
            state: if over { InvitationState::Expired } else { row.state },
            created_at: row.created_at,
            expires_at: row.expires_at,
            delivery: delivery.map(MailDelivery::from),
        }
    }
}

/// An organization that an invitation leads to.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitedOrganization {
    organization_id: String,
    organization_name: String,
    role: TeamRole,
}

/// A team that an invitation leads to.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitedTeam {
    team_id: String,
    team_name: String,
}

/// An invitation with what it leads to.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ListedInvitation {
    #[serde(flatten)]
    invitation: Invitation,
    /// Who invited, by the name then.
    invited_by: Option<String>,
    organizations: Vec<InvitedOrganization>,
    teams: Vec<InvitedTeam>,
    /// What to do about a mail that does not arrive; null where there is nothing to do.
    advice: Option<&'static str>,
}

impl ListedInvitation {
    /// As it is at this time.
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

/// Who is invited: one address, or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Addresses {
    /// One, which is invited or refused.
    One(String),
    /// Several, each for itself.
    Several(Vec<String>),
}

impl Addresses {
    /// Exactly one of both.
    ///
    /// # Errors
    /// 400 naming the fields.
    pub(super) fn of(email: Option<String>, emails: Option<Vec<String>>) -> Result<Self, Problem> {
        match (email, emails) {
            (Some(email), None) => Ok(Self::One(email)),
            (None, Some(emails)) => Ok(Self::Several(emails)),
            _ => Err(Problem::bad_request("email, emails: give exactly one of them.")),
        }
    }

    /// Invites them.
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
                let results = outcomes.into_iter().map(|outcome| InvitationResult::at(outcome, now));
                Ok(Invited::Several(InvitationResults { results: results.collect() }))
            }
        }
    }
}

/// What became of the addresses.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(untagged)]
pub enum Invited {
    /// Of one: its invitation.
    One(Invitation),
    /// Of several.
    Several(InvitationResults),
}

/// What became of several addresses.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitationResults {
    /// In the order in which they were given, each once.
    results: Vec<InvitationResult>,
}

/// What became of one of several addresses: one of invitation and refusal is there.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitationResult {
    email: String,
    invitation: Option<Invitation>,
    refusal: Option<InvitationRefusal>,
}

/// Why an address was not invited.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitationRefusal {
    /// As in a problem document.
    #[serde(rename = "type")]
    kind: String,
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

/// What is said of a new invitation.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// One address.
    email: Option<String>,
    /// Several addresses, instead of `email`; 500 at most.
    emails: Option<Vec<String>>,
    organization_id: Option<String>,
    team_id: Option<String>,
    /// The role in the organization, `member` if not given. A team gives its own; another one is
    /// refused.
    role: Option<TeamRole>,
}

async fn list(
    admin: Administrator<ReadAccount>,
    paging: Paged,
    Query(query): Query<DeliveryQuery>,
) -> Shown<List<ListedInvitation>> {
    let ((after, limit), now) = (paging.range()?, admin.now());
    let wanted = query.read(now)?;
    let page = admin
        .read_page(move |conn, account| invitations::list(conn, account, wanted, after, limit))
        .await?;
    Ok(Json(paging.list(page, |item| ListedInvitation::at(item, now))))
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
    admin: Administrator<ManageMembers>,
    id: Path<String>,
) -> Result<NoContent, Problem> {
    admin.end(move |transaction, account| invitations::revoke(transaction, account, &id)).await
}
