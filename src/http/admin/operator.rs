//! `/api/v1/operator`: what the operator of the server does for all accounts.

use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{FromRequest, HttpRequest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::answers::{Created, NoContent};
use super::api::{Access, Api, Argument, Signature};
use super::body::Body;
use super::credentials::bearer_token;
use super::list::{List, Paged};
use super::query::{self, Query};
use crate::administration::plans::codes::{self, Issue, IssuedCode};
use crate::administration::{AdministrationError, operator_lists};
use crate::enterprise::Timestamp;
use crate::enterprise::activation_code::CodeState;
use crate::enterprise::audit::{Actor, ActorKind, Origin};
use crate::enterprise::permissions::{Credential, Power};
use crate::enterprise::plan::Plan;
use crate::enterprise::token::{self, TokenKind};
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::base::{bodies, caller, request_id};
use crate::store::activation_codes::CodeRow;
use crate::store::plans::PlanRow;
use crate::store::{Conn, Cost, Scope, Transaction, WriteContext};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.post("/operator/activation-codes", "operator.create-code", issue)
        .formerly("issue-code")
        .summary("Issues an activation code, which is shown once; earlier ones are superseded");
    api.get("/operator/activation-codes", "operator.list-codes", list)
        .formerly("codes")
        .summary("All activation codes, in order of issue");
    api.delete("/operator/activation-codes/{id}", "operator.revoke-code", revoke)
        .summary("Revokes an activation code that was not used");
    api.get("/operator/accounts", "operator.list-accounts", accounts)
        .formerly("accounts")
        .summary("All accounts, with plan and seats");
}

/// The operator, authenticated by the token from the configuration.
pub struct Operator {
    service: Data<Service>,
    origin: Arc<Origin>,
}

impl Operator {
    async fn read<R: Send + 'static>(
        &self,
        work: impl Fn(&mut Conn) -> Result<R, AdministrationError> + Send + 'static,
    ) -> Result<R, Problem> {
        Ok(self.service.store.read(Cost::SERVER, work).await?)
    }

    async fn write<R: Send + 'static>(
        &self,
        work: impl FnMut(&mut Transaction<'_>) -> Result<R, AdministrationError> + Send + 'static,
    ) -> Result<R, Problem> {
        let context = WriteContext::new(Scope::NONE, Arc::clone(&self.origin));
        Ok(self.service.store.write(context, work).await?)
    }
}

impl Argument for Operator {
    fn describe(signature: &mut Signature<'_>) {
        signature.needs(Access::Operator);
    }
}

impl FromRequest for Operator {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let service = request.app_data::<Data<Service>>().ok_or_else(unauthorized)?.clone();
            let token = bearer_token(&request).ok_or_else(unauthorized)?;
            let is_operator =
                service.secrets.is_operator(token) && Credential::OperatorToken.may(Power::Operate);
            let refusal = || token::kind(token).map_or_else(wrong_token, of_another_kind);
            let look = std::future::ready(if is_operator { Ok(()) } else { Err(refusal()) });
            service.operators.look(caller::place(&request), None, look, |_| true).await??;
            bodies::raise_limit(&request);
            let actor = Actor::the(ActorKind::Operator);
            let origin = Origin { actor, request_id: request_id::id_of(&request) };
            Ok(Self { service, origin: Arc::new(origin) })
        })
    }
}

fn unauthorized() -> Problem {
    refused("")
}

fn wrong_token() -> Problem {
    refused("This is not the operator's token, or the server was started without one. ")
}

fn of_another_kind(kind: TokenKind) -> Problem {
    refused(&format!("This is {kind}, which opens something else. "))
}

fn refused(what: &str) -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "unauthorized",
        format!(
            "{what}The operator's token is needed: Authorization: Bearer …, as the server was started \
             with in INSOMNIA_SCIM_OPERATOR_TOKEN."
        ),
    )
}

