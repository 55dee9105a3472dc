//! `/api/v1/sign-ups`: new people, who have no credentials yet.

use actix_web::HttpRequest;
use actix_web::web::{Data, Json};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::answers::Accepted;
use super::api::Api;
use super::body::Body;
use crate::administration::sign_up::{self, SignUpName, SignedUp};
use crate::http::base::caller;
use crate::http::base::guesses::{TooMany, is_wrong};
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::signing_in;
use crate::store::{Cost, Scope};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.post("/sign-ups", "sign-ups.create", create)
        .summary("Signs up: sends a link to the address, which confirms it")
        .description("The answer is the same whether or not somebody has the address.");
    api.post("/sign-ups/confirm", "sign-ups.confirm", confirm)
        .summary("Confirms an address by the token in the mail, and makes the person")
        .description(
            "A person with an address in a captured domain becomes a member of the account that \
             has verified it. While that account has no free seat the token keeps working. Anybody \
             else gets an Essentials account of their own, unless an account has invited or added \
             them.",
        )
        .refuses(&[403, 404, 409]);
}

/// A new sign-up.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSignUp {
    /// Your address, to which the link that confirms it is sent.
    email: String,
    /// Your given name, a space and your family name; made from the address if left out.
    name: Option<String>,
}

async fn create(
    Body(new): Body<NewSignUp>,
    service: Data<Service>,
    request: HttpRequest,
) -> Result<Accepted, Problem> {
    let name = new.name.map_or(SignUpName::Unsaid, SignUpName::Whole);
    Ok(asked(&service, &request, new.email, name).await?.into())
}

/// Sends the mail with the link that confirms the address.
///
/// # Errors
/// Fails as [`sign_up::ask`] does, or if there were too many requests.
pub async fn asked(
    service: &Service,
    request: &HttpRequest,
    email: String,
    name: SignUpName,
) -> Result<(), Problem> {
    service.sign_up_asks.spend(&caller::place(request)).map_err(TooMany::Mails)?;
    let public_url = service.public_url.clone();
    let asked = service.write_for_stranger(Scope::NONE, move |transaction| {
        sign_up::ask(transaction, &email, &name, &public_url)
    });
    Ok(asked.await?)
}

/// The confirmation of a sign-up.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUpConfirmation {
    /// The token of the link in the mail, `insomnia_signup_…`; it works once, within 24 hours.
    token: String,
}

async fn confirm(
    Body(confirmation): Body<SignUpConfirmation>,
    service: Data<Service>,
    request: HttpRequest,
) -> Shown<SignedUp> {
    Ok(Json(confirmed(&service, &request, confirmation.token).await?))
}

/// Confirms the address, on the writer of the account that the person joins if there is one.
pub async fn confirmed(
    service: &Service,
    request: &HttpRequest,
    token: String,
) -> Result<SignedUp, Problem> {
    let (now, asked) = (service.store.clock().now(), token.clone());
    let look = service.store.read(Cost::Point, move |conn| sign_up::destination(conn, &asked, now));
    let destination = service.links.look(caller::place(request), None, look, is_wrong).await??;
    let account = destination.enterprise.into();
    let by = signing_in::by_person(request, account, &destination.email);
    Ok(service
        .write_for_stranger(by, move |transaction| {
            sign_up::confirm(transaction, &token, &destination)
        })
        .await?)
}
