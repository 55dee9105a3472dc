//! The audit log: who changed what, with the values before and after.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use super::routing::shown;
use super::visit::{Answer, Visit};
use super::wanted::{Wanted, days};
use super::words::Label;
use crate::administration::audit;
use crate::enterprise::audit_actions::ACTIONS;
use crate::http::admin::audit::Filter;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::ReadAudit;
use crate::http::base::problem::Problem;
use crate::http::base::query::with_query;
use crate::http::pages::parts::{
    By, Column, Group, Narrowing, Table, empty, facts, moment, narrowing,
};
use crate::views::audit::{AuditEntry, AuditTarget};
use crate::views::list::List;

const TITLE: &str = "Audit log";
const PATH: &str = "/app/enterprise/audit-log";

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/audit-log", list));
}

/// Which entries are wanted: days, in UTC, where the endpoint takes times.
#[derive(Clone, Debug, Deserialize)]
struct WantedEntries {
    from: Option<String>,
    to: Option<String>,
    actor: Option<String>,
    action: Option<String>,
    target: Option<String>,
}

impl WantedEntries {
    /// Returns the query of the endpoint.
    fn filter(self) -> Result<Filter, Problem> {
        let Self { from, to, actor, action, target } = self;
        let (since, until) = days(from.as_deref(), to.as_deref())?;
        Ok(Filter { since, until, actor, action, target })
    }
}

/// `GET /app/enterprise/audit-log`.
async fn list(visit: Visit<ReadAudit>, wanted: Wanted<WantedEntries>, paging: Paged) -> Answer {
    let query = wanted.query.clone().filter()?;
    let (filter, (after, limit)) = (query.clone().read()?, paging.range_in_time()?);
    let found = visit
        .admin
        .read_page(move |conn, account| audit::list(conn, account, &filter, after, limit))
        .await?;
    let entries: List<AuditEntry> = paging.list_in_time(found);
    let content = html! {
        header {
            div {
                h1 { (TITLE) }
                p.lead { "Every change in the account, newest first. Nobody can change or delete an entry." }
            }
            div.actions {
                a.button href=(visit.at(&download("csv", &query))) download { "Download CSV" }
                a.button href=(visit.at(&download("jsonl", &query))) download { "Download JSON lines" }
            }
        }
        @if entries.items.is_empty() && !wanted.narrows() {
            (empty("No entries yet", "Every change is written down here from now on.", None))
        } @else {
            (filters(&wanted))
            (table(&visit, &wanted, entries))
        }
    };
    Ok(visit.show(TITLE, &[], &content))
}

/// Returns the path of the file with the same entries, whole.
fn download(kind: &str, query: &Filter) -> String {
    let text = |value: &'_ Option<String>| value.clone().unwrap_or_default();
    with_query(
        &format!("/api/v1/audit-log.{kind}"),
        &[
            ("since", &text(&query.since)),
            ("until", &text(&query.until)),
            ("actor", &text(&query.actor)),
            ("action", &text(&query.action)),
            ("target", &text(&query.target)),
        ],
    )
}

fn filters(wanted: &Wanted<WantedEntries>) -> Markup {
    let beginnings = beginnings();
    let groups = groups(&beginnings);
    let field = |name, label, by| Narrowing { name, label, by, value: wanted.text(name) };
    narrowing(
        "The audit log",
        &[
            field("action", "What", By::Choice(&groups)),
            field("actor", "Who (name or id)", By::Text),
            field("target", "Target (id)", By::Text),
            field("from", "From (UTC)", By::Day),
            field("to", "To (UTC)", By::Day),
        ],
    )
}

/// Returns what actions begin with, each once, with its dot.
fn beginnings() -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (action, _) in ACTIONS {
        let beginning = action.split_once('.').map_or("", |(thing, _)| thing);
        if found.last().is_none_or(|last| last.trim_end_matches('.') != beginning) {
            found.push(format!("{beginning}."));
        }
    }
    found
}

/// Returns all actions in groups, each with its text.
fn groups(beginnings: &[String]) -> Vec<Group<'_>> {
    let group = |beginning: &'_ String| -> (String, Vec<(&'static str, &'static str)>) {
        let own = ACTIONS.iter().filter(|(action, _)| action.starts_with(beginning.as_str()));
        (in_words(beginning.trim_end_matches('.')), own.copied().collect())
    };
    beginnings
        .iter()
        .map(|beginning| {
            let (label, actions) = group(beginning);
            let all = std::iter::once((beginning.as_str(), "All of these"));
            Group { label, values: all.chain(actions).collect() }
        })
        .collect()
}

/// Returns the text of an action.
fn text_of(action: &str) -> &str {
    let known = ACTIONS.binary_search_by_key(&action, |(known, _)| known);
    known.ok().and_then(|index| ACTIONS.get(index)).map_or(action, |(_, text)| text)
}

/// Writes a word for programs as one for people.
fn in_words(word: &str) -> String {
    let word = word.replace(['_', '-'], " ");
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => word,
    }
}

