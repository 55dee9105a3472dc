//! `/api/v1/invitation-acceptance` and `/api/v1/invitations/accept`: for whoever has the link of an
//! invitation's mail. No token of an administrator is needed; the link's is the credential.

use actix_web::HttpRequest;
use actix_web::web::{Data, Json};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::api::Api;
use super::body::Body;
use super::members::{EffectiveAccess, full_name};
use super::query::Query;
use crate::administration::invitations::acceptance::{self, Joined, Offer};
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{TeamRole, Timestamp};
use crate::http::base::caller;
use crate::http::base::guesses::is_wrong;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::signing_in;
use crate::store::{Cost, Scope};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/invitation-acceptance", "invitations.get-offer", look)
        .formerly("look")
        .summary("What the link of an invitation offers; looking accepts nothing")
        .refuses(&[404]);
    api.post("/invitations/accept", "invitations.accept", accept)
        .summary("Accepts an invitation; its seat becomes the member's")
        .refuses(&[403, 404, 409]);
}

/// The token of a link.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationLink {
    /// The link's token, `insomnia_invitation_…`.
    token: String,
}

/// What a link offers, as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitationOffer {
    account_name: String,
    email: String,
    state: InvitationState,
    invited_by: Option<String>,
    expires_at: Timestamp,
    organizations: Vec<OfferedPlace>,
    teams: Vec<OfferedPlace>,
}

/// An organization or a team that an invitation leads to.
#[derive(Debug, JsonSchema, Serialize)]
pub struct OfferedPlace {
    name: String,
    role: TeamRole,
}

impl From<Offer> for InvitationOffer {
    fn from(offer: Offer) -> Self {
        let Offer { account, invitation, targets, .. } = offer;
        let place = |name, role| OfferedPlace { name, role };
        Self {
            account_name: account,
            email: invitation.email,
            state: invitation.state,
            invited_by: invitation.inviter_name,
            expires_at: invitation.expires_at,
            organizations: targets
                .organizations
                .into_iter()
                .map(|target| place(target.name, target.role))
                .collect(),
            teams: targets.teams.into_iter().map(|team| place(team.name, team.role)).collect(),
        }
    }
}

/// What is said to accept.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationAcceptance {
    /// The link's token, `insomnia_invitation_…`.
    token: String,
    /// Given and family name go together; without them they are made from the address.
    given_name: Option<String>,
    family_name: Option<String>,
}

/// What accepting has given.
#[derive(Debug, JsonSchema, Serialize)]
pub struct AcceptedInvitation {
    account_id: String,
    account_name: String,
    member_id: String,
    email: String,
    /// What the member reaches, from now on.
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

async fn look(Query(link): Query<InvitationLink>, service: Data<Service>) -> Shown<InvitationOffer> {
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

/// What a link offers.
///
/// # Errors
/// 404 where it leads nowhere.
pub async fn offer(service: &Service, token: String) -> Result<Offer, Problem> {
    let now = service.store.clock().now();
    Ok(service.store.read(Cost::Point, move |conn| acceptance::look(conn, &token, now)).await?)
}

/// Accepts, as the person that the link was sent to.
///
/// # Errors
/// See [`acceptance::accept`].
pub async fn join(
    service: &Service,
    request: &HttpRequest,
    token: String,
    full_name: Option<(String, String)>,
) -> Result<Joined, Problem> {
    let (now, own) = (service.store.clock().now(), token.clone());
    let look = service.store.read(Cost::Point, move |conn| acceptance::look(conn, &own, now));
    let offer = service.links.look(caller::place(request), None, look, is_wrong).await??;
    let by = signing_in::by_person(request, Scope(offer.enterprise), &offer.invitation.email);
    let accepted = service.write_for_stranger(by, move |transaction| {
        let full_name = full_name.as_ref().map(|(given, family)| (given.as_str(), family.as_str()));
        acceptance::accept(transaction, &token, full_name)
    });
    Ok(accepted.await?)
}
