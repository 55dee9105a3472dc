//! `/api/v1/plan`, and the first step of a new customer: `/api/v1/activations`.

use actix_web::HttpRequest;
use actix_web::web::Data;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, Download, JsonLines};
use super::api::Api;
use super::body::Body;
use super::permits::{DowngradePlan, ExportAccount, ManagePlan, ReadBilling, StartTrial};
use crate::administration::accounts::Founding;
use crate::administration::plans;
use crate::administration::plans::codes::{self, Activated};
use crate::administration::plans::export::{self, Position};
use crate::administration::{AdministrationError, accounts};
use crate::enterprise::git_sync::{ESSENTIALS_LIMIT, GitSync};
use crate::enterprise::plan::Plan;
use crate::enterprise::{AccountPk, Timestamp};
use crate::http::base::caller;
use crate::http::base::guesses::is_wrong;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::base::streaming::{Section, json_line};
use crate::http::signing_in;
use crate::store::plans::PlanRow;
use crate::store::{Cost, Scope, Transaction};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.post("/activations", "activations.create", activate)
        .summary("Makes an Enterprise account out of an activation code; you become its owner")
        .refuses(&[403, 409]);
    api.get("/plan", "plan.get", read)
        .formerly("read")
        .summary("The account's plan, until when, and its trial");
    api.patch("/plan", "plan.change", change).summary("Switches Git Sync on or off");
    api.post("/plan/activations", "plan.activate", enter)
        .summary("Enters an activation code: its seats and its term")
        .refuses(&[409]);
    api.post("/plan/trial", "plan.start-trial", start_trial)
        .summary("Starts the trial: Enterprise for 14 days with 50 seats, once")
        .refuses(&[409]);
    api.post("/plan/downgrade", "plan.downgrade", downgrade)
        .summary("Goes down to Essentials; nothing is lost, but the account is inactive")
        .refuses(&[409]);
    api.post("/plan/reactivation", "plan.reactivate", reactivate)
        .summary("Switches on again the paid plan that a trial has reverted to")
        .refuses(&[409]);
    api.get("/export", "account.export", export)
        .summary("Everything in the account, as lines of JSON");
}

/// The account's plan.
#[derive(Debug, JsonSchema, Serialize)]
pub struct AccountPlan {
    /// The plan that the account has now.
    plan: Plan,
    /// Whether the plan is active; if not, only the owner reaches the account, to read.
    active: bool,
    /// The number of seats that the account has.
    seats: i64,
    /// The number of seats that active members and pending invitations hold.
    seats_used: i64,
    /// When the plan or the trial ends; null if it has no end.
    ends_at: Option<Timestamp>,
    /// Whole days until `ends_at`, 0 once it is over; null if the plan has no end.
    days_left: Option<i64>,
    /// The account's trial.
    trial: Trial,
    /// Whether the account has Git Sync.
    git_sync: GitSyncState,
}

/// The trial of an account, which has only one.
#[derive(Debug, JsonSchema, Serialize)]
struct Trial {
    /// When the trial began; null if the account has not had its trial.
    started_at: Option<Timestamp>,
    /// The plan that follows when the trial ends; null unless the trial is running.
    reverts_to: Option<Plan>,
}

/// Whether the account has Git Sync.
#[derive(Debug, JsonSchema, Serialize)]
struct GitSyncState {
    /// Whether Git Sync works now: it is enabled and the plan serves all active users.
    available: bool,
    /// Whether an administrator has Git Sync switched on.
    enabled: bool,
    /// The number of active members of the account.
    active_users: i64,
    /// The number of active users that the plan serves; null if there is no limit.
    limit: Option<i64>,
    /// Why Git Sync does not work and what to do, as a sentence; null if it is available.
    reason: Option<String>,
}

impl AccountPlan {
    /// Makes the answer as of this time: a plan that is over counts as ended even if no job has
    /// ended it yet.
    fn at(row: &PlanRow, now: Timestamp) -> Self {
        let (plan, git_sync) = (row.plan, plans::git_sync(row));
        let trial_runs = plan == Plan::Trial;
        Self {
            plan,
            active: row.is_active(now),
            seats: row.seats_total,
            seats_used: row.used(),
            ends_at: row.plan_ends_at,
            days_left: row.plan_ends_at.map(|end| (end.millis_since(now) / Timestamp::DAY).max(0)),
            trial: Trial {
                started_at: row.trial_started_at,
                reverts_to: row.trial_from_plan.filter(|_| trial_runs),
            },
            git_sync: GitSyncState {
                available: git_sync == GitSync::Available,
                enabled: row.git_sync_enabled,
                active_users: row.seats_members,
                limit: (plan == Plan::Essentials).then_some(ESSENTIALS_LIMIT),
                reason: git_sync.reason(),
            },
        }
    }
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
    /// Your address: you become the owner of the account.
    owner_email: String,
    /// Your name; made from the address if left out.
    owner_name: Option<PersonName>,
}

