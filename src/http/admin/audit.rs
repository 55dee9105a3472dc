//! `/api/v1/audit-log`: who changed what.

use actix_web::{HttpResponse, web};
use chrono::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::administrator::{Administrator, ReadAudit};
use super::api::Api;
use super::list::{self, Cursors, List};
use crate::administration::{AdministrationError, audit};
use crate::enterprise::Timestamp;
use crate::enterprise::permissions::Operation;
use crate::http::base::csv;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::base::streaming::{self, Section};
use crate::store::Cost;
use crate::store::audit::{AuditFilter, AuditPosition, AuditRow};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/audit-log", "audit-log.list", list)
        .summary("Every change of the account, newest first")
        .needs(Operation::ReadAudit)
        .query::<Filter>()
        .query::<Page>()
        .answers::<List<Entry>>(200);
    api.get("/audit-log.csv", "audit-log.export-csv", export_csv)
        .summary("The same as comma-separated values, whole")
        .needs(Operation::ReadAudit)
        .query::<Filter>()
        .answers_text(200, "text/csv; charset=utf-8");
    api.get("/audit-log.jsonl", "audit-log.export-jsonl", export_lines)
        .summary("The same as lines of JSON, whole")
        .needs(Operation::ReadAudit)
        .query::<Filter>()
        .answers_text(200, "application/x-ndjson");
}

/// A change as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Entry {
    at: String,
    actor: Actor,
    /// The thing and a verb, such as `team.created`.
    action: String,
    target: Target,
    /// How it was: of what changed, the parts that did.
    before: Value,
    /// How it is.
    after: Value,
    request_id: Option<String>,
}

/// Who changed it, as shown.
#[derive(Debug, JsonSchema, Serialize)]
struct Actor {
    kind: String,
    id: String,
    name: String,
}

/// What was changed, as shown.
#[derive(Debug, JsonSchema, Serialize)]
struct Target {
    kind: String,
    id: String,
    name: String,
}

impl From<AuditRow> for Entry {
    fn from(row: AuditRow) -> Self {
        let json = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
        Self {
            at: Timestamp(row.at).to_rfc3339(),
            actor: Actor { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
            action: row.action,
            target: Target { kind: row.target_kind, id: row.target_id, name: row.target_name },
            before: json(&row.before),
            after: json(&row.after),
            request_id: row.request_id,
        }
    }
}

/// Which changes are asked for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Filter {
    /// From this time on, RFC 3339.
    #[schemars(extend("format" = "date-time"))]
    since: Option<String>,
    /// Before this time, RFC 3339.
    #[schemars(extend("format" = "date-time"))]
    until: Option<String>,
    /// Id or name of who changed it.
    actor: Option<String>,
    /// Such as `team.created`.
    action: Option<String>,
    /// Id of what was changed.
    target: Option<String>,
}

impl Filter {
    fn read(&self) -> Result<AuditFilter, Problem> {
        let text = |name: &str, value: &Option<String>| match value {
            Some(text) if text.contains('\0') => {
                Err(Problem::bad_request(format!("{name}: must not contain the character NUL.")))
            }
            value => Ok(value.clone()),
        };
        Ok(AuditFilter {
            since: time("since", self.since.as_deref())?,
            until: time("until", self.until.as_deref())?,
            actor: text("actor", &self.actor)?,
            action: text("action", &self.action)?,
            target: text("target", &self.target)?,
        })
    }
}

/// A time of the query, in milliseconds.
pub(super) fn time(name: &str, text: Option<&str>) -> Result<Option<i64>, Problem> {
    let Some(text) = text else { return Ok(None) };
    match DateTime::parse_from_rfc3339(text) {
        Ok(time) => Ok(Some(time.timestamp_millis())),
        Err(_) => Err(Problem::bad_request(format!(
            "{name}: a time such as 2026-01-31T12:00:00Z (a + in a query is written %2B)."
        ))),
    }
}

/// Which page of the log is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Page {
    /// Items on the page; 100 if not given.
    #[schemars(with = "Option<i64>", range(min = 1, max = 1000))]
    pub(super) limit: Option<String>,
    /// `next_cursor` of the page before.
    pub(super) cursor: Option<String>,
}

/// `GET /api/v1/audit-log`.
async fn list(
    service: web::Data<Service>,
    admin: Administrator<ReadAudit>,
    filter: web::Query<Filter>,
    page: web::Query<Page>,
    cursors: Cursors,
) -> Result<web::Json<List<Entry>>, Problem> {
    let filter = filter.read()?;
    let limit = list::limit(page.limit.as_deref())?;
    let after = match &page.cursor {
        None => None,
        Some(cursor) => Some(decode(cursors.position(cursor)?)),
    };
    let (rows, next) = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            audit::list(conn, admin.enterprise, &filter, after, limit)
        })
        .await?;
    Ok(web::Json(List {
        items: rows.into_iter().map(Entry::from).collect(),
        next_cursor: next.and_then(|position| cursors.text(&encode(position))),
    }))
}

pub(super) fn encode((at, pk): AuditPosition) -> [u8; 16] {
    ((i128::from(at) << 64) | i128::from(pk.cast_unsigned())).to_be_bytes()
}

pub(super) fn decode(position: [u8; 16]) -> AuditPosition {
    let both = i128::from_be_bytes(position);
    // The upper and the lower half.
    ((both >> 64) as i64, both as i64)
}

/// `GET /api/v1/audit-log.csv`.
async fn export_csv(
    service: web::Data<Service>,
    admin: Administrator<ReadAudit>,
    filter: web::Query<Filter>,
) -> Result<HttpResponse, Problem> {
    let head = csv::line([
        "at",
        "actor_kind",
        "actor_id",
        "actor_name",
        "action",
        "target_kind",
        "target_id",
        "target_name",
        "before",
        "after",
        "request_id",
    ]);
    let line = |row: AuditRow| {
        let at = Timestamp(row.at).to_rfc3339();
        csv::line([
            at.as_str(),
            &row.actor_kind,
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
    };
    export(&service, &admin, &filter, "text/csv; charset=utf-8", "audit-log.csv", head, line)
}

/// `GET /api/v1/audit-log.jsonl`.
async fn export_lines(
    service: web::Data<Service>,
    admin: Administrator<ReadAudit>,
    filter: web::Query<Filter>,
) -> Result<HttpResponse, Problem> {
    let line = |row: AuditRow| {
        let mut line = serde_json::to_string(&Entry::from(row)).unwrap_or_default();
        line.push('\n');
        line
    };
    let media_type = "application/x-ndjson";
    export(&service, &admin, &filter, media_type, "audit-log.jsonl", String::new(), line)
}

/// Changes that are read at once while exporting.
const SECTION: i64 = 500;

fn export(
    service: &Service,
    admin: &Administrator<ReadAudit>,
    filter: &Filter,
    media_type: &'static str,
    file: &str,
    head: String,
    line: fn(AuditRow) -> String,
) -> Result<HttpResponse, Problem> {
    let (enterprise, filter) = (admin.enterprise, filter.read()?);
    let read = move |conn: &mut crate::store::Conn, after: &Option<AuditPosition>| {
        let (rows, next) = audit::list(conn, enterprise, &filter, *after, SECTION)?;
        let text = rows.into_iter().map(line).collect();
        Ok::<_, AdministrationError>(Section { text, next: next.map(Some) })
    };
    Ok(streaming::answer(
        &service.store,
        Cost::Page(admin.enterprise),
        media_type,
        file,
        head,
        None,
        read,
    ))
}
