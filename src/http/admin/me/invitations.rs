//! `/api/v1/me/invitations`: the invitations to the addresses that the person has proved.

use actix_web::HttpRequest;
use actix_web::web::{Json, Path};

use crate::administration::invitations::own;
use crate::http::admin::acting::Shown;
use crate::http::admin::answers::NoContent;
use crate::http::admin::api::Api;
use crate::http::admin::list::Paged;
use crate::http::admin::session::SignedIn;
use crate::http::base::problem::Problem;
use crate::http::signing_in;
use crate::store::{Scope, WriteContext};
use crate::views::acceptance::AcceptedInvitation;
use crate::views::list::List;
use crate::views::me::invitations::MyInvitation;

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
