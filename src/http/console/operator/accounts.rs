//! The accounts of the server.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{ACCOUNTS, OperatorVisit};
use crate::administration::operator_lists;
use crate::enterprise::plan::Plan;
use crate::http::admin::list::Paged;
use crate::http::admin::operator::WantedByName;
use crate::http::console::routing::shown;
use crate::http::console::visit::Answer;
use crate::http::console::wanted::Wanted;
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Column, Table, Tone, badge, date, empty, main_dialog, meter, search,
};
use crate::views::operator::AccountSummary;

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/accounts", list));
}

/// `GET /operator/accounts`.
async fn list(visit: OperatorVisit, wanted: Wanted<WantedByName>, paging: Paged) -> Answer {
    let search_for = wanted.query.clone().read()?;
    let (from, limit) = paging.place(search_for.as_ref())?;
    let now = visit.operator.service.store.clock().now();
    let read =
        move |conn: &mut _| operator_lists::accounts(conn, search_for.as_ref(), (&from, limit));
    let found =
        paging.listing(visit.operator.read(read).await?, |row| AccountSummary::at(row, now));
    let content = html! {
        header {
            div {
                h1 { "Accounts" }
                p.lead { "All accounts of this server, with plan and seats." }
            }
            (main_dialog("New activation code", &visit.at("/operator/activation-codes/new")))
        }
        @if found.items.is_empty() && !wanted.narrows() {
            (empty(
                "No account yet",
                "An account is made by whoever enters an activation code, signs up, or pays.",
                Some(&main_dialog("New activation code", &visit.at("/operator/activation-codes/new"))),
            ))
        } @else {
            (search("Search accounts", wanted.text("search"), &[]))
            (Table {
                caption: "Accounts",
                columns: &[
                    Column::text("Name"),
                    Column::text("Plan"),
                    Column::text("State"),
                    Column::text("Seats"),
                    Column::text("Ends"),
                ],
                nothing: "No account of this name.",
                rows: found.items.iter().map(|account| row(&visit, account)).collect(),
                next: wanted.next(&visit.at(ACCOUNTS), found.next_cursor),
            }.render())
        }
    };
    Ok(visit.show("Accounts", &[], &content))
}

fn row(visit: &OperatorVisit, account: &AccountSummary) -> Vec<Markup> {
    let (used, seats) = (account.seats_used, account.seats);
    vec![
        html! { a.thing href=(visit.at(&format!("{ACCOUNTS}/{}", account.id))) { (account.name) } },
        html! { (account.plan.label()) },
        state(account.active),
        meter(used, seats, &format!("{used} of {seats}")),
        html! {
            @match account.ends_at {
                Some(end) => (date(end)),
                None => span.muted { "No end" },
            }
        },
    ]
}

/// Renders whether an account is active.
pub(super) fn state(is_active: bool) -> Markup {
    if is_active { badge(Tone::Good, "Active") } else { badge(Tone::Bad, "Inactive") }
}

/// Returns the name of a plan with its kind.
pub(super) fn plan(plan: Plan) -> Markup {
    badge(Tone::Neutral, plan.label())
}
