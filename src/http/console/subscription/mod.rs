//! Change subscription plan: what the plans include, and the way to Enterprise by an activation code.

mod activate;
mod plans;

use actix_web::dev::Payload;
use actix_web::web::ServiceConfig;
use actix_web::{FromRequest, HttpRequest};
use maud::{Markup, html};

use super::routing::{form, sent, shown};
use super::visit::{Answer, OwnVisit};
use crate::administration::{AdministrationError, responsible};
use crate::enterprise::permissions::{Operation, reach};
use crate::enterprise::plan::Plan;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::permits::ReadBilling;
use crate::http::base::problem::Problem;
use crate::http::pages::parts::{Field, Filled, Form, card};
use crate::store::responsible::ResponsibleRow;
use crate::views::account_plan::AccountPlan;

const TITLE: &str = "Change subscription plan";
const PATH: &str = "/app/subscription/update";
const ACTIVATE: &str = "/app/subscription/activate";
const ACTIVATED: &str = "/app/subscription/activated";
const BILLING: &str = "/app/billing";

/// The refusals that belong to a code, whatever it is entered for.
const WRONG: &[&str] = &["invalid-code", "too-many-attempts"];

const CODE: &[Field<'_>] = &[Field::text("code", "Activation code")
    .hint("From the sales team. Dashes, blanks and letter case make no difference.")
    .answers(WRONG)];

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(form("/subscription/update", show, activate::verify))
        .service(sent("/subscription/activate", activate::activate))
        .service(shown("/subscription/activated", activate::activated));
}

/// The account that the reader acts in.
struct Account {
    plan: AccountPlan,
    /// Whether the reader may enter a code.
    may: bool,
    /// Who may.
    owners: Vec<ResponsibleRow>,
}

impl Account {
    /// Reads it; `None` if the reader acts in none.
    ///
    /// # Errors
    /// Fails if the reader may not see the plan.
    async fn read(visit: &OwnVisit, request: &HttpRequest) -> Result<Option<Self>, Problem> {
        let Some(role) = visit.frame.role() else { return Ok(None) };
        let admin = Administrator::<ReadBilling>::from_request(request, &mut Payload::None).await?;
        let (contacts, now) = (admin.service.billing.clone(), admin.now());
        let may = reach(role, Operation::ManagePlan).is_some();
        let read = move |conn: &mut _, account| {
            Ok::<_, AdministrationError>(Self {
                plan: AccountPlan::read(conn, account, &contacts, now)?,
                may,
                owners: responsible::people(conn, account, Operation::ManagePlan)?,
            })
        };
        admin.read(read).await.map(Some)
    }

    /// Returns whether a trial is running, during which no code is taken.
    fn is_in_trial(&self) -> bool {
        self.plan.active && self.plan.plan == Plan::Trial
    }
}

/// `GET /app/subscription/update`.
async fn show(visit: OwnVisit, request: HttpRequest) -> Answer {
    let account = Account::read(&visit, &request).await?;
    let content = page(&visit, account.as_ref(), &Filled::new());
    Ok(visit.show(TITLE, &[], &content))
}

fn page(visit: &OwnVisit, account: Option<&Account>, filled: &Filled) -> Markup {
    html! {
        header {
            div {
                h1 { (TITLE) }
                p.lead { "What each plan includes, and the way to Enterprise." }
            }
        }
        (plans::cards(visit, account))
        (card("Enterprise", &enterprise(visit, account, filled)))
        (plans::by_card(visit))
    }
}

/// Renders the field for the code, or says why there is none.
fn enterprise(visit: &OwnVisit, account: Option<&Account>, filled: &Filled) -> Markup {
    match account {
        Some(account) if !account.may => html! {
            p {
                "Only an owner enters an activation code"
                @if !account.owners.is_empty() {
                    ": ask "
                    (account.owners.iter().map(ResponsibleRow::in_words).collect::<Vec<_>>().join(", "))
                }
                "."
            }
        },
        Some(account) if account.is_in_trial() => html! {
            p {
                "The trial ends by itself, and cannot be turned into a paid plan before. Come back with your \
                 activation code when it has ended."
            }
        },
        _ => html! {
            p {
                @if account.is_some() {
                    "A code sets the seats and the term of this account anew."
                } @else {
                    "A code makes an Enterprise account, and you its owner."
                }
                " First you see what it gives; nothing changes before you activate it."
            }
            (Form::new(&visit.at(PATH), CODE, "Verify activation code").render(filled))
        },
    }
}