/// A new account, with a token of its owner.
#[derive(Debug, JsonSchema, Serialize)]
struct ActivatedAccount {
    /// The id of the account, `ent_…`.
    account_id: String,
    /// The id of the member that you are in the account, its owner.
    owner_id: String,
    /// The token to send as `Authorization: Bearer …`. It is not shown again.
    admin_token: String,
    /// When `admin_token` ends, 90 days from now.
    admin_token_expires_at: Timestamp,
    /// The name of the organization that every account begins with.
    organization: &'static str,
}

impl From<Activated> for ActivatedAccount {
    fn from(made: Activated) -> Self {
        Self {
            account_id: made.account_id,
            owner_id: made.owner_id,
            admin_token: made.admin_token,
            admin_token_expires_at: made.token_ends_at,
            organization: accounts::FIRST_ORGANIZATION,
        }
    }
}

async fn activate(
    Body(new): Body<Activation>,
    service: Data<Service>,
    request: HttpRequest,
) -> Result<Created<ActivatedAccount>, Problem> {
    check(&service, &request, None, new.code.clone()).await?;
    let by = signing_in::by_person(&request, Scope::NONE, new.owner_email.trim());
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
    Ok(Created::new(&ActivatedAccount::from(made)))
}

/// Checks an activation code before anything is written.
async fn check(
    service: &Service,
    request: &HttpRequest,
    name: Option<&str>,
    code: String,
) -> Result<(), Problem> {
    let look = service.store.read(Cost::Point, move |conn| codes::look(conn, &code));
    Ok(service.codes.look(caller::place(request), name, look, is_wrong).await??)
}

async fn read(admin: Administrator<ReadBilling>) -> Shown<AccountPlan> {
    let now = admin.now();
    admin.show(move |conn, account| Ok(AccountPlan::at(&plans::get(conn, account)?, now))).await
}

/// Changes the plan and answers with it.
async fn write<P>(
    admin: Administrator<P>,
    work: impl Fn(&mut Transaction<'_>, AccountPk) -> Result<PlanRow, AdministrationError>
    + Send
    + 'static,
) -> Shown<AccountPlan> {
    admin
        .change(move |transaction, account| {
            let row = work(transaction, account)?;
            Ok(AccountPlan::at(&row, transaction.now()))
        })
        .await
}

/// Changes to the account's plan.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PlanChanges {
    /// Whether Git Sync is switched on for the account.
    git_sync_enabled: bool,
}

async fn change(
    admin: Administrator<ManagePlan>,
    Body(change): Body<PlanChanges>,
) -> Shown<AccountPlan> {
    let enabled = change.git_sync_enabled;
    write(admin, move |transaction, account| plans::set_git_sync(transaction, account, enabled))
        .await
}

/// An activation code to enter.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EnteredCode {
    /// The activation code from the sales team; it sets the account's seats and term anew.
    code: String,
}

async fn enter(
    admin: Administrator<ManagePlan>,
    Body(EnteredCode { code }): Body<EnteredCode>,
    request: HttpRequest,
) -> Shown<AccountPlan> {
    let name = format!("account {}", admin.enterprise.0);
    check(&admin.service, &request, Some(&name), code.clone()).await?;
    write(admin, move |transaction, account| codes::enter(transaction, account, &code)).await
}

async fn start_trial(admin: Administrator<StartTrial>) -> Shown<AccountPlan> {
    write(admin, plans::start_trial).await
}

/// The confirmation of a downgrade.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Downgrade {
    /// The name of the account, which confirms that the downgrade is meant.
    confirm: String,
}

async fn downgrade(
    admin: Administrator<DowngradePlan>,
    Body(Downgrade { confirm }): Body<Downgrade>,
) -> Shown<AccountPlan> {
    write(admin, move |transaction, account| plans::downgrade(transaction, account, &confirm)).await
}

async fn reactivate(admin: Administrator<ManagePlan>) -> Shown<AccountPlan> {
    write(admin, plans::reactivate).await
}

async fn export(admin: Administrator<ExportAccount>) -> Download<JsonLines> {
    let (head, first) = (String::new(), Position::Account);
    admin.download("account.jsonl", head, first, |conn, account, at| {
        let (lines, next) = export::section(conn, account, *at)?;
        Ok(Section { text: lines.iter().map(json_line).collect(), next })
    })
}
