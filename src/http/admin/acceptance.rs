//! `/api/v1/invitation-acceptance` and `/api/v1/invitations/accept`: for the person who has the
//! link of an invitation's mail. The link's token is the credential; no administrator's token is
//! needed.

use actix_web::HttpRequest;
use actix_web::web::{Data, Json};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::answers::NoContent;
use super::api::Api;
use super::body::Body;
use super::members::full_name;
use super::query::Query;
use crate::administration::invitations::acceptance::{self, Joined, Offer};
use crate::http::base::caller;
use crate::http::base::guesses::is_wrong;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::signing_in;
use crate::store::{Cost, Scope, WriteContext};
use crate::views::acceptance::{AcceptedInvitation, InvitationOffer};

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
