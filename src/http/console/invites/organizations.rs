//! Organizations with a rule of their own about whom invitations may go to.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::{PATH, TITLE, consequences};
use crate::administration::{invite_control, organizations};
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageInviteControl, ReadAccount, Reading};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::{Wanted, Whole};
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Column, Filled, Form, Table, Tone, badge, confirmation, small_dialog,
};
use crate::views::invite_control::{InviteControlPreview, OrganizationRule};

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/enterprise/invite/organizations/{id}/reset", ask, reset));
}

/// Renders the list of organizations with a rule of their own.
///
/// # Errors
/// Returns 400 if the cursor is invalid.
pub async fn list(
    visit: &Visit<ReadAccount>,
    wanted: &Wanted<Whole>,
    paging: Paged,
) -> Result<Markup, Problem> {
    let (after, limit) = paging.range()?;
    let page = visit
        .admin
        .read_page(move |conn, account| invite_control::list_own(conn, account, after, limit))
        .await?;
    let own = paging.list(page, OrganizationRule::from);
    let next = wanted.next(&visit.at(PATH), own.next_cursor);
    Ok(html! {
        h2 { "Organizations with their own rule" }
        @if own.items.is_empty() && !wanted.narrows() {
            p.muted { "None: the account's rule counts in every organization." }
        } @else {
            (Table {
                caption: "Organizations with a rule of their own",
                columns: &[Column::text("Organization"), Column::text("Who may be invited"), Column::text("")],
                nothing: "There are no further ones.",
                rows: own.items.iter().map(|rule| row(visit, rule)).collect(),
                next,
            }.render())
        }
    })
}

fn row(visit: &Visit<ReadAccount>, rule: &OrganizationRule) -> Vec<Markup> {
    let id = &rule.organization_id;
    let organization = visit.at(&format!("/app/dashboard/organizations/{id}"));
    let reset = visit.at(&format!("{PATH}/organizations/{id}/reset"));
    vec![
        html! { a.thing href=(organization) { (rule.organization_name) } },
        html! {
            (rule.rule.label())
            @if !rule.domains.is_empty() {
                " " @for domain in &rule.domains { (badge(Tone::Neutral, domain)) " " }
            }
        },
        small_dialog("Use the account's rule", &reset),
    ]
}

async fn resetting<P>(visit: &Visit<P>, id: &str, filled: &Filled) -> Result<Markup, Problem> {
    let (of, now) = (id.to_owned(), visit.frame.now);
    let (name, preview) = visit
        .admin
        .read_page(move |conn, account| {
            let name = organizations::require(conn, account, &of)?.name;
            let preview = invite_control::preview(conn, account, now, Some(&of), None)?;
            Ok((name, InviteControlPreview::from(preview)))
        })
        .await?;
    let action = visit.at(&format!("{PATH}/organizations/{id}/reset"));
    let back = visit.at(PATH);
    let form = Form::new(&action, &[], "Use the account's rule").or_back(&back).render(filled);
    let question = format!("Use the account's rule in {name}?");
    Ok(confirmation(&question, &consequences(&preview), &form))
}

/// `GET /app/enterprise/invite/organizations/{id}/reset`.
async fn ask(visit: Visit<Reading<ManageInviteControl>>, id: Path<String>) -> Answer {
    let content = resetting(&visit, &id, &Filled::new()).await?;
    Ok(visit.show("Use the account's rule", &[(TITLE, PATH)], &content))
}

/// `POST /app/enterprise/invite/organizations/{id}/reset`.
async fn reset(visit: Visit<ManageInviteControl>, id: Path<String>, sent: Sent) -> Answer {
    let of = id.to_string();
    let done = visit
        .admin
        .write(move |transaction, account| {
            invite_control::set_organization(transaction, account, &of, None)
        })
        .await;
    match done {
        Ok(()) => Ok(visit.go(PATH, Notice::InviteRuleReset)),
        Err(problem) => {
            let content = resetting(&visit, &id, &sent.refused(&problem)).await?;
            Ok(visit.show_again(&problem, "Use the account's rule", &[(TITLE, PATH)], &content))
        }
    }
}