/// An activation code.
#[derive(Debug, JsonSchema, Serialize)]
struct ActivationCode {
    /// The id of the code, `code_…`; it is not the code that the customer enters.
    id: String,
    /// The name of the customer, or of the account, that the code was issued for.
    customer: String,
    /// The number of seats that the account gets.
    seats: i64,
    /// The term of the plan in days, from when the code is entered.
    days: i64,
    /// How far the code is; only an `issued` one can be entered.
    state: CodeState,
    /// When the code was issued.
    issued_at: Timestamp,
    /// When the code was entered; null if it was not.
    used_at: Option<Timestamp>,
}

impl From<CodeRow> for ActivationCode {
    fn from(row: CodeRow) -> Self {
        Self {
            id: row.id,
            customer: row.customer,
            seats: row.seats,
            days: row.days,
            state: row.state,
            issued_at: row.issued_at,
            used_at: row.used_at,
        }
    }
}

/// A new activation code, with the code itself.
#[derive(Debug, JsonSchema, Serialize)]
struct CreatedActivationCode {
    #[serde(flatten)]
    listed: ActivationCode,
    /// The code to give to the customer, who enters it once. It is not shown again.
    code: String,
}

impl From<IssuedCode> for CreatedActivationCode {
    fn from(issued: IssuedCode) -> Self {
        Self { listed: issued.row.into(), code: issued.code }
    }
}

async fn issue(
    operator: Operator,
    Body(new): Body<Issue>,
) -> Result<Created<CreatedActivationCode>, Problem> {
    let issued = operator.write(move |transaction| codes::issue(transaction, &new)).await?;
    Ok(Created::new(&CreatedActivationCode::from(issued)))
}

/// Which codes or accounts are wanted; without any field, all of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct WantedByName {
    /// Only those of which each word of this begins a word of the customer's or account's name.
    #[schemars(length(max = 255))]
    search: Option<String>,
}

async fn list(
    operator: Operator,
    Query(wanted): Query<WantedByName>,
    paging: Paged,
) -> Shown<List<ActivationCode>> {
    let search = query::search(wanted.search)?;
    let (from, limit) = paging.place(search.as_ref())?;
    let listing = operator
        .read(move |conn| operator_lists::codes(conn, search.as_ref(), (&from, limit)))
        .await?;
    Ok(Json(paging.listing(listing, ActivationCode::from)))
}

async fn revoke(operator: Operator, id: Path<String>) -> Result<NoContent, Problem> {
    operator.write(move |transaction| codes::revoke(transaction, &id)).await.map(NoContent::from)
}

/// An account of the server.
#[derive(Debug, JsonSchema, Serialize)]
struct AccountSummary {
    /// The id of the account, `ent_…`.
    id: String,
    /// The name of the account.
    name: String,
    /// The plan of the account.
    plan: Plan,
    /// Whether the plan is active; if not, only the owner reaches the account, to read.
    active: bool,
    /// The number of seats that the account has.
    seats: i64,
    /// The number of seats that active members and pending invitations hold.
    seats_used: i64,
    /// When the plan ends; null if it has no end.
    ends_at: Option<Timestamp>,
}

async fn accounts(
    operator: Operator,
    Query(wanted): Query<WantedByName>,
    paging: Paged,
) -> Shown<List<AccountSummary>> {
    let (search, now) = (query::search(wanted.search)?, operator.service.store.clock().now());
    let (from, limit) = paging.place(search.as_ref())?;
    let listing = operator
        .read(move |conn| operator_lists::accounts(conn, search.as_ref(), (&from, limit)))
        .await?;
    let show = |row: PlanRow| AccountSummary {
        active: row.is_active(now),
        seats_used: row.used(),
        id: row.id,
        name: row.name,
        plan: row.plan,
        seats: row.seats_total,
        ends_at: row.plan_ends_at,
    };
    Ok(Json(paging.listing(listing, show)))
}
