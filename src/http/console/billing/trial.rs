//! Starting the trial.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{PATH, State, TITLE, UPDATE, read, way_out};
use crate::administration::plans;
use crate::enterprise::plan::{Plan, TRIAL_DAYS, TRIAL_SEATS};
use crate::http::admin::permits::{Reading, StartTrial};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::words::Label;
use crate::http::pages::parts::{Filled, Form, confirmation, link, main_link};

const NAME: &str = "Start 14 day trial";
const ABOVE: &[(&str, &str)] = &[(TITLE, PATH)];

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/billing/trial", ask, start));
}

/// `GET /app/billing/trial`.
async fn ask(visit: Visit<Reading<StartTrial>>) -> Answer {
    let state = read(&visit).await?;
    Ok(visit.show(NAME, ABOVE, &question(&visit, &state, &Filled::new(), None)))
}

fn question<P>(
    visit: &Visit<P>,
    state: &State,
    filled: &Filled,
    problem: Option<&Problem>,
) -> Markup {
    if let (Some(refusal), None) = (&state.trial, problem) {
        let ways = html! {
            div.actions {
                (main_link("Enter activation code", &visit.at(UPDATE)))
                (link(TITLE, &visit.at(PATH)))
            }
        };
        return confirmation("The trial cannot be started", &html! { p { (refusal) } }, &ways);
    }
    let next = plans::after_trial(&state.row);
    let content = html! {
        p { "For " (TRIAL_DAYS) " days the account has everything that Enterprise includes, with " (TRIAL_SEATS) " seats." }
        ul {
            li { "There is one trial for each account." }
            li { "It ends by itself; nothing has to be cancelled." }
            li { "It cannot be turned into a paid plan before it ends." }
            li {
                "Then the account goes back to " (next.label())
                " and is inactive until you reactivate it or enter an activation code."
                @if next == Plan::Pro { " What is left of the paid term of Pro is kept." }
            }
            li {
                "Teams, domains, single sign-on, SCIM and the rules of invitations and storage then rest, \
                 with their data kept."
            }
        }
    };
    let (action, back) = (visit.at("/app/billing/trial"), visit.at(PATH));
    let form = Form::new(&action, &[], "Start trial").or_back(&back).render(filled);
    confirmation("Start the 14 day trial?", &content, &html! { (form) (way_out(visit, problem)) })
}

/// `POST /app/billing/trial`.
async fn start(visit: Visit<StartTrial>, sent: Sent) -> Answer {
    match visit.admin.write(plans::start_trial).await {
        Ok(_) => Ok(visit.go(PATH, Notice::TrialStarted)),
        Err(problem) => {
            let state = read(&visit).await?;
            let content = question(&visit, &state, &sent.refused(&problem), Some(&problem));
            Ok(visit.show_again(&problem, NAME, ABOVE, &content))
        }
    }
}
