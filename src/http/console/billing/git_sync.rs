//! Switching Git Sync on or off.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{PATH, State, TITLE, read, way_out};
use crate::administration::plans;
use crate::http::admin::permits::{ManagePlan, Reading};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{Field, Filled, Form, Input, confirmation};

const NAME: &str = "Git Sync";
const ABOVE: &[(&str, &str)] = &[(TITLE, PATH)];
const FIELDS: &[Field<'_>] = &[Field::text("enabled", "").takes(Input::Hidden)];

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/billing/git-sync", ask, switch));
}

/// `GET /app/billing/git-sync`.
async fn ask(visit: Visit<Reading<ManagePlan>>) -> Answer {
    let state = read(&visit).await?;
    let wanted = if state.row.git_sync_enabled { "false" } else { "true" };
    let filled = Filled::new().with("enabled", wanted);
    Ok(visit.show(NAME, ABOVE, &question(&visit, &state, &filled, None)))
}

fn question<P>(
    visit: &Visit<P>,
    state: &State,
    filled: &Filled,
    problem: Option<&Problem>,
) -> Markup {
    let on = filled.value("enabled") == "true";
    let (question, button) = if on {
        ("Switch Git Sync on?", "Switch on")
    } else {
        ("Switch Git Sync off?", "Switch off")
    };
    let sync = &state.plan.git_sync;
    let content = html! {
        p {
            @if on {
                "Members can keep projects in Git repositories again."
            } @else {
                "Nobody in the account can use Git Sync then. Projects in Git repositories stay where they \
                 are, and more members can be added."
            }
        }
        @if let Some(limit) = sync.limit {
            p { "Under Essentials, Git Sync serves " (limit) " active users; " (sync.active_users) " are active." }
        }
    };
    let (action, back) = (visit.at("/app/billing/git-sync"), visit.at(PATH));
    let form = Form::new(&action, FIELDS, button).or_back(&back).render(filled);
    confirmation(question, &content, &html! { (form) (way_out(visit, problem)) })
}

/// `POST /app/billing/git-sync`.
async fn switch(visit: Visit<ManagePlan>, sent: Sent) -> Answer {
    let done = async {
        let enabled = sent.word::<bool>("enabled")?;
        visit
            .admin
            .write(move |transaction, account| plans::set_git_sync(transaction, account, enabled))
            .await
    }
    .await;
    match done {
        Ok(row) if row.git_sync_enabled => Ok(visit.go(PATH, Notice::GitSyncOn)),
        Ok(_) => Ok(visit.go(PATH, Notice::GitSyncOff)),
        Err(problem) => {
            let state = read(&visit).await?;
            let content = question(&visit, &state, &sent.refused(&problem), Some(&problem));
            Ok(visit.show_again(&problem, NAME, ABOVE, &content))
        }
    }
}
