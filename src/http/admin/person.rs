//! `/api/v1/session/…`: what is about the person who is signed in, in whichever account they act.

use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::{Access, Api};
use super::body::Body;
use super::list::List;
use super::session::{InPerson, SignedIn};
use crate::administration::AdministrationError;
use crate::administration::persons::addresses;
use crate::administration::sessions::Current;
use crate::enterprise::Timestamp;
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::signing_in;
use crate::store::users::ProvedAddress;
use crate::store::{Conn, Cost, StoreError};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.post("/session/memberships/{member_id}/join", "session.join", join)
        .summary("Joins an account that has added you, and waits for your answer")
        .needs(Access::Person)
        .answers::<Joined>(200)
        .refuses(&[409]);
    api.post("/session/memberships/{member_id}/decline", "session.decline", decline)
        .summary("Declines to be a member that an account has added; it does not ask again")
        .needs(Access::Person)
        .answers_nothing(204);
    api.get("/session/addresses", "session.addresses", list)
        .summary("The addresses that you have proved")
        .needs(Access::Person)
        .answers::<List<Address>>(200);
    api.post("/session/addresses", "session.add-address", ask)
        .summary("Sends a link that proves one more address of yours")
        .description(
            "You are known by each of your proved addresses wherever an account has it. A session \
             that single sign-on opened proves addresses of its account's own domains, for who has no \
             others; for any other address sign in by mail.",
        )
        .needs(Access::Session)
        .body::<NewAddress>()
        .answers_nothing(202);
    api.post("/session/addresses/confirm", "session.confirm-address", confirm)
        .summary("Proves an address with what the link ends with")
        .needs(Access::Session)
        .body::<Confirmation>()
        .answers::<Address>(200)
        .refuses(&[409]);
    api.patch("/session/addresses/{address}", "session.make-primary", make_primary)
        .summary("Makes an address the one that you are shown with and written to")
        .needs(Access::Person)
        .answers::<Address>(200);
    api.delete("/session/addresses/{address}", "session.remove-address", remove)
        .summary("Removes an address that is not the primary one")
        .needs(Access::Person)
        .answers_nothing(204)
        .refuses(&[409]);
}

/// An account that was joined.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Joined {
    account_id: String,
    name: String,
    member_id: String,
    role: String,
}

/// `POST /api/v1/session/memberships/{member_id}/join`.
async fn join(
    service: web::Data<Service>,
    request: HttpRequest,
    InPerson(signed_in): InPerson,
    member: web::Path<String>,
) -> Result<web::Json<Joined>, Problem> {
    let current = signed_in.current;
    let member = member.into_inner();
    let joined =
        signing_in::join(&service, &request, &current.session, &current.person, member).await?;
    Ok(web::Json(Joined {
        account_id: joined.account_id,
        name: joined.account_name,
        member_id: joined.member_id,
        role: joined.role,
    }))
}

/// `POST /api/v1/session/memberships/{member_id}/decline`.
async fn decline(
    service: web::Data<Service>,
    request: HttpRequest,
    InPerson(signed_in): InPerson,
    member: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let current = signed_in.current;
    let member = member.into_inner();
    signing_in::decline(&service, &request, &current.session, &current.person, member).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// An address that a person has proved.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Address {
    email: String,
    /// The one that you are shown with and written to.
    primary: bool,
    /// `link`, `sso`, or `record` for what was on record before proofs were kept.
    proof: String,
    proved_at: String,
}

impl Address {
    fn of(address: ProvedAddress, primary: bool) -> Self {
        Self {
            email: address.email,
            primary,
            proof: address.proof,
            proved_at: Timestamp(address.proved_at).to_rfc3339(),
        }
    }
}

/// `GET /api/v1/session/addresses`.
async fn list(
    service: web::Data<Service>,
    InPerson(signed_in): InPerson,
) -> Result<web::Json<List<Address>>, Problem> {
    let person = signed_in.current.person;
    let pk = person.pk;
    let read = move |conn: &mut Conn| addresses::proved(conn, pk);
    let proved = service.store.read::<_, StoreError>(Cost::Point, read).await?;
    let items = proved
        .into_iter()
        .map(|address| {
            let primary = address.email == person.email;
            Address::of(address, primary)
        })
        .collect();
    Ok(web::Json(List { items, next_cursor: None }))
}

/// An address to prove.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAddress {
    email: String,
}

/// `POST /api/v1/session/addresses`.
async fn ask(
    service: web::Data<Service>,
    InOrder(signed_in, Body(new)): InOrder<SignedIn, Body<NewAddress>>,
) -> Result<HttpResponse, Problem> {
    let public_url = service.public_url.clone();
    let by = signed_in.by().in_account(0);
    let Current { session, person, .. } = signed_in.current;
    service
        .store
        .write(by, move |transaction| {
            addresses::ask(transaction, (&session, &person), &new.email, &public_url)
        })
        .await?;
    Ok(HttpResponse::Accepted().finish())
}

/// What the link ends with.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    token: String,
}

/// `POST /api/v1/session/addresses/confirm`.
async fn confirm(
    service: web::Data<Service>,
    InOrder(signed_in, Body(confirmation)): InOrder<SignedIn, Body<Confirmation>>,
) -> Result<web::Json<Address>, Problem> {
    let by = signed_in.by().in_account(0);
    let Current { session, person, .. } = signed_in.current;
    let shown = person.email.clone();
    let proved = service
        .store
        .write(by, move |transaction| {
            addresses::confirm(transaction, (&session, &person), &confirmation.token)
        })
        .await?;
    let primary = proved.email == shown;
    Ok(web::Json(Address::of(proved, primary)))
}

/// `PATCH /api/v1/session/addresses/{address}`.
async fn make_primary(
    service: web::Data<Service>,
    InPerson(signed_in): InPerson,
    address: web::Path<String>,
) -> Result<web::Json<Address>, Problem> {
    let person = signed_in.current.person.clone();
    let proved = service
        .store
        .write(signed_in.by().in_account(0), move |transaction| {
            addresses::make_primary(transaction, &person, &address)
        })
        .await?;
    Ok(web::Json(Address::of(proved, true)))
}

/// `DELETE /api/v1/session/addresses/{address}`.
async fn remove(
    service: web::Data<Service>,
    InPerson(signed_in): InPerson,
    address: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let person = signed_in.current.person.clone();
    service
        .store
        .write(signed_in.by().in_account(0), move |transaction| {
            addresses::remove(transaction, &person, &address)
        })
        .await
        .map_err(|error: AdministrationError| Problem::from(error))?;
    Ok(HttpResponse::NoContent().finish())
}
