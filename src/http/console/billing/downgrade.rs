//! Going down to Essentials: what rests then, and the typed confirmation.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{EXPORT, PATH, State, TITLE, read};
use crate::administration::plans;
use crate::administration::plans::resting::{Resting, resting};
use crate::http::admin::permits::DowngradePlan;
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::words::Label;
use crate::http::pages::parts::{Field, Filled, Form, confirmation, facts, link};

const NAME: &str = "Downgrade";
const ABOVE: &[(&str, &str)] = &[(TITLE, PATH)];

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/billing/downgrade", ask, downgrade));
}

async fn both(visit: &Visit<DowngradePlan>) -> Result<(State, Resting), Problem> {
    let state = read(visit).await?;
    Ok((state, visit.admin.read(resting).await?))
}

/// `GET /app/billing/downgrade`.
async fn ask(visit: Visit<DowngradePlan>) -> Answer {
    let (state, rest) = both(&visit).await?;
    Ok(visit.show(NAME, ABOVE, &question(&visit, &state, &rest, &Filled::new())))
}

fn question(
    visit: &Visit<DowngradePlan>,
    state: &State,
    rest: &Resting,
    filled: &Filled,
) -> Markup {
    let back = visit.at(PATH);
    if let Some(refusal) = &state.downgrade {
        let ways = html! { div.actions { (link(TITLE, &back)) } };
        let why = html! { p { (refusal) } };
        return confirmation("The account cannot be downgraded", &why, &ways);
    }
    let label = format!("Type {} to confirm", state.row.name);
    let fields = [Field::text("confirm", &label).answers(&["not-confirmed"])];
    let action = visit.at("/app/billing/downgrade");
    let form = Form::new(&action, &fields, "Downgrade").dangerous().or_back(&back).render(filled);
    let content = html! { (what(state, rest)) (export(visit)) };
    let question = format!("Downgrade from {} to Essentials?", state.plan.plan.label());
    confirmation(&question, &content, &form)
}

/// Lists what rests, in numbers.
fn what(state: &State, rest: &Resting) -> Markup {
    let word = |is_on: bool| html! { @if is_on { "On; stops" } @else { "Off" } };
    let is_enterprise = state.plan.plan.includes_advanced();
    html! {
        @if is_enterprise {
            p {
                "The account becomes inactive at once: nothing can be changed, and only an owner can read and \
                 export the data. These rest until Enterprise is active again:"
            }
        } @else {
            p { "The account goes on with Essentials. Its seats stay as they are." }
        }
        (facts(&[
            ("Members", html! { (rest.members) @if is_enterprise { " lose access" } }),
            ("Organizations", html! { (rest.organizations) }),
            ("Teams", html! { (rest.teams) }),
            ("Domains", html! { (rest.domains) }),
            ("SSO", word(rest.sso)),
            ("SCIM", word(rest.scim)),
            ("Storage rules", html! { @if rest.storage { "Set; rest" } @else { "Not set" } }),
        ]))
        p {
            "Nothing is deleted. To come back, an owner enters an activation code, or goes on with Essentials, on \
             the page Plan & billing."
        }
    }
}

fn export(visit: &Visit<DowngradePlan>) -> Markup {
    html! {
        div.actions { a.button href=(visit.at(EXPORT)) download { "Export data first" } }
    }
}

/// `POST /app/billing/downgrade`.
async fn downgrade(visit: Visit<DowngradePlan>, sent: Sent) -> Answer {
    let typed = sent.text("confirm").to_owned();
    let done = visit
        .admin
        .write(move |transaction, account| plans::downgrade(transaction, account, &typed))
        .await;
    match done {
        Ok(_) => Ok(visit.go(PATH, Notice::Downgraded)),
        Err(problem) => {
            let (state, rest) = both(&visit).await?;
            let content = question(&visit, &state, &rest, &sent.refused(&problem));
            Ok(visit.show_again(&problem, NAME, ABOVE, &content))
        }
    }
}
