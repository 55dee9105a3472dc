//! `/api/v1/connector/requests`: the request log.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Csv, Download, JsonLines, MediaType};
use super::api::Api;
use super::list::Paged;
use super::permits::{ManageConnector, Reading};
use super::query::{Query, text, time};
use crate::administration::connector::requests::{self, Search};
use crate::enterprise::idp::Idp;
use crate::http::base::csv;
use crate::http::base::problem::Problem;
use crate::http::base::streaming::{Section, json_line};
use crate::store::scim_requests::{RequestFilter, RequestRow};
use crate::views::list::List;
use crate::views::scim_requests::{ScimRequest, WholeScimRequest};

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

/// Which requests are wanted; without any field, all of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Filter {
    /// The time of the earliest request wanted, RFC 3339; this time is included.
    #[schemars(extend("format" = "date-time"))]
    since: Option<String>,
    /// The time before which requests are wanted, RFC 3339; this time is not included.
    #[schemars(extend("format" = "date-time"))]
    until: Option<String>,
    /// The status of the answer, such as `409`, or its class, such as `4xx`.
    #[schemars(extend("pattern" = "^[1-5]([0-9][0-9]|xx)$"))]
    status: Option<String>,
    /// The HTTP method, such as `PATCH`, in any letter case.
    method: Option<String>,
    /// What the path below the connector's URL begins with, such as `/Users`.
    path: Option<String>,
    /// The id or an address of the user, or the id of the group, that the request was about.
    user: Option<String>,
    /// The identity provider that sent the request.
    #[schemars(with = "Option<Idp>")]
    idp: Option<String>,
    /// A text that is in the path, the query, the error detail or the request id.
    q: Option<String>,
}

impl Filter {
    /// Asks for requests between these times, RFC 3339.
    pub fn between(self, since: Option<String>, until: Option<String>) -> Self {
        Self { since, until, ..self }
    }

    /// Parses the query.
    ///
    /// # Errors
    /// Returns 400 if a parameter is invalid.
    pub fn read(self) -> Result<Search, Problem> {
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

/// Parses a status or a class of statuses into a half-open range.
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
    admin: Administrator<Reading<ManageConnector>>,
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

async fn read(
    admin: Administrator<Reading<ManageConnector>>,
    id: Path<String>,
) -> Shown<WholeScimRequest> {
    admin.show(move |conn, account| requests::get(conn, account, &id)).await
}

async fn export_csv(
    admin: Administrator<Reading<ManageConnector>>,
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
            row.resource().unwrap_or_default(),
            row.error_detail.as_deref().unwrap_or_default(),
            row.request_id.as_deref().unwrap_or_default(),
            &row.user_agent,
            &row.request_bytes.to_string(),
            &row.response_bytes.to_string(),
        ])
    })
}

async fn export_lines(
    admin: Administrator<Reading<ManageConnector>>,
    Query(filter): Query<Filter>,
) -> Result<Download<JsonLines>, Problem> {
    let line = |row: RequestRow| json_line(&WholeScimRequest::from(row));
    export(&admin, filter, "scim-requests.jsonl", String::new(), line)
}

/// The number of requests that one query of an export reads.
const SECTION: usize = 100;

fn export<M: MediaType>(
    admin: &Administrator<Reading<ManageConnector>>,
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
