//! `/api/v1/session/proof`: proving again who one is, in the same session.

use actix_web::HttpRequest;
use actix_web::web::Json;
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::answers::Accepted;
use super::api::Api;
use super::body::Body;
use super::session::SignedIn;
use crate::administration::second_proof;
use crate::enterprise::permissions::fresh_until;
use crate::http::base::caller;
use crate::http::base::guesses::is_wrong;
use crate::http::base::problem::Problem;
use crate::store::Cost;
use crate::views::second_proof::SessionProof;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.post("/session/proof", "session.request-proof", ask)
        .summary("Sends a link that proves again who you are, without ending the session")
        .description(
            "Some endpoints (x-fresh-session) take a session only for 15 minutes after a proof of who \
             you are, and refuse it with the problem sign-in-again. The link goes to the address that \
             you signed in with. After single sign-on open /sso/again on this server in its place.",
        )
        .refuses(&[409]);
    api.post("/session/proof/confirm", "session.confirm-proof", confirm)
        .summary("Proves again who you are with what the link ends with")
        .refuses(&[404]);
}

/// A request for a proof.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProofRequest {
    /// The path on this server to which the link's page leads; `/` if left out.
    return_to: Option<String>,
}

async fn ask(me: SignedIn, Body(wish): Body<ProofRequest>) -> Result<Accepted, Problem> {
    let public_url = me.service.public_url.clone();
    me.write_as_person(move |transaction, current| {
        second_proof::ask(transaction, current, wish.return_to.as_deref(), &public_url)
    })
    .await
    .map(Accepted::from)
}

/// The proof of who one is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProofLink {
    /// The token at the end of the link in the mail; it works once, in the session that asked.
    token: String,
}

async fn confirm(
    me: SignedIn,
    Body(link): Body<ProofLink>,
    request: HttpRequest,
) -> Shown<SessionProof> {
    let now = me.service.store.clock().now();
    let (session, secret) = (me.current.session.clone(), link.token.clone());
    let look = me
        .service
        .store
        .read(Cost::Point, move |conn| second_proof::look(conn, &session, &secret, now));
    me.service.links.look(caller::place(&request), None, look, is_wrong).await??;
    me.write(me.context(), move |transaction, current| {
        second_proof::confirm(transaction, current, &link.token)
    })
    .await?;
    Ok(Json(SessionProof { fresh_until: fresh_until(now, None) }))
}
