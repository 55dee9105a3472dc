//! `/api/v1/audit-log`: who changed what.

use actix_web::web::Json;
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Csv, Download, JsonLines, MediaType};
use super::api::Api;
use super::list::Paged;
use super::permits::ReadAudit;
use super::query::{Query, text, time};
use crate::administration::audit;
use crate::enterprise::audit_actions;
use crate::http::base::csv;
use crate::http::base::problem::Problem;
use crate::http::base::streaming::{Section, json_line};
use crate::store::audit::{AuditFilter, AuditRow};
use crate::views::audit::{AuditAction, AuditEntry};
use crate::views::list::List;

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

async fn list_actions(_: Administrator<ReadAudit>) -> Shown<List<AuditAction>> {
    Ok(Json(List { items: AuditAction::all(), next_cursor: None }))
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
