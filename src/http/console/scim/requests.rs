//! The request log: what identity providers asked for, and one request with its bodies.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};
use serde::Deserialize;

use super::{PATH, SCIM, views};
use crate::administration::connector::requests;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageConnector, Reading};
use crate::http::admin::scim_requests::Filter as WantedRequests;
use crate::http::base::problem::Problem;
use crate::http::base::query::with_query;
use crate::http::console::routing::shown;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::{Wanted, days};
use crate::http::pages::parts::{
    By, Column, Narrowing, Table, Tone, badge, card, facts, link, moment, narrowing,
};
use crate::views::list::List;
use crate::views::scim_requests::{ScimRequest, WholeScimRequest};

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/enterprise/scim/requests", list))
        .service(shown("/enterprise/scim/requests/{id}", show));
}

/// What the page's address can ask for: what the endpoint's can, and days.
#[derive(Clone, Debug, Deserialize)]
struct WantedOnPage {
    #[serde(flatten)]
    filter: WantedRequests,
    from: Option<String>,
    to: Option<String>,
}

impl WantedOnPage {
    /// Returns the query of the endpoint, and the same as the query of a file's address.
    fn filter(self, pairs: &[(String, String)]) -> Result<(WantedRequests, String), Problem> {
        let (since, until) = days(self.from.as_deref(), self.to.as_deref())?;
        let own = ["status", "method", "path", "user", "idp", "q"];
        let mut query: Vec<(&str, &str)> = pairs
            .iter()
            .filter(|(name, _)| own.contains(&name.as_str()))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        query.extend(since.as_deref().map(|since| ("since", since)));
        query.extend(until.as_deref().map(|until| ("until", until)));
        let files = if query.is_empty() { String::new() } else { with_query("", &query) };
        Ok((self.filter.between(since, until), files))
    }
}

type Page = Visit<Reading<ManageConnector>>;

const STATUSES: &[(&str, &str)] = &[
    ("", "All"),
    ("2xx", "Done"),
    ("4xx", "Refused"),
    ("403", "403: no seat, or not allowed"),
    ("404", "404: not found"),
    ("409", "409: in conflict"),
    ("5xx", "Failed"),
];
const METHODS: &[(&str, &str)] = &[
    ("", "All"),
    ("GET", "GET"),
    ("POST", "POST"),
    ("PUT", "PUT"),
    ("PATCH", "PATCH"),
    ("DELETE", "DELETE"),
];
const PROVIDERS: &[(&str, &str)] = &[
    ("", "All"),
    ("okta", "Okta"),
    ("entra", "Microsoft Entra ID"),
    ("onelogin", "OneLogin"),
    ("jumpcloud", "JumpCloud"),
    ("other", "Others"),
];

/// `GET /app/enterprise/scim/requests`.
async fn list(visit: Page, wanted: Wanted<WantedOnPage>, paging: Paged) -> Answer {
    let (filter, files) = wanted.query.clone().filter(&wanted.pairs)?;
    let (search, (after, limit)) = (filter.read()?, paging.range_in_time()?);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let found = visit
        .admin
        .read_page(move |conn, account| requests::list(conn, account, &search, after, limit))
        .await?;
    let requests: List<ScimRequest> = paging.list_in_time(found);
    let content = html! {
        header {
            div {
                h1 { "Request log" }
                p.lead { "Written within a second of the answer; personal values are masked." }
            }
            div.actions {
                @for (label, ending) in [("Download CSV", "csv"), ("Download JSON lines", "jsonl")] {
                    a.button href={ (visit.at("/api/v1/connector/requests.")) (ending) (files) } download {
                        (label)
                    }
                }
            }
        }
        (views(&visit, "/requests"))
        (filters(&wanted))
        @if requests.items.is_empty() && !wanted.narrows() {
            section.card.empty {
                h2 { "Nothing has come yet" }
                p {
                    "Press Test Connector Configuration in Okta, or Test Connection in Microsoft Entra ID: \
                     the request appears here within a second."
                }
                (link("Guides", &visit.at(&format!("{PATH}/guides"))))
            }
        } @else {
            div data-live="3" { (table(&visit, &wanted, requests)) }
        }
    };
    Ok(visit.show("Request log", &[SCIM], &content))
}

