//! `/api/v1/audit-log`: who changed what.

use actix_web::web::Json;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Csv, Download, JsonLines, MediaType};
use super::api::Api;
use super::list::{List, Paged};
use super::permits::ReadAudit;
use super::query::{Query, text, time};
use crate::administration::audit;
use crate::enterprise::audit::ActorKind;
use crate::enterprise::{Timestamp, audit_actions};
use crate::http::base::csv;
use crate::http::base::problem::Problem;
use crate::http::base::streaming::{Section, json_line};
use crate::store::audit::{AuditFilter, AuditRow};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/audit-log", "audit-log.list", list)
        .summary("Every change of the account, newest first");
    api.get("/audit-log/actions", "audit-log.list-actions", list_actions)
        .summary("All actions that the audit log knows, each with a text");
    api.get("/audit-log.csv", "audit-log.export-csv", export_csv)
        .summary("The same as comma-separated values, whole");
    api.get("/audit-log.jsonl", "audit-log.export-jsonl", export_lines)
        .summary("The same as lines of JSON, whole");
}

/// A change in the account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct AuditEntry {
    /// When the change was made.
    at: Timestamp,
    /// Who made the change.
    actor: AuditActor,
    /// The thing and a verb, such as `team.created`.
    action: String,
    /// What was changed.
    target: AuditTarget,
    /// The values before the change, only those that differ; null if the target is new.
    before: Value,
    /// The values after the change, only those that differ; null if the target is gone.
    after: Value,
    /// The `X-Request-Id` of the request that made the change; null if no request did.
    request_id: Option<String>,
}

/// Who made a change.
#[derive(Debug, JsonSchema, Serialize)]
struct AuditActor {
    /// What kind of actor it is; only a `member` belongs to the account.
    kind: ActorKind,
    /// The id of the member, the connector or the OAuth client; empty for every other actor.
    id: String,
    /// The name by which people knew the actor when the change was made.
    name: String,
}

/// What was changed.
#[derive(Debug, JsonSchema, Serialize)]
struct AuditTarget {
    /// What kind of thing it is, such as `member`, `team` or `organization`.
    kind: String,
    /// The id of the thing; empty if it has none.
    id: String,
    /// The name by which people knew the thing when it was changed.
    name: String,
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> Self {
        let json = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
        Self {
            at: row.at,
            actor: AuditActor { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
            action: row.action,
            target: AuditTarget { kind: row.target_kind, id: row.target_id, name: row.target_name },
            before: json(&row.before),
            after: json(&row.after),
            request_id: row.request_id,
        }
    }
}

/// Which entries of the audit log are wanted; without any field, all of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Filter {
    /// The time of the earliest entry wanted, RFC 3339; this time is included.
    #[schemars(extend("format" = "date-time"))]
    since: Option<String>,
    /// The time before which entries are wanted, RFC 3339; this time is not included.
    #[schemars(extend("format" = "date-time"))]
    until: Option<String>,
    /// The id or the name of who made the change.
    actor: Option<String>,
    /// The whole action, such as `team.created`, or its beginning with the dot, such as `team.`.
    action: Option<String>,
    /// The id of what was changed.
    target: Option<String>,
}

impl Filter {
    fn read(self) -> Result<AuditFilter, Problem> {
        Ok(AuditFilter {
            since: time("since", self.since.as_deref())?,
            until: time("until", self.until.as_deref())?,
            actor: text("actor", self.actor)?,
            actions: text("action", self.action)?.as_deref().map(audit_actions::meant),
            target: text("target", self.target)?,
        })
    }
}

async fn list(
    admin: Administrator<ReadAudit>,
    Query(filter): Query<Filter>,
    paging: Paged,
) -> Shown<List<AuditEntry>> {
    let (filter, (after, limit)) = (filter.read()?, paging.range_in_time()?);
    let found = admin
        .read_page(move |conn, account| audit::list(conn, account, &filter, after, limit))
        .await?;
    Ok(Json(paging.list_in_time(found)))
}

/// An action of the audit log.
#[derive(Debug, JsonSchema, Serialize)]
pub struct AuditAction {
    /// The thing and a verb, such as `team.created`.
    action: &'static str,
    /// What the action means, as a sentence without a full stop.
    text: &'static str,
}

async fn list_actions(_: Administrator<ReadAudit>) -> Shown<List<AuditAction>> {
    let known = audit_actions::ACTIONS.iter();
    let items = known.map(|(action, text)| AuditAction { action, text }).collect();
    Ok(Json(List { items, next_cursor: None }))
}

async fn export_csv(
    admin: Administrator<ReadAudit>,
    Query(filter): Query<Filter>,
) -> Result<Download<Csv>, Problem> {
    let head = "at,actor_kind,actor_id,actor_name,action,target_kind,target_id,target_name,before,\
                after,request_id";
    let head = csv::line(head.split(','));
    export(&admin, filter, "audit-log.csv", head, |row| {
        csv::line([
            row.at.to_rfc3339().as_str(),
            row.actor_kind.as_str(),
            &row.actor_id,
            &row.actor_name,
            &row.action,
            &row.target_kind,
            &row.target_id,
            &row.target_name,
            &row.before,
            &row.after,
            row.request_id.as_deref().unwrap_or_default(),
        ])
    })
}

async fn export_lines(
    admin: Administrator<ReadAudit>,
    Query(filter): Query<Filter>,
) -> Result<Download<JsonLines>, Problem> {
    let line = |row: AuditRow| json_line(&AuditEntry::from(row));
    export(&admin, filter, "audit-log.jsonl", String::new(), line)
}

/// The number of entries that one query of an export reads.
const SECTION: i64 = 500;

fn export<M: MediaType>(
    admin: &Administrator<ReadAudit>,
    filter: Filter,
    file: &str,
    head: String,
    line: fn(AuditRow) -> String,
) -> Result<Download<M>, Problem> {
    let filter = filter.read()?;
    Ok(admin.download(file, head, None, move |conn, account, after| {
        let (rows, next) = audit::list(conn, account, &filter, *after, SECTION)?;
        Ok(Section { text: rows.into_iter().map(line).collect(), next: next.map(Some) })
    }))
}