fn table(
    visit: &Visit<ReadAudit>,
    wanted: &Wanted<WantedEntries>,
    entries: List<AuditEntry>,
) -> Markup {
    let next = wanted.next(&visit.at(PATH), entries.next_cursor);
    Table {
        caption: "Changes, newest first",
        columns: &[
            Column::text("Time"),
            Column::text("Who"),
            Column::text("What"),
            Column::text("Target"),
        ],
        nothing: "No entry is found.",
        rows: entries.items.iter().map(|entry| row(visit, entry)).collect(),
        next,
    }
    .render()
}

fn row(visit: &Visit<ReadAudit>, entry: &AuditEntry) -> Vec<Markup> {
    let by = if entry.actor.id.is_empty() { &entry.actor.name } else { &entry.actor.id };
    let own = visit.at(&with_query(PATH, &[("actor", by)]));
    vec![
        moment(entry.at),
        html! {
            a href=(own) title="All of these changes" { (entry.actor.name) }
            span.sub { (entry.actor.kind.label()) }
        },
        html! { (text_of(&entry.action)) (details(entry)) },
        target(visit, &entry.target),
    ]
}

fn target(visit: &Visit<ReadAudit>, target: &AuditTarget) -> Markup {
    let page = match target.kind.as_str() {
        "team" => Some("/app/enterprise/team"),
        "domain" => Some("/app/enterprise/domains"),
        "organization" => Some("/app/dashboard/organizations"),
        "member" => Some("/app/enterprise/members"),
        _ => None,
    };
    let page = page.filter(|_| !target.id.is_empty());
    let own = visit.at(&with_query(PATH, &[("target", &target.id)]));
    html! {
        @match page {
            Some(page) => a.thing href=(visit.at(&format!("{page}/{}", target.id))) { (target.name) },
            None => (target.name),
        }
        span.sub {
            (in_words(&target.kind))
            @if !target.id.is_empty() { " · " a href=(own) { "all changes" } }
        }
    }
}

/// Renders the values before and after, side by side.
fn details(entry: &AuditEntry) -> Markup {
    html! {
        details {
            summary { "Before and after" }
            div.before-after {
                div { p { strong { "Before" } } (values(&entry.before, "It did not exist.")) }
                div { p { strong { "After" } } (values(&entry.after, "It does not exist any more.")) }
            }
            @if let Some(id) = &entry.request_id { p.muted.small { "Request " code { (id) } } }
        }
    }
}

fn values(value: &Value, nothing: &str) -> Markup {
    match value {
        Value::Object(members) if members.is_empty() => html! { p.muted { "Nothing" } },
        Value::Object(members) => {
            let names: Vec<String> = members.keys().map(|name| in_words(name)).collect();
            let pairs = names.iter().zip(members.values());
            let pairs: Vec<(&str, Markup)> =
                pairs.map(|(name, value)| (name.as_str(), html! { (plain(value)) })).collect();
            facts(&pairs)
        }
        Value::Null => html! { p.muted { (nothing) } },
        other => html! { p { (plain(other)) } },
    }
}

/// Writes a value for people.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "–".to_owned(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(members) => {
            let pairs = members.iter().map(|(name, value)| format!("{name}: {}", plain(value)));
            pairs.collect::<Vec<_>>().join(", ")
        }
        number @ Value::Number(_) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_action_can_be_chosen_alone_and_with_those_of_its_kind() {
        let beginnings = beginnings();
        let groups = groups(&beginnings);
        let alone: usize = groups.iter().map(|group| group.values.len() - 1).sum();
        assert_eq!(alone, ACTIONS.len());
        let team = groups.iter().find(|group| group.label == "Team").unwrap();
        assert_eq!(team.values.first(), Some(&("team.", "All of these")));
        assert!(team.values.contains(&("team.created", "A team was created")));
        assert!(groups.iter().any(|group| group.label == "Sso connection"));
    }

    #[test]
    fn entries_are_words() {
        assert_eq!(text_of("team.created"), "A team was created");
        assert_eq!(text_of("team.unheard-of"), "team.unheard-of");
        assert_eq!(plain(&json!(["cloud_sync", true, null])), "cloud_sync, yes, –");
        assert_eq!(plain(&json!({"role": "admin", "teams": []})), "role: admin, teams: –");
    }

    #[test]
    fn days_are_whole_and_others_are_refused() {
        let wanted = WantedEntries {
            from: Some("2026-01-31".to_owned()),
            to: Some("2026-01-31".to_owned()),
            actor: None,
            action: None,
            target: None,
        };
        let filter = wanted.clone().filter().unwrap();
        assert_eq!(filter.since.as_deref(), Some("2026-01-31T00:00:00.000Z"));
        assert_eq!(filter.until.as_deref(), Some("2026-02-01T00:00:00.000Z"));
        let wrong = WantedEntries { from: Some("yesterday".to_owned()), ..wanted };
        assert!(wrong.filter().is_err());
    }
}
