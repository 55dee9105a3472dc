//! Plan & billing: what the account has, until when, and what can be changed about it.

mod cards;
mod downgrade;
mod git_sync;
mod reactivate;
mod seats;
mod trial;

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::routing::shown;
use super::visit::{Answer, Visit};
use crate::administration::plans::{self, PlanError, Reactivation};
use crate::administration::{AdministrationError, audit, responsible};
use crate::enterprise::AccountPk;
use crate::enterprise::permissions::{Operation, Reach, reach};
use crate::http::admin::permits::ReadBilling;
use crate::http::base::problem::Problem;
use crate::http::pages::parts::link;
use crate::store::Conn;
use crate::store::audit::{AuditFilter, AuditRow};
use crate::store::plans::PlanRow;
use crate::store::responsible::ResponsibleRow;
use crate::views::account_plan::AccountPlan;

const TITLE: &str = "Plan & billing";
const PATH: &str = "/app/billing";
/// The page on which a plan is chosen.
const UPDATE: &str = "/app/subscription/update";
const LICENSES: &str = "/app/enterprise/licenses";
const EXPORT: &str = "/api/v1/export";
/// The number of changes of the plan that are shown.
const HISTORY: i64 = 20;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/billing", show))
        .configure(trial::routes)
        .configure(downgrade::routes)
        .configure(reactivate::routes)
        .configure(git_sync::routes)
        .configure(seats::routes);
}

/// What the page shows.
struct State {
    plan: AccountPlan,
    row: PlanRow,
    /// What reactivating would give; `None` if the account is active.
    back: Option<Reactivation>,
    /// The changes of the plan, the newest first; `None` if the reader may not see them.
    history: Option<Vec<AuditRow>>,
    /// Why the trial cannot be started, if so.
    trial: Option<PlanError>,
    /// Why the account cannot be downgraded, if so.
    downgrade: Option<PlanError>,
    /// Who changes the plan.
    owners: Vec<ResponsibleRow>,
    may: May,
}

/// What the reader may do.
#[derive(Clone, Copy)]
struct May {
    /// Change the plan.
    manage: bool,
    /// Start the trial.
    start_trial: bool,
    /// Export the account.
    export: bool,
    /// Read the audit log.
    audit: bool,
}

impl May {
    fn of<P>(visit: &Visit<P>) -> Self {
        let may = |operation| reach(visit.admin.role, operation) == Some(Reach::Account);
        Self {
            manage: may(Operation::ManagePlan),
            start_trial: may(Operation::StartTrial),
            export: may(Operation::ExportAccount),
            audit: may(Operation::ReadAudit),
        }
    }
}

async fn read<P>(visit: &Visit<P>) -> Result<State, Problem> {
    let (contacts, now, may) =
        (visit.admin.service.billing.clone(), visit.admin.now(), May::of(visit));
    let work = move |conn: &mut Conn, account: AccountPk| {
        let row = plans::get(conn, account)?;
        Ok::<_, AdministrationError>(State {
            plan: AccountPlan::of(conn, &row, &contacts, now)?,
            back: if row.is_active(now) { None } else { plans::reactivation(conn, account, now)? },
            history: if may.audit { Some(history(conn, account)?) } else { None },
            trial: plans::trial_refusal(&row, now),
            downgrade: plans::downgrade_refusal(&row),
            owners: if may.manage {
                Vec::new()
            } else {
                responsible::people(conn, account, Operation::ManagePlan)?
            },
            row,
            may,
        })
    };
    visit.admin.read_page(work).await
}

fn history(conn: &mut Conn, account: AccountPk) -> Result<Vec<AuditRow>, AdministrationError> {
    let actions = crate::enterprise::audit_actions::meant("plan.");
    let filter = AuditFilter { actions: Some(actions), ..AuditFilter::default() };
    Ok(audit::list(conn, account, &filter, None, HISTORY)?.0)
}

/// `GET /app/billing`.
async fn show(visit: Visit<ReadBilling>) -> Answer {
    let state = read(&visit).await?;
    let content = html! {
        header {
            div {
                h1 { (TITLE) }
                p.lead { "The plan of " (state.row.name) ", its seats, and how it is paid for." }
            }
        }
        (cards::all(&visit.frame, &state))
    };
    Ok(visit.show(TITLE, &[], &content))
}

/// Renders the way out of a refusal that more is in use than fits.
fn way_out<P>(visit: &Visit<P>, problem: Option<&Problem>) -> Markup {
    let is_too_few = problem.is_some_and(|problem| {
        matches!(problem.kind(), "too-few-seats" | "too-many-for-git-sync" | "git-sync-limit")
    });
    html! { @if is_too_few { div.actions { (link("Licenses", &visit.at(LICENSES))) } } }
}
