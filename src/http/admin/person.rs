//! `/api/v1/session/…`: what concerns the signed-in person, whichever account they act in.

use actix_web::HttpRequest;
use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::answers::{Accepted, NoContent};
use super::api::Api;
use super::body::Body;
use super::session::{SignedIn, Unconfined};
use crate::administration::persons::{addresses, leaving};
use crate::administration::sessions::Current;
use crate::http::base::problem::Problem;
use crate::http::signing_in;
use crate::store::Scope;
use crate::views::list::List;
use crate::views::person::{JoinedAccount, OwnAddress};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.post("/session/memberships/{member_id}/join", "session.join", join)
        .summary("Joins an account that has added you, and waits for your answer")
        .refuses(&[409]);
    api.post("/session/memberships/{member_id}/decline", "session.decline", decline)
        .summary("Declines to be a member that an account has added; it does not ask again");
    api.post("/session/memberships/{member_id}/leave", "session.leave", leave)
        .summary("Leaves an account; its seat is free")
        .description(
            "Your member goes from the account and its teams, and with it its tokens. The last owner \
             stays. A member whom the account's identity provider keeps is unassigned there. The \
             session goes on without an account, unless it was opened through that account.",
        )
        .refuses(&[409]);
    api.get("/session/addresses", "session.list-addresses", list)
        .formerly("addresses")
        .summary("The addresses that you have proved");
    api.post("/session/addresses", "session.create-address", ask).formerly("add-address")
        .summary("Sends a link that proves one more address of yours")
        .description(
            "You are known by each of your proved addresses wherever an account has it. A session \
             that single sign-on opened proves addresses of its account's own domains, for who has no \
             others; for any other address sign in by mail.",
        );
    api.post("/session/addresses/confirm", "session.confirm-address", confirm)
        .summary("Proves an address with what the link ends with")
        .refuses(&[409]);
    api.patch("/session/addresses/{address}", "session.change-address", make_primary)
        .formerly("make-primary")
        .summary("Makes an address the one that you are shown with and written to");
    api.delete("/session/addresses/{address}", "session.delete-address", remove)
        .formerly("remove-address")
        .summary("Removes an address that is not the primary one")
        .refuses(&[409]);
}

async fn join(
    Unconfined(me): Unconfined,
    member: Path<String>,
    request: HttpRequest,
) -> Shown<JoinedAccount> {
    let Current { session, person, .. } = &me.current;
    let member = member.into_inner();
    let joined = signing_in::join(&me.service, &request, session, person, member).await?;
    Ok(Json(joined.into()))
}

async fn decline(
    Unconfined(me): Unconfined,
    member: Path<String>,
    request: HttpRequest,
) -> Result<NoContent, Problem> {
    let Current { session, person, .. } = &me.current;
    let member = member.into_inner();
    signing_in::decline(&me.service, &request, session, person, member).await?;
    Ok(().into())
}

async fn leave(
    me: SignedIn,
    member: Path<String>,
    request: HttpRequest,
) -> Result<NoContent, Problem> {
    let (now, id) = (me.service.store.clock().now(), member.clone());
    let left = me.read(move |conn, current| leaving::look(conn, current, &id, now)).await?;
    let email = &me.current.person.email;
    let by = signing_in::by_person(&request, Scope(left.enterprise_pk), email);
    me.write(by, move |transaction, current| leaving::leave(transaction, current, &member))
        .await
        .map(NoContent::from)
}

async fn list(Unconfined(me): Unconfined) -> Shown<List<OwnAddress>> {
    let items = me.read(|conn, current| OwnAddress::all(conn, &current.person)).await?;
    Ok(Json(List { items, next_cursor: None }))
}

/// An address to prove.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAddress {
    /// The address that the link is sent to.
    email: String,
}

async fn ask(me: SignedIn, Body(new): Body<NewAddress>) -> Result<Accepted, Problem> {
    let public_url = me.service.public_url.clone();
    me.write_as_person(move |transaction, Current { session, person, .. }| {
        addresses::ask(transaction, (session, person), &new.email, &public_url)
    })
    .await
    .map(Accepted::from)
}

/// The proof of an address.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressConfirmation {
    /// The token at the end of the link in the mail; it works once, within an hour.
    token: String,
}

async fn confirm(me: SignedIn, Body(confirmation): Body<AddressConfirmation>) -> Shown<OwnAddress> {
    me.write_as_person(move |transaction, Current { session, person, .. }| {
        let proved = addresses::confirm(transaction, (session, person), &confirmation.token)?;
        Ok(OwnAddress::of(proved.email == person.email, proved))
    })
    .await
    .map(Json)
}

async fn make_primary(Unconfined(me): Unconfined, address: Path<String>) -> Shown<OwnAddress> {
    me.write_as_person(move |transaction, current| {
        Ok(OwnAddress::of(true, addresses::make_primary(transaction, &current.person, &address)?))
    })
    .await
    .map(Json)
}

async fn remove(Unconfined(me): Unconfined, address: Path<String>) -> Result<NoContent, Problem> {
    me.write_as_person(move |transaction, current| {
        addresses::remove(transaction, &current.person, &address)
    })
    .await
    .map(NoContent::from)
}
