//! `/api/v1/plan`.

use actix_web::HttpRequest;
use actix_web::web::Json;
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::activations;
use super::administrator::Administrator;
use super::answers::{Accepted, Download, JsonLines};
use super::api::Api;
use super::body::Body;
use super::permits::{
    DowngradePlan, ExportAccount, ManagePlan, ReadBilling, Reading, RequestSeats, StartTrial,
};
use crate::administration::AdministrationError;
use crate::administration::plans;
use crate::administration::plans::codes;
use crate::administration::plans::export::{self, Position};
use crate::administration::plans::seat_requests::{self, SeatRequest};
use crate::enterprise::AccountPk;
use crate::http::base::caller;
use crate::http::base::guesses::is_wrong;
use crate::http::base::problem::Problem;
use crate::http::base::streaming::{Section, json_line};
use crate::store::plans::PlanRow;
use crate::store::{Cost, Transaction};
use crate::views::account_plan::AccountPlan;
use crate::views::plan::ActivationPreview;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/plan", "plan.get", read)
        .formerly("read")
        .summary("The account's plan, until when, and its trial");
    api.patch("/plan", "plan.change", change).summary("Switches Git Sync on or off");
    api.post("/plan/activations/preview", "plan.preview-activation", preview)
        .summary("What an activation code would do to the account; nothing is changed");
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
        .summary("Goes on with the plan that the account fell to after a trial or a term")
        .description(
            "Essentials, Pro, or what was paid for during the trial. Refused while more is in use \
             than that plan includes; removing and switching off is possible meanwhile. What the \
             plan does not include rests, with its data kept.",
        )
        .refuses(&[409]);
    api.post("/plan/seat-requests", "plan.request-seats", request_seats)
        .summary("Asks the sales team for more seats, by mail")
        .refuses(&[409]);
    api.get("/export", "account.export", export)
        .summary("Everything in the account, as lines of JSON");
}

async fn read(admin: Administrator<ReadBilling>) -> Shown<AccountPlan> {
    let (contacts, now) = (admin.service.billing.clone(), admin.now());
    admin.show(move |conn, account| AccountPlan::read(conn, account, &contacts, now)).await
}

/// Changes the plan and answers with it.
async fn write<P>(
    admin: Administrator<P>,
    work: impl Fn(&mut Transaction<'_>, AccountPk) -> Result<PlanRow, AdministrationError>
    + Send
    + 'static,
) -> Shown<AccountPlan> {
    let contacts = admin.service.billing.clone();
    admin
        .change(move |transaction, account| {
            let (row, now) = (work(transaction, account)?, transaction.now());
            AccountPlan::of(transaction, &row, &contacts, now)
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

async fn preview(
    admin: Administrator<Reading<ManagePlan>>,
    Body(EnteredCode { code }): Body<EnteredCode>,
    request: HttpRequest,
) -> Shown<ActivationPreview> {
    let (account, now) = (admin.enterprise, admin.now());
    let read = admin
        .service
        .store
        .read(Cost::Point, move |conn| codes::preview(conn, account, &code, now));
    let name = format!("account {}", account.0);
    let place = caller::place(&request);
    let preview = admin.service.codes.look(place, Some(&name), read, is_wrong).await??;
    Ok(Json(ActivationPreview::at(preview, now)))
}

async fn enter(
    admin: Administrator<ManagePlan>,
    Body(EnteredCode { code }): Body<EnteredCode>,
    request: HttpRequest,
) -> Shown<AccountPlan> {
    let name = format!("account {}", admin.enterprise.0);
    activations::look(&admin.service, &request, Some(&name), code.clone()).await?;
    write(admin, move |transaction, account| codes::enter(transaction, account, &code)).await
}

/// A request for more seats.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewSeatRequest {
    /// The number of seats that the account shall have in all; more than it has.
    seats: i64,
    /// What else the sales team needs to know, at most 1000 characters.
    message: Option<String>,
}

async fn request_seats(
    admin: Administrator<RequestSeats>,
    Body(NewSeatRequest { seats, message }): Body<NewSeatRequest>,
) -> Result<Accepted, Problem> {
    let request = SeatRequest { seats, message };
    let sales = admin.service.billing.sales.clone();
    let sent = admin.write(move |transaction, account| {
        seat_requests::request(transaction, account, &request, sales.as_deref())
    });
    Ok(sent.await?.into())
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
