//! `/api/v1/operator`: what whoever runs the server does for all accounts.

use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::{Access, Api};
use super::body::Body;
use super::credentials::bearer_token;
use super::list::{List, Paged, Paging};
use crate::administration::plans::codes::{self, Issue, IssuedCode};
use crate::administration::{AdministrationError, Page};
use crate::enterprise::Timestamp;
use crate::enterprise::audit::{Actor, ActorKind, Origin};
use crate::enterprise::permissions::{Credential, Power};
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::base::{bodies, caller, request_id};
use crate::store::activation_codes::CodeRow;
use crate::store::plans::{self, PlanRow};
use crate::store::{By, Cost, Scope};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.post("/operator/activation-codes", "operator.issue-code", issue)
        .summary("Issues an activation code, which is shown once; earlier ones are superseded")
        .needs(Access::Operator)
        .body::<NewCode>()
        .answers::<CreatedCode>(201);
    api.get("/operator/activation-codes", "operator.codes", list)
        .summary("All activation codes, in order of issue")
        .needs(Access::Operator)
        .query::<Paging>()
        .answers::<List<Code>>(200);
    api.delete("/operator/activation-codes/{id}", "operator.revoke-code", revoke)
        .summary("Revokes an activation code that was not used")
        .needs(Access::Operator)
        .answers_nothing(204);
    api.get("/operator/accounts", "operator.accounts", accounts)
        .summary("All accounts, with plan and seats")
        .needs(Access::Operator)
        .query::<Paging>()
        .answers::<List<Account>>(200);
}

/// The operator, by the token from the configuration.
pub struct Operator {
    origin: Arc<Origin>,
}

impl Operator {
    /// Who writes, and where.
    fn by(&self, scope: Scope) -> By {
        By::new(scope.0, Arc::clone(&self.origin))
    }
}

impl FromRequest for Operator {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let service = request.app_data::<web::Data<Service>>().ok_or_else(unauthorized)?;
            let token = bearer_token(&request).ok_or_else(unauthorized)?;
            let is_operator =
                service.secrets.is_operator(token) && Credential::OperatorToken.may(Power::Operate);
            let look = std::future::ready(if is_operator { Ok(()) } else { Err(unauthorized()) });
            service.operators.look(caller::place(&request), None, look, |_| true).await??;
            bodies::admit(&request);
            let actor = Actor::the(ActorKind::Operator);
            let origin = Origin { actor, request_id: request_id::id_of(&request) };
            Ok(Self { origin: Arc::new(origin) })
        })
    }
}

fn unauthorized() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "unauthorized",
        "The operator's token is needed: Authorization: Bearer …, as the server was started with in \
         INSOMNIA_SCIM_OPERATOR_TOKEN.",
    )
}

/// What is said of a new code.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewCode {
    /// Whom it is for; not needed with `account_id`.
    customer: Option<String>,
    /// The account that it is for, if there is one yet.
    account_id: Option<String>,
    /// Seats.
    seats: i64,
    /// The term, in days from the activation.
    days: i64,
}

/// A code as listed.
#[derive(Debug, JsonSchema, Serialize)]
struct Code {
    id: String,
    customer: String,
    seats: i64,
    days: i64,
    state: String,
    issued_at: String,
    used_at: Option<String>,
}

impl From<CodeRow> for Code {
    fn from(row: CodeRow) -> Self {
        Self {
            id: row.id,
            customer: row.customer,
            seats: row.seats,
            days: row.days,
            state: row.state,
            issued_at: Timestamp(row.issued_at).to_rfc3339(),
            used_at: row.used_at.map(|at| Timestamp(at).to_rfc3339()),
        }
    }
}

/// A new code.
#[derive(Debug, JsonSchema, Serialize)]
struct CreatedCode {
    #[serde(flatten)]
    listed: Code,
    /// For the customer. It is not shown again.
    code: String,
}

impl From<IssuedCode> for CreatedCode {
    fn from(issued: IssuedCode) -> Self {
        Self { listed: issued.row.into(), code: issued.code }
    }
}

/// `POST /api/v1/operator/activation-codes`.
async fn issue(
    service: web::Data<Service>,
    InOrder(operator, Body(new)): InOrder<Operator, Body<NewCode>>,
) -> Result<HttpResponse, Problem> {
    let issue =
        Issue { customer: new.customer, account: new.account_id, seats: new.seats, days: new.days };
    let issued = service
        .store
        .write(operator.by(Scope::NEW), move |transaction| codes::issue(transaction, &issue))
        .await?;
    Ok(HttpResponse::Created().json(CreatedCode::from(issued)))
}

/// `GET /api/v1/operator/activation-codes`.
async fn list(
    service: web::Data<Service>,
    _operator: Operator,
    paging: Paged,
) -> Result<web::Json<List<Code>>, Problem> {
    let (after, limit) = paging.range()?;
    let page =
        service.store.read(Cost::SERVER, move |conn| codes::list(conn, after, limit)).await?;
    Ok(web::Json(paging.list(page, Code::from)))
}

/// `DELETE /api/v1/operator/activation-codes/{id}`.
async fn revoke(
    service: web::Data<Service>,
    operator: Operator,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    service
        .store
        .write(operator.by(Scope::NEW), move |transaction| codes::revoke(transaction, &id))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// An account as the operator sees it.
#[derive(Debug, JsonSchema, Serialize)]
struct Account {
    id: String,
    name: String,
    plan: String,
    active: bool,
    seats: i64,
    seats_used: i64,
    ends_at: Option<String>,
}

/// `GET /api/v1/operator/accounts`.
async fn accounts(
    service: web::Data<Service>,
    _operator: Operator,
    paging: Paged,
) -> Result<web::Json<List<Account>>, Problem> {
    let (after, limit) = paging.range()?;
    let now = service.store.clock().now();
    let page = service
        .store
        .read(Cost::SERVER, move |conn| {
            let rows = plans::all(conn, after, limit + 1)?;
            Ok::<_, AdministrationError>(Page::of(rows, limit, |row| row.pk))
        })
        .await?;
    let show = |row: PlanRow| Account {
        active: row.is_active(now),
        seats_used: row.used(),
        id: row.id,
        name: row.name,
        plan: row.plan,
        seats: row.seats_total,
        ends_at: row.plan_ends_at.map(|at| Timestamp(at).to_rfc3339()),
    };
    Ok(web::Json(paging.list(page, show)))
}
