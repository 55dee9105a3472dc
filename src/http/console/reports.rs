//! Activity and reports: files to download, which the administrators' API streams.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::routing::shown;
use super::visit::{Answer, Visit};
use crate::administration::domains;
use crate::http::admin::permits::ReadAccount;
use crate::http::pages::parts::card;

const TITLE: &str = "Activity & reports";

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/reports", show));
}

/// The maximum number of domains of an account.
const MOST: i64 = 1000;

/// `GET /app/enterprise/reports`.
async fn show(visit: Visit<ReadAccount>) -> Answer {
    let page = visit.admin.read(|conn, account| domains::list(conn, account, 0, MOST)).await?;
    let verified: Vec<(String, String)> = page
        .items
        .iter()
        .filter(|row| row.verified_at.is_some())
        .map(|row| {
            let path = format!("/api/v1/domains/{}/unclaimed-accounts.csv", row.id);
            (domains::name_of(row).unicode(), path)
        })
        .collect();
    let content = html! {
        header { div {
            h1 { (TITLE) }
            p.lead { "Files for spreadsheets and for programs, as of the moment of the download." }
        } }
        div.grid {
            (report("Licenses", &columns(LICENCES), &[(CSV, "/api/v1/reports/licences.csv")], &visit))
            (report("User activity", &columns(ACTIVITY), &[(CSV, "/api/v1/reports/user-activity.csv")], &visit))
            (unclaimed(&visit, &verified))
            (report("Audit log", &html! { p { "Who changed what, newest first, with the values before and after." } }, &[
                (CSV, "/api/v1/audit-log.csv"),
                (LINES, "/api/v1/audit-log.jsonl"),
            ], &visit))
            (report("SCIM requests", &html! { p { "What identity providers asked for, and what was answered. The bodies are in JSON lines only." } }, &[
                (CSV, "/api/v1/connector/requests.csv"),
                (LINES, "/api/v1/connector/requests.jsonl"),
            ], &visit))
        }
    };
    Ok(visit.show(TITLE, &[], &content))
}

const CSV: &str = "Download CSV";
const LINES: &str = "Download JSON lines";

const LICENCES: &[(&str, &str)] = &[
    ("email, user_name, display_name", "Who holds the seat."),
    ("role", "The role in the account; empty for an invitation."),
    ("source", "How the holder came: by hand, by SCIM, by capture, or invited."),
    ("since", "Since when the seat is taken."),
];

const ACTIVITY: &[(&str, &str)] = &[
    ("last_active", "The day of the last use, in UTC; N/A after 100 days."),
    ("active_days_of_90", "On how many of the last 90 days the member was active."),
    ("state", "Whether the member is active, or was deactivated."),
];

/// Explains the columns of a table.
fn columns(columns: &[(&str, &str)]) -> Markup {
    html! {
        ul { @for (name, text) in columns { li { strong { (name) } ": " (text) } } }
    }
}

fn report(
    title: &str,
    text: &Markup,
    files: &[(&str, &str)],
    visit: &Visit<ReadAccount>,
) -> Markup {
    card(
        title,
        &html! {
            (text)
            div.actions { @for (label, path) in files { (file(visit, label, title, path)) } }
        },
    )
}

/// Renders a link to a file.
fn file(visit: &Visit<ReadAccount>, label: &str, of: &str, path: &str) -> Markup {
    html! { a.button href=(visit.at(path)) download { (label) span.unseen { " of " (of) } } }
}

fn unclaimed(visit: &Visit<ReadAccount>, verified: &[(String, String)]) -> Markup {
    card(
        "Unclaimed accounts by domain",
        &html! {
            p { "People who have an address in a domain and are not members." }
            @if verified.is_empty() {
                p.muted { "No domain is verified. " a href=(visit.at("/app/enterprise/domains/list")) { "Domains" } }
            }
            div.actions { @for (name, path) in verified { (file(visit, name, "unclaimed accounts", path)) } }
        },
    )
}
