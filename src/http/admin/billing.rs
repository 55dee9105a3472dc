//! `/api/v1/billing/events`: the signed events of the billing system.

use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Json};
use actix_web::{FromRequest, HttpRequest};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::acting::Shown;
use super::api::{Access, Api, Argument, Signature};
use super::body;
use crate::administration::accounts::Founding;
use crate::administration::plans::billing::{self, Event};
use crate::enterprise::audit::{Actor, ActorKind, Origin};
use crate::enterprise::billing::EventKind;
use crate::enterprise::permissions::{Credential, Power};
use crate::enterprise::plan::Plan;
use crate::enterprise::{Timestamp, signature};
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::base::{bodies, request_id};
use crate::store::{Cost, WriteContext};
use crate::views::billing::BillingAcknowledgement;

/// The maximum length of an event, in bytes: it has to be read before its signature can be
/// verified.
const LONGEST_EVENT: usize = 64 * 1024;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.post("/billing/events", "billing.receive-event", receive)
        .formerly("receive")
        .summary("What happened to a self-serve subscription; active at once, applied once")
        .description(
            "Signed: the header Insomnia-Signature is t=SECONDS,v1=HEX, where HEX is the \
             HMAC-SHA256 of SECONDS.BODY. An event that is sent again, or is older than one that \
             was applied, is acknowledged and changes nothing.",
        )
        .refuses(&[404, 409]);
}

/// A JSON body with a valid signature of the billing system.
struct Signed<T>(T);

impl<T: DeserializeOwned + JsonSchema + 'static> Argument for Signed<T> {
    fn describe(signature: &mut Signature<'_>) {
        signature.needs(Access::Signature);
        signature.body::<T>();
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Signed<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        bodies::allow(request, LONGEST_EVENT);
        let (request, bytes) = (request.clone(), body::read(request, payload));
        Box::pin(async move {
            let bytes = bytes.await?;
            let header = request.headers().get("insomnia-signature");
            let header = header.and_then(|value| value.to_str().ok()).unwrap_or_default();
            let service = request
                .app_data::<Data<Service>>()
                .ok_or_else(|| unauthorized("it does not authorize this request"))?;
            let now = service.store.clock().now();
            signature::verify(&service.secrets.billing, header, &bytes, now)
                .map_err(|error| unauthorized(&error.to_string()))?;
            if !Credential::BillingSignature.may(Power::Bill) {
                return Err(unauthorized("it does not authorize this request"));
            }
            body::parse(&bytes).map(Self)
        })
    }
}

fn unauthorized(why: &str) -> Problem {
    let detail = format!("Insomnia-Signature: {why}.");
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
}

/// An event of a self-serve subscription.
#[derive(Debug, Deserialize, JsonSchema)]
struct BillingEvent {
    /// The event's id, the same however often the event is sent: it is applied once.
    id: String,
    /// What happened to the subscription.
    #[serde(rename = "type")]
    kind: EventKind,
    /// When it happened, RFC 3339; an event older than one that was applied changes nothing.
    #[schemars(extend("format" = "date-time"))]
    created_at: String,
    /// The subscription as it is after the event.
    data: Subscription,
}

/// A self-serve subscription as it is after an event.
#[derive(Debug, Deserialize, JsonSchema)]
struct Subscription {
    /// The billing system's id of the subscription, by which its account is found.
    subscription_id: String,
    /// The id of the account that the subscription pays for; needed in the first event unless an
    /// account is to be made, ignored afterwards.
    account_id: Option<String>,
    /// The name of the account to be made; needed in the first event, ignored afterwards.
    account_name: Option<String>,
    /// The address of the account's owner; needed in the first event, ignored afterwards.
    owner_email: Option<String>,
    /// The paid plan, `pro` or `enterprise`; needed in the first event, unchanged if left out
    /// later.
    plan: Option<Plan>,
    /// The number of paid seats, at least 1; needed in the first event, unchanged if left out
    /// later.
    seats: Option<i64>,
    /// The end of the term that was paid for, RFC 3339; unchanged if left out.
    #[schemars(extend("format" = "date-time"))]
    ends_at: Option<String>,
}

impl BillingEvent {
    fn read(self) -> Result<Event, Problem> {
        let data = self.data;
        let founding = data.account_name.zip(data.owner_email);
        Ok(Event {
            id: self.id,
            kind: self.kind,
            at: time("created_at", &self.created_at)?,
            subscription: data.subscription_id,
            account: data.account_id,
            founding: founding.map(|(name, owner)| Founding {
                name,
                owner,
                owner_name: None,
                seats: 1,
            }),
            plan: data.plan,
            seats: data.seats,
            ends_at: data.ends_at.map(|text| time("data.ends_at", &text)).transpose()?,
        })
    }
}

fn time(field: &str, text: &str) -> Result<Timestamp, Problem> {
    Timestamp::from_rfc3339(text).ok_or_else(|| {
        Problem::bad_request(format!("{field}: a time such as 2026-01-31T12:00:00Z."))
    })
}

async fn receive(
    Signed(sent): Signed<BillingEvent>,
    service: Data<Service>,
    request: HttpRequest,
) -> Shown<BillingAcknowledgement> {
    let event = sent.read()?;
    let asked = event.clone();
    let account =
        service.store.read(Cost::Point, move |conn| billing::account_of(conn, &asked)).await?;
    let origin =
        Origin { actor: Actor::the(ActorKind::Billing), request_id: request_id::id_of(&request) };
    let by = WriteContext::new(account, Arc::new(origin));
    let url = service.public_url.clone();
    let outcome = service
        .store
        .write(by, move |transaction| billing::apply(transaction, &event, &url))
        .await?;
    Ok(Json(outcome.into()))
}
