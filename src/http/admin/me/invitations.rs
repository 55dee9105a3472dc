//! `/api/v1/me/invitations`: the invitations to the addresses that the person has proved.

use actix_web::HttpRequest;
use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::invitations::acceptance::Offer;
use crate::administration::invitations::own;
use crate::enterprise::Timestamp;
use crate::http::admin::acceptance::{AcceptedInvitation, OfferedPlace};
use crate::http::admin::acting::Shown;
use crate::http::admin::answers::NoContent;
use crate::http::admin::api::Api;
use crate::http::admin::list::{List, Paged};
use crate::http::admin::session::SignedIn;
use crate::http::base::problem::Problem;
use crate::http::signing_in;
use crate::store::{Scope, WriteContext};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/me/invitations", "me.list-invitations", list)
        .summary("The pending invitations to addresses that you have proved, in all accounts")
        .description(
            "A session that single sign-on opened lists those of the same account to the address \
             that it was opened with.",
        );
    api.post("/me/invitations/{id}/accept", "me.accept-invitation", accept)
        .summary("Accepts an invitation; its seat becomes the member's")
        .refuses(&[409]);
    api.post("/me/invitations/{id}/decline", "me.decline-invitation", decline)
        .summary("Declines an invitation; its seat is free, and who invited sees it")
        .refuses(&[409]);
}

/// A pending invitation to you.
#[derive(Debug, JsonSchema, Serialize)]
pub struct MyInvitation {
    /// The id of the invitation, `uinv_…`, for the paths below `/me/invitations`.
    id: String,
    /// The name of the account that invites you.
    account_name: String,
    /// The address of yours that is invited, and that the new member will have.
    email: String,
    /// The name of who invited, as it was then; null if that was not kept.
    invited_by: Option<String>,
    /// When the invitation expires, 30 days after it was last sent.
    expires_at: Timestamp,
    /// The organizations that the member will reach directly.
    organizations: Vec<OfferedPlace>,
    /// The teams that the member will join.
    teams: Vec<OfferedPlace>,
}

impl From<Offer> for MyInvitation {
    fn from(offer: Offer) -> Self {
        let Offer { account, invitation, targets, .. } = offer;
        let (organizations, teams) = OfferedPlace::of(targets);
        Self {
            id: invitation.id,
            account_name: account,
            email: invitation.email,
            invited_by: invitation.inviter_name,
            expires_at: invitation.expires_at,
            organizations,
            teams,
        }
    }
}

async fn list(me: SignedIn, paging: Paged) -> Shown<List<MyInvitation>> {
    let (now, (after, limit)) = (me.service.store.clock().now(), paging.range()?);
    let page =
        me.read(move |conn, current| own::list(conn, &current.session, now, after, limit)).await?;
    Ok(Json(paging.list(page, MyInvitation::from)))
}

/// Returns the context in which the person answers an invitation: that of its account.
async fn answering(
    me: &SignedIn,
    request: &HttpRequest,
    id: &str,
) -> Result<WriteContext, Problem> {
    let id = id.to_owned();
    let found = me.read(move |conn, current| own::require(conn, &current.session, &id)).await?;
    let email = &me.current.person.email;
    Ok(signing_in::by_person(request, Scope(found.enterprise_pk), email))
}

async fn accept(me: SignedIn, id: Path<String>, request: HttpRequest) -> Shown<AcceptedInvitation> {
    let by = answering(&me, &request, &id).await?;
    let joined = me
        .write(by, move |transaction, current| {
            own::accept(transaction, &current.session, &current.person, &id)
        })
        .await?;
    Ok(Json(joined.into()))
}

async fn decline(
    me: SignedIn,
    id: Path<String>,
    request: HttpRequest,
) -> Result<NoContent, Problem> {
    let by = answering(&me, &request, &id).await?;
    me.write(by, move |transaction, current| own::decline(transaction, &current.session, &id))
        .await
        .map(NoContent::from)
}
