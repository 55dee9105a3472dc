//! `/api/v1/invitation-acceptance` and `/api/v1/invitations/accept`: for the person who has the
//! link of an invitation's mail. The link's token is the credential; no administrator's token is
//! needed.

use actix_web::HttpRequest;
use actix_web::web::{Data, Json};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::answers::NoContent;
use super::api::Api;
use super::body::Body;
use super::members::{EffectiveAccess, full_name};
use super::query::Query;
use crate::administration::invitations::Targets;
use crate::administration::invitations::acceptance::{self, Joined, Offer};
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{TeamRole, Timestamp};
use crate::http::base::caller;
use crate::http::base::guesses::is_wrong;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::signing_in;
use crate::store::{Cost, Scope, WriteContext};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/invitation-acceptance", "invitations.get-offer", look)
        .formerly("look")
        .summary("What the link of an invitation offers; looking accepts nothing")
        .refuses(&[404]);
    api.post("/invitations/accept", "invitations.accept", accept)
        .summary("Accepts an invitation; its seat becomes the member's")
        .refuses(&[403, 404, 409]);
    api.post("/invitations/decline", "invitations.decline", decline)
        .summary("Declines an invitation; its seat is free, and who invited sees it")
        .refuses(&[404, 409]);
}

/// The token of an invitation's link.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationLink {
    /// The token at the end of the link in the invitation's mail, `insomnia_invitation_…`.
    token: String,
}

/// What the link of an invitation offers.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitationOffer {
    /// The name of the account that the person is invited to.
    account_name: String,
    /// The address that the invitation was sent to, and that the new member will have.
    email: String,
    /// How far the invitation is; only a `pending` one can be accepted.
    state: InvitationState,
    /// The name of who invited, as it was then; null if that was not kept.
    invited_by: Option<String>,
    /// When the invitation expires, 30 days after it was last sent.
    expires_at: Timestamp,
    /// The organizations that the member will reach directly.
    organizations: Vec<OfferedPlace>,
    /// The teams that the member will join.
    teams: Vec<OfferedPlace>,
}

/// An organization or a team that an invitation leads to.
#[derive(Debug, JsonSchema, Serialize)]
pub struct OfferedPlace {
    /// The name of the organization or the team.
    name: String,
    /// The role that the member gets: in the organization, or in the organizations of the team.
    role: TeamRole,
}

impl OfferedPlace {
    /// Returns the organizations and the teams of an invitation.
    pub(super) fn of(targets: Targets) -> (Vec<Self>, Vec<Self>) {
        let place = |name, role| Self { name, role };
        let organizations =
            targets.organizations.into_iter().map(|target| place(target.name, target.role));
        let teams = targets.teams.into_iter().map(|team| {
            let role = team.role();
            place(team.name, role)
        });
        (organizations.collect(), teams.collect())
    }
}

impl From<Offer> for InvitationOffer {
    fn from(offer: Offer) -> Self {
        let Offer { account, invitation, targets, .. } = offer;
        let (organizations, teams) = OfferedPlace::of(targets);
        Self {
            account_name: account,
            email: invitation.email,
            state: invitation.state,
            invited_by: invitation.inviter_name,
            expires_at: invitation.expires_at,
            organizations,
            teams,
        }
    }
}

/// The acceptance of an invitation.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationAcceptance {
    /// The token at the end of the link in the invitation's mail, `insomnia_invitation_…`.
    token: String,
    /// The person's given name; needs `family_name`. Without both, names come from the address.
    given_name: Option<String>,
    /// The person's family name; needs `given_name`.
    family_name: Option<String>,
}

/// The member that the person became by accepting an invitation.
#[derive(Debug, JsonSchema, Serialize)]
pub struct AcceptedInvitation {
    /// The id of the account, `ent_…`.
    account_id: String,
    /// The name of the account.
    account_name: String,
    /// The id of the new member.
    member_id: String,
    /// The member's address, which the person has proved by the link.
    email: String,
    /// The organizations that the member reaches from now on, directly or through teams.
    organizations: Vec<EffectiveAccess>,
}

impl From<Joined> for AcceptedInvitation {
    fn from(joined: Joined) -> Self {
        Self {
            account_id: joined.account_id,
            account_name: joined.account,
            member_id: joined.member_id,
            email: joined.email,
            organizations: joined.access.into_iter().map(EffectiveAccess::from).collect(),
        }
    }
}

async fn look(
    Query(link): Query<InvitationLink>,
    service: Data<Service>,
) -> Shown<InvitationOffer> {
    Ok(Json(offer(&service, link.token).await?.into()))
}

async fn accept(
    Body(acceptance): Body<InvitationAcceptance>,
    service: Data<Service>,
    request: HttpRequest,
) -> Shown<AcceptedInvitation> {
    let InvitationAcceptance { token, given_name, family_name } = acceptance;
    let full_name = full_name(given_name, family_name)?;
    Ok(Json(join(&service, &request, token, full_name).await?.into()))
}

async fn decline(
    Body(link): Body<InvitationLink>,
    service: Data<Service>,
    request: HttpRequest,
) -> Result<NoContent, Problem> {
    Ok(refuse(&service, &request, link.token).await?.into())
}

/// Returns what the invitation of a link offers.
///
/// # Errors
/// Returns 404 if the token belongs to no invitation.
pub async fn offer(service: &Service, token: String) -> Result<Offer, Problem> {
    let now = service.store.clock().now();
    Ok(service.store.read(Cost::Point, move |conn| acceptance::look(conn, &token, now)).await?)
}

/// Accepts the invitation as the person that the link was sent to.
///
/// # Errors
/// Fails as [`acceptance::accept`] does.
pub async fn join(
    service: &Service,
    request: &HttpRequest,
    token: String,
    full_name: Option<(String, String)>,
) -> Result<Joined, Problem> {
    let by = invited(service, request, token.clone()).await?;
    let accepted = service.write_for_stranger(by, move |transaction| {
        let full_name = full_name.as_ref().map(|(given, family)| (given.as_str(), family.as_str()));
        acceptance::accept(transaction, &token, full_name)
    });
    Ok(accepted.await?)
}

/// Declines the invitation as the person that the link was sent to.
///
/// # Errors
/// Fails as [`acceptance::decline`] does.
pub async fn refuse(
    service: &Service,
    request: &HttpRequest,
    token: String,
) -> Result<(), Problem> {
    let by = invited(service, request, token.clone()).await?;
    let declined =
        service.write_for_stranger(by, move |transaction| acceptance::decline(transaction, &token));
    Ok(declined.await?)
}

/// Returns the context in which the invited person writes. Who tries many wrong tokens has to wait.
async fn invited(
    service: &Service,
    request: &HttpRequest,
    token: String,
) -> Result<WriteContext, Problem> {
    let now = service.store.clock().now();
    let look = service.store.read(Cost::Point, move |conn| acceptance::look(conn, &token, now));
    let offer = service.links.look(caller::place(request), None, look, is_wrong).await??;
    Ok(signing_in::by_person(request, Scope(offer.enterprise), &offer.invitation.email))
}
