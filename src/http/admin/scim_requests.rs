//! `/api/v1/connector/requests`: the request log.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageConnector};
use super::api::Api;
use super::audit::{Page, decode, encode, time};
use super::list::{self, Cursors, List};
use super::query::Query;
use crate::administration::AdministrationError;
use crate::administration::connector::requests::{self, Search};
use crate::enterprise::Timestamp;
use crate::enterprise::idp::Idp;
use crate::enterprise::permissions::Operation;
use crate::http::base::csv;
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::base::streaming::{self, Section};
use crate::store::scim_requests::{Position, RequestFilter, RequestRow};
use crate::store::{Conn, Cost};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/connector/requests", "scim-requests.list", list)
        .summary("What identity providers asked for, newest first")
        .description(
            "Written within a second of the answer. A page can be short, or empty, though there is \
             a next_cursor: a rare text is looked for some thousand requests at a time.",
        )
        .needs(Operation::ManageConnector)
        .query::<Filter>()
        .query::<Page>()
        .answers::<List<ScimRequest>>(200);
    api.get("/connector/requests/{id}", "scim-requests.read", read)
        .summary("One of them, with its bodies")
        .needs(Operation::ManageConnector)
        .answers::<WholeScimRequest>(200);
    api.get("/connector/requests.csv", "scim-requests.export-csv", export_csv)
        .summary("The same as comma-separated values, whole, without bodies")
        .needs(Operation::ManageConnector)
        .query::<Filter>()
        .answers_text(200, "text/csv; charset=utf-8");
    api.get("/connector/requests.jsonl", "scim-requests.export-jsonl", export_lines)
        .summary("The same as lines of JSON, whole, with bodies")
        .needs(Operation::ManageConnector)
        .query::<Filter>()
        .answers_text(200, "application/x-ndjson");
}

/// A request as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ScimRequest {
    id: String,
    at: String,
    idp: String,
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

impl From<RequestRow> for WholeScimRequest {
    fn from(row: RequestRow) -> Self {
        let request = ScimRequest {
            id: row.id,
            at: Timestamp(row.at).to_rfc3339(),
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
        };
        Self { request, request_body: row.request_body, response_body: row.response_body }
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
    fn read(&self) -> Result<Search, Problem> {
        let text = |name: &str, value: &Option<String>| match value {
            Some(text) if text.contains('\0') => {
                Err(Problem::bad_request(format!("{name}: must not contain the character NUL.")))
            }
            value => Ok(value.clone()),
        };
        let idp = match text("idp", &self.idp)? {
            None => None,
            Some(word) => Some(
                word.parse::<Idp>()
                    .map_err(|error| Problem::bad_request(format!("idp: {error}.")))?
                    .as_str()
                    .to_owned(),
            ),
        };
        Ok(Search {
            filter: RequestFilter {
                since: time("since", self.since.as_deref())?,
                until: time("until", self.until.as_deref())?,
                status: self.status.as_deref().map(status).transpose()?,
                method: text("method", &self.method)?.map(|method| method.to_uppercase()),
                idp,
                resource: None,
            },
            user: text("user", &self.user)?,
            path: text("path", &self.path)?,
            text: text("q", &self.q)?,
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

/// `GET /api/v1/connector/requests`.
async fn list(
    service: web::Data<Service>,
    InOrder(admin, InOrder(Query(filter), Query(page))): InOrder<
        Administrator<ManageConnector>,
        InOrder<Query<Filter>, Query<Page>>,
    >,
    cursors: Cursors,
) -> Result<web::Json<List<ScimRequest>>, Problem> {
    let search = filter.read()?;
    let limit = usize::try_from(list::limit(page.limit.as_deref())?).unwrap_or(usize::MAX);
    let after = match &page.cursor {
        None => None,
        Some(cursor) => Some(decode(cursors.position(cursor)?)),
    };
    let (rows, next) = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            requests::list(conn, admin.enterprise, &search, after, limit)
        })
        .await?;
    Ok(web::Json(List {
        items: rows.into_iter().map(|row| WholeScimRequest::from(row).request).collect(),
        next_cursor: next.and_then(|position| cursors.text(&encode(position))),
    }))
}

/// `GET /api/v1/connector/requests/{id}`.
async fn read(
    service: web::Data<Service>,
    admin: Administrator<ManageConnector>,
    id: web::Path<String>,
) -> Result<web::Json<WholeScimRequest>, Problem> {
    let row = service
        .store
        .read(Cost::Point, move |conn| requests::get(conn, admin.enterprise, &id))
        .await?;
    Ok(web::Json(row.into()))
}

/// `GET /api/v1/connector/requests.csv`.
async fn export_csv(
    service: web::Data<Service>,
    InOrder(admin, Query(filter)): InOrder<Administrator<ManageConnector>, Query<Filter>>,
) -> Result<HttpResponse, Problem> {
    let head = csv::line([
        "at",
        "idp",
        "method",
        "path",
        "query",
        "status",
        "duration_us",
        "resource_id",
        "error_detail",
        "request_id",
        "user_agent",
        "request_bytes",
        "response_bytes",
    ]);
    let line = |row: RequestRow| {
        let at = Timestamp(row.at).to_rfc3339();
        let [status, duration, sent, answered] =
            [row.status, row.duration_us, row.request_bytes, row.response_bytes]
                .map(|number| number.to_string());
        csv::line([
            at.as_str(),
            &row.idp,
            &row.method,
            &row.path,
            &row.query,
            &status,
            &duration,
            row.resource_id.as_deref().unwrap_or_default(),
            row.error_detail.as_deref().unwrap_or_default(),
            row.request_id.as_deref().unwrap_or_default(),
            &row.user_agent,
            &sent,
            &answered,
        ])
    };
    export(&service, &admin, &filter, "text/csv; charset=utf-8", "scim-requests.csv", head, line)
}

/// `GET /api/v1/connector/requests.jsonl`.
async fn export_lines(
    service: web::Data<Service>,
    InOrder(admin, Query(filter)): InOrder<Administrator<ManageConnector>, Query<Filter>>,
) -> Result<HttpResponse, Problem> {
    let line = |row: RequestRow| {
        let mut line = serde_json::to_string(&WholeScimRequest::from(row)).unwrap_or_default();
        line.push('\n');
        line
    };
    let (media_type, file) = ("application/x-ndjson", "scim-requests.jsonl");
    export(&service, &admin, &filter, media_type, file, String::new(), line)
}

/// Requests that are written at once while exporting.
const SECTION: usize = 100;

fn export(
    service: &Service,
    admin: &Administrator<ManageConnector>,
    filter: &Filter,
    media_type: &'static str,
    file: &str,
    head: String,
    line: fn(RequestRow) -> String,
) -> Result<HttpResponse, Problem> {
    let (enterprise, search) = (admin.enterprise, filter.read()?);
    let read = move |conn: &mut Conn, after: &Option<Position>| {
        let (rows, next) = requests::list(conn, enterprise, &search, *after, SECTION)?;
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
