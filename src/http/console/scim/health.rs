//! The health of provisioning, on one page.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{PATH, SCIM, connector::status, views};
use crate::administration::connector::{self, HourOfRequests, RequestsOfProvider};
use crate::enterprise::Timestamp;
use crate::enterprise::audit_actions::text_of;
use crate::http::admin::permits::{ManageConnector, Reading};
use crate::http::console::routing::shown;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Chart, Column, Table, Tone, badge, banner, card, facts, link, moment,
};
use crate::views::audit::AuditEntry;
use crate::views::connector_health::ConnectorHealth;

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/scim/health", show));
}

/// Days before an end from which it is marked.
const SOON: i64 = 30;

type Page = Visit<Reading<ManageConnector>>;

/// `GET /app/enterprise/scim/health`.
async fn show(visit: Page) -> Answer {
    let now = visit.admin.now();
    let health = visit.admin.read_page(move |conn, account| connector::health(conn, account, now));
    let health = ConnectorHealth::of(&visit.admin.service.public_url, health.await?);
    let content = html! {
        header {
            div {
                h1 { "Health of provisioning" }
                p.lead { "What the identity provider asked for, what failed, and what it did last." }
            }
            (status(health.connector.status))
        }
        (views(&visit, "/health"))
        @for warning in &health.connector.warnings { (banner(Tone::Warn, &html! { (warning) }, None)) }
        div.grid {
            (card("Now", &now_facts(&visit, &health)))
            (card("Ends", &ends(&visit, &health)))
        }
        section.card data-list data-live="30" {
            header { h2 { "Requests and failures an hour" } }
            (chart(&health.hours))
            @if health.is_cut {
                p.muted { "Only the newest 20,000 requests are counted." }
            }
        }
        (providers(&health.providers))
        (refused(&visit, &health))
        (changes(&visit, &health.changes))
    };
    Ok(visit.show("Health", &[SCIM], &content))
}

fn now_facts(visit: &Page, health: &ConnectorHealth) -> Markup {
    let inactive = (health.member_count - health.active_member_count).max(0);
    let last = health.connector.last_request_at;
    facts(&[
        ("Last request", html! { @match last { Some(at) => (moment(at)), None => "None yet" } }),
        (
            "Active members",
            html! {
                a href=(visit.at("/app/enterprise/members")) { (health.active_member_count) }
            },
        ),
        ("Deactivated", html! { (inactive) }),
        ("Teams", html! { a href=(visit.at("/app/enterprise/team")) { (health.team_count) } }),
    ])
}

/// Renders when tokens and certificates end: from then on nobody is provisioned, or signs in.
fn ends(visit: &Page, health: &ConnectorHealth) -> Markup {
    let tokens = &health.connector.tokens;
    let now = visit.frame.now;
    let end = |at: Timestamp| {
        html! {
            (moment(at))
            @if at <= now {
                " " (badge(Tone::Bad, "Ended"))
            } @else if at <= now.plus_days(SOON) {
                " " (badge(Tone::Warn, "Soon"))
            }
        }
    };
    html! {
        @if tokens.is_empty() { p.muted { "No token: OAuth clients fetch their own." } }
        dl.facts {
            @for token in tokens {
                dt { "Token " (token.label) }
                dd { @match token.expires_at { Some(at) => (end(at)), None => "Never" } }
            }
            @for one in &health.sso_certificates {
                dt { "Certificate of " (one.domain) }
                dd {
                    a href=(visit.at(&format!("/app/enterprise/sso/{}", one.connection_id))) {
                        (end(one.expires_at))
                    }
                }
            }
        }
    }
}

fn chart(hours: &[HourOfRequests]) -> Markup {
    let name = |at: &HourOfRequests| {
        let text = at.at.to_rfc3339();
        text.get(5..13).unwrap_or(&text).replace('T', " ") + ":00"
    };
    let points = hours.iter().map(|hour| (name(hour), vec![hour.requests, hour.failures]));
    Chart {
        caption: "The last 48 hours (UTC)",
        unit: "Hour",
        series: &["Requests", "Failures"],
        points: points.collect(),
    }
    .bars()
}

fn providers(providers: &[RequestsOfProvider]) -> Markup {
    let row = |one: &RequestsOfProvider| {
        vec![
            html! { (one.idp.name()) },
            html! { (moment(one.last_request_at)) },
            html! { (one.requests) },
            html! { @if one.failures > 0 { (badge(Tone::Bad, &one.failures.to_string())) } @else { "0" } },
            html! { (format!("{:.1} ms", one.median_ms)) },
        ]
    };
    html! {
        section.stack.tight aria-labelledby="providers" {
            h2 id="providers" { "Identity providers" }
            (Table {
                caption: "Requests of the last 48 hours by identity provider",
                columns: &[
                    Column::text("Identity provider"),
                    Column::text("Last request"),
                    Column::number("Requests"),
                    Column::number("Failures"),
                    Column::number("Half took at most"),
                ],
                nothing: "Nothing has come in the last 48 hours.",
                rows: providers.iter().map(row).collect(),
                next: None,
            }.render())
        }
    }
}

fn refused(visit: &Page, health: &ConnectorHealth) -> Markup {
    let refusals = &health.connector.refusals;
    html! {
        @if let Some(last) = refusals.first() {
            section.card {
                header {
                    h2 { "Refused for lack of seats" }
                    (link("Licenses", &visit.at("/app/enterprise/licenses")))
                }
                p {
                    (badge(Tone::Bad, last.kind.label())) " "
                    (refusals.iter().map(|one| one.occurrences).sum::<i64>())
                    " times in the last 30 days, last " (moment(last.last_at)) " for "
                    (last.last_subject) "."
                }
                p {
                    a href=(visit.at(&format!("{PATH}/requests?status=403"))) { "Show all of these requests" }
                }
            }
        }
    }
}

fn changes(visit: &Page, changes: &[AuditEntry]) -> Markup {
    let row = |entry: &AuditEntry| {
        let member = visit.at(&format!("/app/enterprise/members/{}", entry.target.id));
        vec![
            html! { (moment(entry.at)) },
            html! { (entry.actor.name) },
            html! { (text_of(&entry.action)) },
            html! { a href=(member) { (entry.target.name) } },
        ]
    };
    html! {
        section.stack.tight aria-labelledby="changes" {
            h2 id="changes" { "What was done last to whom" }
            (Table {
                caption: "The last changes by identity providers",
                columns: &[
                    Column::text("When"),
                    Column::text("By"),
                    Column::text("What"),
                    Column::text("User"),
                ],
                nothing: "No identity provider has done anything yet.",
                rows: changes.iter().map(row).collect(),
                next: None,
            }.render())
        }
    }
}
