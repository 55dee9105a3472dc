//! `/api/v1/plan`, and the first step of a new customer: `/api/v1/activations`.

use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ExportAccount, ManagePlan, ReadBilling, StartTrial};
use super::api::Api;
use super::body::Body;
use crate::administration::accounts::Founding;
use crate::administration::plans;
use crate::administration::plans::codes::{self, Activated};
use crate::administration::plans::export::{self, Position};
use crate::administration::{AdministrationError, accounts};
use crate::enterprise::Timestamp;
use crate::enterprise::git_sync::{ESSENTIALS_LIMIT, GitSync};
use crate::enterprise::permissions::Operation;
use crate::enterprise::plan::Plan as PlanWord;
use crate::http::base::caller;
use crate::http::base::guesses::is_wrong;
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::base::streaming::{self, Section};
use crate::http::signing_in;
use crate::store::plans::PlanRow;
use crate::store::{Conn, Cost, Scope, Transaction};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.post("/activations", "activations.create", activate)
        .summary("Makes an Enterprise account out of an activation code; you become its owner")
        .body::<Activation>()
        .answers::<NewAccount>(201)
        .refuses(&[403, 409]);
    api.get("/plan", "plan.read", read)
        .summary("The account's plan, until when, and its trial")
        .needs(Operation::ReadBilling)
        .answers::<Plan>(200);
    api.patch("/plan", "plan.change", change)
        .summary("Switches Git Sync on or off")
        .needs(Operation::ManagePlan)
        .body::<Change>()
        .answers::<Plan>(200);
    api.post("/plan/activations", "plan.activate", enter)
        .summary("Enters an activation code: its seats and its term")
        .needs(Operation::ManagePlan)
        .body::<Code>()
        .answers::<Plan>(200)
        .refuses(&[409]);
    api.post("/plan/trial", "plan.start-trial", start_trial)
        .summary("Starts the trial: Enterprise for 14 days with 50 seats, once")
        .needs(Operation::StartTrial)
        .answers::<Plan>(200)
        .refuses(&[409]);
    api.post("/plan/downgrade", "plan.downgrade", downgrade)
        .summary("Goes down to Essentials; nothing is lost, but the account is inactive")
        .needs(Operation::ManagePlan)
        .body::<Downgrade>()
        .answers::<Plan>(200)
        .refuses(&[409]);
    api.post("/plan/reactivation", "plan.reactivate", reactivate)
        .summary("Switches on again the paid plan that a trial has reverted to")
        .needs(Operation::ManagePlan)
        .answers::<Plan>(200)
        .refuses(&[409]);
    api.get("/export", "account.export", export)
        .summary("Everything in the account, as lines of JSON")
        .needs(Operation::ExportAccount)
        .answers_text(200, "application/x-ndjson");
}

/// A plan as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Plan {
    plan: PlanWord,
    /// Whether its operations are on; without, only the owner reaches the account, to read.
    active: bool,
    seats: i64,
    seats_used: i64,
    ends_at: Option<String>,
    /// Whole days until the end.
    days_left: Option<i64>,
    trial: Trial,
    git_sync: GitSyncState,
}

/// The trial as shown.
#[derive(Debug, JsonSchema, Serialize)]
struct Trial {
    /// When it began; an account has one.
    started_at: Option<String>,
    /// What it reverts to.
    reverts_to: Option<PlanWord>,
}

/// Git Sync as shown.
#[derive(Debug, JsonSchema, Serialize)]
struct GitSyncState {
    available: bool,
    enabled: bool,
    active_users: i64,
    /// How many users the plan serves; null where there is no limit.
    limit: Option<i64>,
    reason: Option<String>,
}

impl Plan {
    /// As it is at this time: what is over is over, whether or not the scheduler has come by.
    fn at(row: &PlanRow, now: Timestamp) -> Result<Self, AdministrationError> {
        let time = |at: i64| Timestamp(at).to_rfc3339();
        let (plan, git_sync) = (row.plan()?, plans::git_sync(row)?);
        let trial_runs = plan == PlanWord::Trial;
        Ok(Self {
            plan,
            active: row.is_active(now),
            seats: row.seats_total,
            seats_used: row.used(),
            ends_at: row.plan_ends_at.map(time),
            days_left: row.plan_ends_at.map(|end| ((end - now.0) / Timestamp::DAY).max(0)),
            trial: Trial {
                started_at: row.trial_started_at.map(time),
                reverts_to: row.trial_from()?.filter(|_| trial_runs),
            },
            git_sync: GitSyncState {
                available: git_sync == GitSync::Available,
                enabled: row.git_sync_enabled,
                active_users: row.seats_members,
                limit: (plan == PlanWord::Essentials).then_some(ESSENTIALS_LIMIT),
                reason: git_sync.reason(),
            },
        })
    }
}

/// A person's name.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PersonName {
    given: String,
    family: String,
}

/// What a new customer says.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Activation {
    /// The activation code from the sales team.
    code: String,
    /// Name of the account.
    account_name: String,
    /// Your address: you become the owner.
    owner_email: String,
    /// Your name; made from the address if not given.
    owner_name: Option<PersonName>,
}

/// A new account, with a token that is shown once.
#[derive(Debug, JsonSchema, Serialize)]
struct NewAccount {
    account_id: String,
    owner_id: String,
    /// Send it as `Authorization: Bearer …`. It is not shown again.
    admin_token: String,
    admin_token_expires_at: String,
    /// The organization that every account begins with.
    organization: &'static str,
}