fn filters(wanted: &Wanted<WantedOnPage>) -> Markup {
    let field = |name, label, by| Narrowing { name, label, by, value: wanted.text(name) };
    narrowing(
        "The request log",
        &[
            field("q", "Search path, query, error or request id", By::Text),
            field("user", "User (address or id)", By::Text),
            field("status", "Status", By::One(STATUSES)),
            field("method", "Method", By::One(METHODS)),
            field("idp", "Provider", By::One(PROVIDERS)),
            field("from", "From (UTC)", By::Day),
            field("to", "To (UTC)", By::Day),
        ],
    )
}

fn table(visit: &Page, wanted: &Wanted<WantedOnPage>, requests: List<ScimRequest>) -> Markup {
    let next = wanted.next(&visit.at(&format!("{PATH}/requests")), requests.next_cursor);
    Table {
        caption: "Requests, the newest first",
        columns: &[
            Column::text("Time"),
            Column::text("Provider"),
            Column::text("Request"),
            Column::text("Status"),
            Column::number("Took"),
            Column::text("Detail"),
        ],
        nothing: "No request is found.",
        rows: requests.items.iter().map(|request| row(visit, request)).collect(),
        next,
    }
    .render()
}

fn row(visit: &Page, request: &ScimRequest) -> Vec<Markup> {
    let address = visit.at(&format!("{PATH}/requests/{}", request.id));
    vec![
        html! { (moment(request.at)) },
        html! { (request.idp.name()) },
        html! {
            a.thing href=(address) { (request.method) " " (request.path) }
            @if !request.query.is_empty() { span.sub { (request.query) } }
        },
        status(request.status),
        html! { (format!("{:.1} ms", request.duration_ms)) },
        html! { @if let Some(detail) = &request.error_detail { (detail) } },
    ]
}

fn status(status: i64) -> Markup {
    let tone = match status {
        ..400 => Tone::Good,
        404 => Tone::Neutral,
        400..500 => Tone::Warn,
        _ => Tone::Bad,
    };
    badge(tone, &status.to_string())
}

/// `GET /app/enterprise/scim/requests/{id}`.
async fn show(visit: Page, id: Path<String>) -> Answer {
    let row = visit.admin.read(move |conn, account| requests::get(conn, account, &id)).await?;
    let WholeScimRequest { request, request_body, response_body } = row.into();
    let title = format!("{} {}", request.method, request.path);
    let content = html! {
        header { h1 { (title) } (status(request.status)) }
        (card("Request", &facts(&[
            ("Arrived", moment(request.at)),
            ("Identity provider", html! { (request.idp.name()) }),
            ("User-Agent", html! { (request.user_agent) }),
            ("Query", html! { (request.query) }),
            ("Took", html! { (format!("{:.1} ms", request.duration_ms)) }),
            ("Request id", html! { code { (request.request_id.as_deref().unwrap_or_default()) } }),
            ("Error", html! { (request.error_detail.as_deref().unwrap_or("None")) }),
        ])))
        (card("What was sent", &body(request_body.as_deref(), request.request_bytes)))
        (card("What was answered", &body(response_body.as_deref(), request.response_bytes)))
    };
    let log = format!("{PATH}/requests");
    Ok(visit.show(&title, &[SCIM, ("Request log", &log)], &content))
}

/// Renders a body, indented if it is JSON.
fn body(text: Option<&str>, bytes: i64) -> Markup {
    let Some(text) = text else {
        return html! {
            p.muted { @if bytes == 0 { "Nothing." } @else { (bytes) " bytes, which are not kept." } }
        };
    };
    let parsed = serde_json::from_str::<serde_json::Value>(text);
    let shown = parsed.map_or_else(|_| text.to_owned(), |value| format!("{value:#}"));
    html! { pre tabindex="0" { code { (shown) } } }
}
