//! Going on with the plan that the account fell to.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::cards::go_on;
use super::{PATH, State, TITLE, UPDATE, read, way_out};
use crate::administration::plans;
use crate::http::admin::permits::{ManagePlan, Reading};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::words::Label;
use crate::http::pages::parts::{Filled, Form, confirmation, date, facts, link};

const NAME: &str = "Reactivate";
const ABOVE: &[(&str, &str)] = &[(TITLE, PATH)];

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/billing/reactivate", ask, reactivate));
}

/// `GET /app/billing/reactivate`.
async fn ask(visit: Visit<Reading<ManagePlan>>) -> Answer {
    let state = read(&visit).await?;
    Ok(visit.show(NAME, ABOVE, &question(&visit, &state, &Filled::new(), None)))
}

fn question<P>(
    visit: &Visit<P>,
    state: &State,
    filled: &Filled,
    problem: Option<&Problem>,
) -> Markup {
    let back = visit.at(PATH);
    let Some(plan) = &state.back else {
        let ways = html! { div.actions { (link(TITLE, &back)) } };
        let why = html! { p { "There is nothing to reactivate." } };
        return confirmation("The account is active", &why, &ways);
    };
    let content = html! {
        (facts(&[
            ("Plan", html! { (plan.plan.label()) }),
            ("Seats", html! { (plan.seats) ", of which " (state.plan.seats_used) " are in use" }),
            ("Until", match plan.ends_at {
                Some(end) => date(end),
                None => html! { span.muted { "No end" } },
            }),
        ]))
        p {
            "Everybody reaches their organizations again. What " (plan.plan.label()) " does not include \
             rests, with its data kept: teams, domains, single sign-on, SCIM, and the rules of invitations and \
             storage. To have them back, "
            a href=(visit.at(UPDATE)) { "enter an activation code" } " instead."
        }
        @if let (Some(refusal), None) = (&plan.refusal, problem) { p.wrong { (refusal) } }
    };
    let (action, button) = (visit.at("/app/billing/reactivate"), go_on(plan));
    let form = Form::new(&action, &[], &button).or_back(&back).render(filled);
    let form = html! { (form) (way_out(visit, problem)) };
    confirmation(&format!("Reactivate with {}?", plan.plan.label()), &content, &form)
}

/// `POST /app/billing/reactivate`.
async fn reactivate(visit: Visit<ManagePlan>, sent: Sent) -> Answer {
    match visit.admin.write(plans::reactivate).await {
        Ok(_) => Ok(visit.go(PATH, Notice::Reactivated)),
        Err(problem) => {
            let state = read(&visit).await?;
            let content = question(&visit, &state, &sent.refused(&problem), Some(&problem));
            Ok(visit.show_again(&problem, NAME, ABOVE, &content))
        }
    }
}
