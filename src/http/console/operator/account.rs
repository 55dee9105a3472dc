//! One account, as far as the operator needs to know it in order to help.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::{ACCOUNTS, CODES, OperatorVisit, accounts};
use crate::administration::domains::name_of;
use crate::administration::operator_lists::{self, KnownAccount};
use crate::enterprise::Timestamp;
use crate::enterprise::sso::ConnectionState;
use crate::http::base::problem::Problem;
use crate::http::base::query::with_query;
use crate::http::console::home::changes;
use crate::http::console::routing::shown;
use crate::http::console::visit::Answer;
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Column, Table, Tone, badge, card, date, facts, main_dialog, meter, moment, small_dialog,
};

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/accounts/{id}", show));
}

/// Returns an account.
pub(super) async fn read(visit: &OperatorVisit, id: &str) -> Result<KnownAccount, Problem> {
    let id = id.to_owned();
    visit.operator.read(move |conn| operator_lists::account(conn, &id)).await
}

/// Returns the path of an account's page.
pub(super) fn path_of(account: &KnownAccount) -> String {
    format!("{ACCOUNTS}/{}", account.plan.id)
}

/// `GET /operator/accounts/{id}`.
async fn show(visit: OperatorVisit, id: Path<String>) -> Answer {
    let account = read(&visit, &id).await?;
    let now = visit.operator.service.store.clock().now();
    let code = with_query(&visit.at(&format!("{CODES}/new")), &[("account", &account.plan.id)]);
    let name = &account.plan.name;
    let content = html! {
        header {
            div {
                h1 { (name) }
                p.lead { "Account " code { (account.plan.id) } }
            }
            (main_dialog("Issue a further code", &code))
        }
        div.grid {
            (plan(&account, now))
            (card("Domains", &domains(&account)))
        }
        (owners(&visit, &account))
        (connections(&visit, &account, now))
        section.stack.tight aria-labelledby="changes" {
            h2 id="changes" { "Latest changes" }
            (changes("The latest changes in the account", &account.changes))
        }
    };
    Ok(visit.show(name, &[("Accounts", ACCOUNTS)], &content))
}

fn plan(account: &KnownAccount, now: Timestamp) -> Markup {
    let plan = &account.plan;
    let (used, seats) = (plan.used(), plan.seats_total);
    card(
        "Plan",
        &html! {
            (meter(used, seats, &format!("{used} of {seats} seats used")))
            (facts(&[
                ("Plan", accounts::plan(plan.plan)),
                ("State", accounts::state(plan.is_active(now))),
                ("Ends", html! {
                    @match plan.plan_ends_at {
                        Some(end) => (date(end)),
                        None => span.muted { "No end" },
                    }
                }),
                ("Members", html! { (plan.seats_members) }),
                ("Invitations", html! { (plan.seats_invitations) }),
            ]))
        },
    )
}

fn domains(account: &KnownAccount) -> Markup {
    html! {
        @if account.domains.is_empty() { p.muted { "It has no domain." } }
        ul.rows {
            @for domain in &account.domains {
                li.row.apart {
                    span { (name_of(domain).to_string()) }
                    @match domain.verified_at {
                        Some(_) => (badge(Tone::Good, "Verified")),
                        None => (badge(Tone::Warn, "Pending")),
                    }
                }
            }
        }
    }
}

fn owners(visit: &OperatorVisit, account: &KnownAccount) -> Markup {
    let send = visit.at(&format!("{}/recovery", path_of(account)));
    let rows = account.owners.iter().map(|owner| {
        vec![
            html! { (owner.name()) },
            html! {
                @match &owner.email {
                    Some(email) => (email),
                    None => span.muted { "None" },
                }
            },
            html! {
                @if let Some(email) = &owner.email {
                    (small_dialog("Send recovery link", &with_query(&send, &[("owner", email)])))
                }
            },
        ]
    });
    html! {
        section.stack.tight aria-labelledby="owners" {
            h2 id="owners" { "Owners" }
            @if account.owners.is_empty() {
                p.muted { "It has no active owner." }
            } @else {
                (Table {
                    caption: "Owners of the account",
                    columns: &[Column::text("Name"), Column::text("Address"), Column::text("")],
                    nothing: "",
                    rows: rows.collect(),
                    next: None,
                }.render())
            }
        }
    }
}

fn connections(visit: &OperatorVisit, account: &KnownAccount, now: Timestamp) -> Markup {
    let own = path_of(account);
    let rows = account.connections.iter().map(|connection| {
        let state = connection.state(now);
        let tone = if state == ConnectionState::On { Tone::Good } else { Tone::Neutral };
        let off = visit.at(&format!("{own}/sso/{}/off", connection.row.id));
        vec![
            html! { (connection.domain) },
            badge(tone, state.label()),
            html! {
                @match (&connection.row.last_failure, connection.row.last_failure_at) {
                    (Some(text), Some(at)) => { (moment(at)) span.sub { (text) } },
                    _ => span.muted { "None" },
                }
            },
            html! { @if connection.row.is_on { (small_dialog("Switch off", &off)) } },
        ]
    });
    html! {
        section.stack.tight aria-labelledby="sso" {
            h2 id="sso" { "Single sign-on" }
            @if account.connections.is_empty() {
                p.muted { "Its people sign in by mail." }
            } @else {
                (Table {
                    caption: "Connections to identity providers",
                    columns: &[
                        Column::text("Domain"),
                        Column::text("State"),
                        Column::text("Last failure"),
                        Column::text(""),
                    ],
                    nothing: "",
                    rows: rows.collect(),
                    next: None,
                }.render())
            }
        }
    }
}
