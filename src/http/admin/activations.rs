//! `/api/v1/activations`: the first step of a new customer, signed in or not.

use actix_web::HttpRequest;
use actix_web::web::{Data, Json};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::Created;
use super::api::Api;
use super::body::Body;
use super::permits::CorrectOwner;
use super::visitor::Visitor;
use crate::administration::accounts::{FIRST_ORGANIZATION, Founding};
use crate::administration::ownership::{self, Claimed, Correction};
use crate::administration::persons::addresses;
use crate::administration::plans::codes::{self, Activated};
use crate::enterprise::plan::Plan;
use crate::enterprise::{Role, Timestamp};
use crate::http::base::caller;
use crate::http::base::guesses::is_wrong;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::signing_in;
use crate::store::activation_codes::CodeRow;
use crate::store::{Cost, Scope};

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

/// What an activation code gives.
#[derive(Debug, JsonSchema, Serialize)]
struct ActivationOffer {
    /// The name of the customer that the code was issued to.
    customer: String,
    /// Whether the code makes a new account; if not, it is entered in the customer's account
    /// (plan.activate).
    makes_account: bool,
    /// The plan that the account gets.
    plan: Plan,
    /// The number of seats that the account gets.
    seats: i64,
    /// The term in days, from when the code is used.
    days: i64,
    /// When the plan would end if the code were used now.
    ends_at: Timestamp,
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
    Ok(Json(ActivationOffer {
        customer: row.customer,
        makes_account: row.enterprise_pk.is_none(),
        plan: Plan::Enterprise,
        seats: row.seats,
        days: row.days,
        ends_at: now.plus_days(row.days),
    }))
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

/// A new account.
#[derive(Debug, JsonSchema, Serialize)]
struct ActivatedAccount {
    /// The id of the account, `ent_…`.
    account_id: String,
    /// The id of the member who is the owner of the account.
    owner_id: String,
    /// The token to send as `Authorization: Bearer …`. It is not shown again. Null with a session,
    /// which can act in the account (session.change).
    admin_token: Option<String>,
    /// When `admin_token` ends, 90 days from now; null without one.
    admin_token_expires_at: Option<Timestamp>,
    /// The name of the organization that every account begins with.
    organization: &'static str,
}

impl From<Activated> for ActivatedAccount {
    fn from(made: Activated) -> Self {
        let (admin_token, admin_token_expires_at) = made.admin_token.unzip();
        Self {
            account_id: made.account_id,
            owner_id: made.owner_id,
            admin_token,
            admin_token_expires_at,
            organization: FIRST_ORGANIZATION,
        }
    }
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

/// An owner who has not claimed the account.
#[derive(Debug, JsonSchema, Serialize)]
struct UnclaimedOwner {
    /// The id of the member who is the owner of the account.
    owner_id: String,
    /// The owner's address.
    owner_email: Option<String>,
    /// When the link that was sent there ends.
    link_expires_at: Timestamp,
}

impl From<Correction> for UnclaimedOwner {
    fn from(corrected: Correction) -> Self {
        Self {
            owner_id: corrected.owner.id,
            owner_email: corrected.owner.email,
            link_expires_at: corrected.link_ends_at,
        }
    }
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

/// An account that its owner has claimed.
#[derive(Debug, JsonSchema, Serialize)]
struct ClaimedAccount {
    /// The id of the account, `ent_…`.
    account_id: String,
    /// The name of the account.
    account_name: String,
    /// The id of the member that you are in the account.
    member_id: String,
    /// Your role in the account.
    role: Role,
    /// Your id as a person, `acct_…`, the same in all accounts.
    user_id: String,
    /// The address that you have proved by the link.
    email: String,
}

impl From<Claimed> for ClaimedAccount {
    fn from(claimed: Claimed) -> Self {
        Self {
            account_id: claimed.account.id,
            account_name: claimed.account.name,
            member_id: claimed.owner.id,
            role: claimed.owner.role,
            user_id: claimed.sign_in.person.id,
            email: claimed.sign_in.email,
        }
    }
}

async fn claim(
    Body(link): Body<OwnershipClaim>,
    service: Data<Service>,
    request: HttpRequest,
) -> Shown<ClaimedAccount> {
    let claimed = signing_in::claim_account(&service, &request, link.token).await?;
    Ok(Json(claimed.into()))
}
