//! `/api/v1/connector/requests`: the request log.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Csv, Download, JsonLines, MediaType};
use super::api::Api;
use super::audit::{json_line, text, time};
use super::list::{List, Paged};
use super::permits::ManageConnector;
use super::query::Query;
use crate::administration::connector::requests::{self, Search};
use crate::enterprise::Timestamp;
use crate::enterprise::idp::Idp;
use crate::http::base::csv;
use crate::http::base::problem::Problem;
use crate::http::base::streaming::Section;
use crate::store::scim_requests::{RequestFilter, RequestRow};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/connector/requests", "scim-requests.list", list)
        .summary("What identity providers asked for, newest first")
        .description(
            "Written within a second of the answer. A page can be short, or empty, though there is \
             a next_cursor: a rare text is looked for some thousand requests at a time.",
        );
    api.get("/connector/requests/{id}", "scim-requests.get", read)
        .formerly("read")
        .summary("One of them, with its bodies");
    api.get("/connector/requests.csv", "scim-requests.export-csv", export_csv)
        .summary("The same as comma-separated values, whole, without bodies");
    api.get("/connector/requests.jsonl", "scim-requests.export-jsonl", export_lines)
        .summary("The same as lines of JSON, whole, with bodies");
}

/// A request as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ScimRequest {
    id: String,
    at: Timestamp,
    idp: Idp,
    method: String,
    path: String,
    /// Values masked, unless the log keeps personal values.
    query: String,
    status: i64,
    duration_ms: f64,
    /// The user or group that it was about.
    resource_id: Option<String>,
    error_detail: Option<String>,
    request_id: Option<String>,
    user_agent: String,
    request_bytes: i64,
    response_bytes: i64,
}

/// A request with its bodies.
#[derive(Debug, JsonSchema, Serialize)]
pub struct WholeScimRequest {
    #[serde(flatten)]
    request: ScimRequest,
    /// Null where there was none, or one longer than 16 KiB.
    request_body: Option<String>,
    response_body: Option<String>,
}

impl From<RequestRow> for ScimRequest {
    fn from(row: RequestRow) -> Self {
        Self {
            id: row.id,
            at: row.at,
            idp: row.idp,
            method: row.method,
            path: row.path,
            query: row.query,
            status: row.status,
            duration_ms: row.duration_us as f64 / 1000.0,
            resource_id: row.resource_id,
            error_detail: row.error_detail,
            request_id: row.request_id,
            user_agent: row.user_agent,
            request_bytes: row.request_bytes,
            response_bytes: row.response_bytes,
        }
    }
}

impl From<RequestRow> for WholeScimRequest {
    fn from(mut row: RequestRow) -> Self {
        let (request_body, response_body) = (row.request_body.take(), row.response_body.take());
        Self { request: row.into(), request_body, response_body }
    }
}

/// Which requests are asked for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Filter {
    /// From this time on, RFC 3339.
    #[schemars(extend("format" = "date-time"))]
    since: Option<String>,
    /// Before this time, RFC 3339.
    #[schemars(extend("format" = "date-time"))]
    until: Option<String>,
    /// A status such as 409, or a class such as 4xx.
    #[schemars(extend("pattern" = "^[1-5]([0-9][0-9]|xx)$"))]
    status: Option<String>,
    /// Such as PATCH.
    method: Option<String>,
    /// The path below the connector's URL begins with this, such as /Users.
    path: Option<String>,
    /// Id or address of the user, or id of the group, that it was about.
    user: Option<String>,
    /// The identity provider.
    #[schemars(with = "Option<Idp>")]
    idp: Option<String>,
    /// Path, query, error detail or request id contain this.
    q: Option<String>,
}

impl Filter {
    fn read(self) -> Result<Search, Problem> {
        let idp = text("idp", self.idp)?
            .map(|word| word.parse::<Idp>())
            .transpose()
            .map_err(|error| Problem::bad_request(format!("idp: {error}.")))?;
        Ok(Search {
            filter: RequestFilter {
                since: time("since", self.since.as_deref())?,
                until: time("until", self.until.as_deref())?,
                status: self.status.as_deref().map(status).transpose()?,
                method: text("method", self.method)?.map(|method| method.to_uppercase()),
                idp,
                resource: None,
            },
            user: text("user", self.user)?,
            path: text("path", self.path)?,
            text: text("q", self.q)?,
        })
    }
}

/// From which status to before which.
fn status(text: &str) -> Result<(i64, i64), Problem> {
    let class = text.strip_suffix("xx").and_then(|class| class.parse::<i64>().ok());
    let range = match class {
        Some(class) if (1..=5).contains(&class) => Some((class * 100, class * 100 + 100)),
        Some(_) => None,
        None => text
            .parse::<i64>()
            .ok()
            .filter(|status| (100..600).contains(status))
            .map(|status| (status, status + 1)),
    };
    range.ok_or_else(|| Problem::bad_request("status: one such as 409, or a class such as 4xx."))
}

async fn list(
    admin: Administrator<ManageConnector>,
    Query(filter): Query<Filter>,
    paging: Paged,
) -> Shown<List<ScimRequest>> {
    let (search, (after, limit)) = (filter.read()?, paging.range_in_time()?);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let found = admin
        .read_page(move |conn, account| requests::list(conn, account, &search, after, limit))
        .await?;
    Ok(Json(paging.list_in_time(found)))
}

async fn read(admin: Administrator<ManageConnector>, id: Path<String>) -> Shown<WholeScimRequest> {
    admin.show(move |conn, account| requests::get(conn, account, &id)).await
}

async fn export_csv(
    admin: Administrator<ManageConnector>,
    Query(filter): Query<Filter>,
) -> Result<Download<Csv>, Problem> {
    let head = "at,idp,method,path,query,status,duration_us,resource_id,error_detail,request_id,\
                user_agent,request_bytes,response_bytes";
    let head = csv::line(head.split(','));
    export(&admin, filter, "scim-requests.csv", head, |row| {
        csv::line([
            row.at.to_rfc3339().as_str(),
            row.idp.as_str(),
            &row.method,
            &row.path,
            &row.query,
            &row.status.to_string(),
            &row.duration_us.to_string(),
            row.resource_id.as_deref().unwrap_or_default(),
            row.error_detail.as_deref().unwrap_or_default(),
            row.request_id.as_deref().unwrap_or_default(),
            &row.user_agent,
            &row.request_bytes.to_string(),
            &row.response_bytes.to_string(),
        ])
    })
}

async fn export_lines(
    admin: Administrator<ManageConnector>,
    Query(filter): Query<Filter>,
) -> Result<Download<JsonLines>, Problem> {
    let line = |row: RequestRow| json_line(&WholeScimRequest::from(row));
    export(&admin, filter, "scim-requests.jsonl", String::new(), line)
}

/// Requests that are written at once while exporting.
const SECTION: usize = 100;

fn export<M: MediaType>(
    admin: &Administrator<ManageConnector>,
    filter: Filter,
    file: &str,
    head: String,
    line: fn(RequestRow) -> String,
) -> Result<Download<M>, Problem> {
    let search = filter.read()?;
    Ok(admin.download(file, head, None, move |conn, account, after| {
        let (rows, next) = requests::list(conn, account, &search, *after, SECTION)?;
        Ok(Section { text: rows.into_iter().map(line).collect(), next: next.map(Some) })
    }))
}
