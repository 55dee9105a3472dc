//! `/api/v1/activations`: the first step of a new customer, signed in or not.

use actix_web::HttpRequest;
use actix_web::web::{Data, Json};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::Created;
use super::api::Api;
use super::body::Body;
use super::permits::CorrectOwner;
use super::visitor::Visitor;
use crate::administration::accounts::Founding;
use crate::administration::ownership;
use crate::administration::persons::addresses;
use crate::administration::plans::codes;
use crate::http::base::caller;
use crate::http::base::guesses::is_wrong;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::signing_in;
use crate::store::activation_codes::CodeRow;
use crate::store::{Cost, Scope};
use crate::views::activations::{
    ActivatedAccount, ActivationOffer, ClaimedAccount, UnclaimedOwner,
};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.post("/activations/preview", "activations.preview", preview)
        .summary("What an activation code gives; it is not used by this")
        .refuses(&[403]);
    api.post("/activations", "activations.create", activate)
        .summary("Makes an Enterprise account out of an activation code; you become its owner")
        .description(
            "With a session the account is yours: you own it with an address that you have proved. \
             Without one the answer has a token for the account, and the owner's address gets a mail \
             with a link that claims it; until it is claimed, activations.change-owner corrects the \
             address.",
        )
        .refuses(&[401, 403, 409]);
    api.patch("/activations/owner", "activations.change-owner", correct)
        .summary(
            "Corrects the address of an owner who has not claimed the account; sends a new link",
        )
        .description(
            "Sent with the token that the activation answered. The link that was sent before ends, \
             also if the address is the same.",
        )
        .refuses(&[409]);
    api.post("/activations/claim", "activations.claim", claim)
        .summary("Claims a new account with what the link in the welcome mail ends with")
        .refuses(&[404, 409]);
}

/// An activation code to look at.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ShownCode {
    /// The activation code from the sales team.
    code: String,
}

/// Finds a code without using it, with the limit against guessing.
pub async fn look(
    service: &Service,
    request: &HttpRequest,
    name: Option<&str>,
    code: String,
) -> Result<CodeRow, Problem> {
    let look = service.store.read(Cost::Point, move |conn| codes::look(conn, &code));
    Ok(service.codes.look(caller::place(request), name, look, is_wrong).await??)
}

async fn preview(
    Body(shown): Body<ShownCode>,
    service: Data<Service>,
    request: HttpRequest,
) -> Shown<ActivationOffer> {
    let row = look(&service, &request, None, shown.code).await?;
    let now = service.store.clock().now();
    Ok(Json(ActivationOffer::at(row, now)))
}

/// A person's name.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PersonName {
    /// The given name.
    given: String,
    /// The family name.
    family: String,
}

/// The activation of a new account.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Activation {
    /// The activation code from the sales team; each works once.
    code: String,
    /// The name of the new account, at most 255 characters.
    account_name: String,
    /// The owner's address, to which the welcome mail goes. With a session it is one that you have
    /// proved, your primary one if left out; without a session it is needed.
    owner_email: Option<String>,
    /// The owner's name; made from the address if left out.
    owner_name: Option<PersonName>,
}

async fn activate(
    Visitor(signed_in): Visitor,
    Body(new): Body<Activation>,
    service: Data<Service>,
    request: HttpRequest,
) -> Result<Created<ActivatedAccount>, Problem> {
    look(&service, &request, None, new.code.clone()).await?;
    let Activation { code, account_name, owner_email, owner_name } = new;
    let (owner, person) = match signed_in {
        Some(me) => {
            addresses::refuse_confined(&me.current.session)?;
            let owner = me
                .read(move |conn, current| {
                    addresses::own(conn, &current.person, owner_email.as_deref())
                })
                .await?;
            (owner, Some(me.current.person))
        }
        None => {
            let typed = owner_email.ok_or_else(|| {
                Problem::bad_request("owner_email: it is needed unless you are signed in.")
            })?;
            (typed, None)
        }
    };
    let by = signing_in::by_person(&request, Scope::NONE, owner.trim());
    let named = owner_name.map(|name| (name.given, name.family));
    let founding = Founding { name: account_name, owner, owner_name: named, seats: 1 };
    let url = service.public_url.clone();
    let made = service
        .write_for_stranger(by, move |transaction| {
            codes::found(transaction, &code, &founding, person.as_ref(), &url)
        })
        .await?;
    Ok(Created::new(&ActivatedAccount::from(made)))
}

/// The right address of an owner who has not claimed the account.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OwnerCorrection {
    /// The owner's address, to which a new link is sent.
    owner_email: String,
}

async fn correct(
    admin: Administrator<CorrectOwner>,
    Body(correction): Body<OwnerCorrection>,
) -> Shown<UnclaimedOwner> {
    let (member, url) = (admin.member, admin.service.public_url.clone());
    admin
        .change(move |transaction, account| {
            ownership::correct(transaction, (account, member), &correction.owner_email, &url)
        })
        .await
}

/// The link of a welcome mail.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OwnershipClaim {
    /// The token at the end of the link in the mail, `insomnia_owner_…`; it works once.
    token: String,
}

async fn claim(
    Body(link): Body<OwnershipClaim>,
    service: Data<Service>,
    request: HttpRequest,
) -> Shown<ClaimedAccount> {
    let claimed = signing_in::claim_account(&service, &request, link.token).await?;
    Ok(Json(claimed.into()))
}