impl From<Activated> for NewAccount {
    fn from(made: Activated) -> Self {
        Self {
            account_id: made.account_id,
            owner_id: made.owner_id,
            admin_token: made.admin_token,
            admin_token_expires_at: made.token_ends_at.to_rfc3339(),
            organization: accounts::FIRST_ORGANIZATION,
        }
    }
}

/// `POST /api/v1/activations`.
async fn activate(
    service: web::Data<Service>,
    request: HttpRequest,
    Body(new): Body<Activation>,
) -> Result<HttpResponse, Problem> {
    check(&service, &request, None, new.code.clone()).await?;
    let by = signing_in::by_person(&request, Scope::NEW, new.owner_email.trim());
    let founding = Founding {
        name: new.account_name,
        owner: new.owner_email,
        owner_name: new.owner_name.map(|name| (name.given, name.family)),
        seats: 1,
    };
    let code = new.code;
    let made = service
        .write_for_stranger(by, move |transaction| codes::found(transaction, &code, &founding))
        .await?;
    Ok(HttpResponse::Created().json(NewAccount::from(made)))
}

/// Looks at a code before anything is written for it.
async fn check(
    service: &Service,
    request: &HttpRequest,
    name: Option<&str>,
    code: String,
) -> Result<(), Problem> {
    let look = service.store.read(Cost::Point, move |conn| codes::look(conn, &code));
    Ok(service.codes.look(caller::place(request), name, look, is_wrong).await??)
}

/// `GET /api/v1/plan`.
async fn read(
    service: web::Data<Service>,
    admin: Administrator<ReadBilling>,
) -> Result<web::Json<Plan>, Problem> {
    let now = service.store.clock().now();
    let plan = service
        .store
        .read(Cost::Point, move |conn| Plan::at(&plans::get(conn, admin.enterprise)?, now))
        .await?;
    Ok(web::Json(plan))
}

/// Carries out a change of the plan, and shows the plan.
async fn write<P>(
    service: &Service,
    admin: Administrator<P>,
    work: impl Fn(&mut Transaction<'_>, i64) -> Result<PlanRow, AdministrationError> + Send + 'static,
) -> Result<web::Json<Plan>, Problem> {
    let enterprise = admin.enterprise;
    let plan = service
        .store
        .write(admin.by(), move |transaction| {
            let row = work(transaction, enterprise)?;
            Plan::at(&row, transaction.now())
        })
        .await?;
    Ok(web::Json(plan))
}

/// What can be changed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    git_sync_enabled: bool,
}

/// `PATCH /api/v1/plan`.
async fn change(
    service: web::Data<Service>,
    InOrder(admin, Body(change)): InOrder<Administrator<ManagePlan>, Body<Change>>,
) -> Result<web::Json<Plan>, Problem> {
    let enabled = change.git_sync_enabled;
    write(&service, admin, move |transaction, enterprise| {
        plans::set_git_sync(transaction, enterprise, enabled)
    })
    .await
}

/// An activation code.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
}

/// `POST /api/v1/plan/activations`.
async fn enter(
    service: web::Data<Service>,
    request: HttpRequest,
    InOrder(admin, Body(code)): InOrder<Administrator<ManagePlan>, Body<Code>>,
) -> Result<web::Json<Plan>, Problem> {
    let name = format!("account {}", admin.enterprise);
    check(&service, &request, Some(&name), code.code.clone()).await?;
    write(&service, admin, move |transaction, enterprise| {
        codes::enter(transaction, enterprise, &code.code)
    })
    .await
}

/// `POST /api/v1/plan/trial`.
async fn start_trial(
    service: web::Data<Service>,
    admin: Administrator<StartTrial>,
) -> Result<web::Json<Plan>, Problem> {
    write(&service, admin, plans::start_trial).await
}

/// What a downgrade is confirmed with.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Downgrade {
    /// The account's name, to confirm that this is meant.
    confirm: String,
}

/// `POST /api/v1/plan/downgrade`.
async fn downgrade(
    service: web::Data<Service>,
    InOrder(admin, Body(body)): InOrder<Administrator<ManagePlan>, Body<Downgrade>>,
) -> Result<web::Json<Plan>, Problem> {
    write(&service, admin, move |transaction, enterprise| {
        plans::downgrade(transaction, enterprise, &body.confirm)
    })
    .await
}

/// `POST /api/v1/plan/reactivation`.
async fn reactivate(
    service: web::Data<Service>,
    admin: Administrator<ManagePlan>,
) -> Result<web::Json<Plan>, Problem> {
    write(&service, admin, plans::reactivate).await
}

/// `GET /api/v1/export`.
async fn export(service: web::Data<Service>, admin: Administrator<ExportAccount>) -> HttpResponse {
    let enterprise = admin.enterprise;
    let read = move |conn: &mut Conn, at: &Position| {
        let (lines, next) = export::section(conn, enterprise, *at)?;
        let text = lines.iter().map(|line| format!("{line}\n")).collect();
        Ok::<_, AdministrationError>(Section { text, next })
    };
    let (media_type, first) = ("application/x-ndjson", Position::Account);
    streaming::answer(
        &service.store,
        Cost::Page(enterprise),
        media_type,
        "account.jsonl",
        String::new(),
        first,
        read,
    )
}
