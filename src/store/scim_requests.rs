//! The request log: what identity providers requested, and how the server answered.

use diesel::prelude::*;

use super::connection::{Backend, Conn, on, storable};
use super::error::StoreResult;
use super::tables::scim_requests;
use crate::enterprise::idp::Idp;
use crate::enterprise::{AccountPk, Timestamp, naming};

/// A logged request as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = scim_requests)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct RequestRow {
    pub pk: i64,
    pub id: String,
    pub at: Timestamp,
    pub idp: Idp,
    pub method: String,
    pub path: String,
    pub query: String,
    pub status: i64,
    pub duration_us: i64,
    pub resource_id: Option<String>,
    pub error_detail: Option<String>,
    pub request_id: Option<String>,
    pub user_agent: String,
    pub request_bytes: i64,
    pub response_bytes: i64,
    pub request_body: Option<String>,
    pub response_body: Option<String>,
}

impl RequestRow {
    /// Returns the id of the resource that the request was about, if it was about one.
    pub fn resource(&self) -> Option<&str> {
        self.resource_id.as_deref().filter(|id| !naming::is_mark(id))
    }
}

/// A request to add to the log.
#[derive(Clone, Debug, PartialEq, Eq, Insertable)]
#[diesel(table_name = scim_requests)]
// Missing values are written as NULL, not DEFAULT, so that all rows share one cached statement.
#[diesel(treat_none_as_default_value = false)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct NewRequest {
    pub id: String,
    pub enterprise_pk: AccountPk,
    pub at: Timestamp,
    pub idp: Idp,
    pub method: String,
    pub path: String,
    pub query: String,
    pub status: i64,
    pub duration_us: i64,
    pub resource_id: Option<String>,
    pub error_detail: Option<String>,
    pub request_id: Option<String>,
    pub user_agent: String,
    pub request_bytes: i64,
    pub response_bytes: i64,
    pub request_body: Option<String>,
    pub response_body: Option<String>,
}

/// Adds requests to the log.
pub fn insert(conn: &mut Conn, requests: &[NewRequest]) -> StoreResult<()> {
    match &mut conn.backend {
        // A multi-row statement would be parsed each time; a single-row one is prepared once.
        Backend::Sqlite(connection) => {
            for request in requests {
                diesel::insert_into(scim_requests::table).values(request).execute(connection)?;
            }
        }
        // Single-row statements would need a round trip for each row.
        Backend::Postgres(connection) => {
            diesel::copy_from(scim_requests::table)
                .from_insertable(requests)
                .execute(connection)?;
        }
    }
    Ok(())
}

/// A filter for the request log; fields that are `None` do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestFilter {
    /// From this time on, inclusive.
    pub since: Option<Timestamp>,
    /// Before this time, exclusive.
    pub until: Option<Timestamp>,
    /// A range of status codes, without its end.
    pub status: Option<(i64, i64)>,
    /// With this method.
    pub method: Option<String>,
    /// From this identity provider.
    pub idp: Option<Idp>,
    /// Concerning the resource with this id.
    pub resource: Option<String>,
}

/// The last row of the previous page: its time and its row number.
pub type Position = (Timestamp, i64);

/// Returns matching requests, newest first.
pub fn find(
    conn: &mut Conn,
    enterprise: AccountPk,
    filter: &RequestFilter,
    after: Option<Position>,
    limit: i64,
) -> StoreResult<Vec<RequestRow>> {
    let since = filter.since.unwrap_or(Timestamp::FIRST);
    let until = filter.until.unwrap_or(Timestamp::LAST);
    let (at, pk) = after.unwrap_or((Timestamp::LAST, i64::MAX));
    Ok(on!(conn, connection => {
        let mut query = scim_requests::table
            .filter(scim_requests::enterprise_pk.eq(enterprise))
            .filter(scim_requests::at.ge(since))
            .filter(scim_requests::at.lt(until))
            .filter(scim_requests::at.le(at))
            .filter(scim_requests::at.lt(at).or(scim_requests::pk.lt(pk)))
            .order((scim_requests::at.desc(), scim_requests::pk.desc()))
            .limit(limit)
            .select(RequestRow::as_select())
            .into_boxed();
        if let Some((from, below)) = filter.status {
            query = query
                .filter(scim_requests::status.ge(from))
                .filter(scim_requests::status.lt(below));
        }
        if let Some(method) = &filter.method {
            query = query.filter(scim_requests::method.eq(method));
        }
        if let Some(idp) = filter.idp {
            query = query.filter(scim_requests::idp.eq(idp));
        }
        if let Some(resource) = &filter.resource {
            query = query.filter(scim_requests::resource_id.eq(resource));
        }
        query.load(connection)
    })?)
}

/// How one request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = scim_requests)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct Outcome {
    pub at: Timestamp,
    pub idp: Idp,
    pub status: i64,
    pub duration_us: i64,
}

impl Outcome {
    /// Returns whether the request was refused or failed. Whoever is not found is no failure:
    /// identity providers ask for users before they make them.
    pub const fn is_failure(&self) -> bool {
        self.status >= 400 && self.status != 404
    }
}

/// Returns how the newest requests since this time ended, newest first.
pub fn outcomes(
    conn: &mut Conn,
    enterprise: AccountPk,
    since: Timestamp,
    limit: i64,
) -> StoreResult<Vec<Outcome>> {
    Ok(on!(conn, connection => scim_requests::table
        .filter(scim_requests::enterprise_pk.eq(enterprise))
        .filter(scim_requests::at.ge(since))
        .order((scim_requests::at.desc(), scim_requests::pk.desc()))
        .limit(limit)
        .select(Outcome::as_select())
        .load(connection))?)
}

/// The number of the newest requests among which whoever is named is looked for.
const LOOKED_AT: i64 = 100_000;

/// Returns the newest requests about a resource or a name, whose id or sign this is, among the newest
/// of the account. Reads the index only, but for what it finds.
pub fn naming(
    conn: &mut Conn,
    enterprise: AccountPk,
    wanted: &str,
    limit: i64,
) -> StoreResult<Vec<RequestRow>> {
    let first: Option<Timestamp> = on!(conn, connection => scim_requests::table
        .filter(scim_requests::enterprise_pk.eq(enterprise))
        .order((scim_requests::at.desc(), scim_requests::pk.desc()))
        .offset(LOOKED_AT)
        .limit(1)
        .select(scim_requests::at)
        .first(connection)
        .optional())?;
    // Ids and signs hold no character that has a meaning in a pattern.
    let pattern = format!("%{}%", wanted.replace(['%', '_', '\\'], ""));
    Ok(on!(conn, connection => scim_requests::table
        .filter(scim_requests::enterprise_pk.eq(enterprise))
        .filter(scim_requests::at.ge(first.unwrap_or(Timestamp::FIRST)))
        .filter(scim_requests::resource_id.like(&pattern))
        .order((scim_requests::at.desc(), scim_requests::pk.desc()))
        .limit(limit)
        .select(RequestRow::as_select())
        .load(connection))?)
}

/// Returns the account's request with this id.
pub fn by_id(conn: &mut Conn, enterprise: AccountPk, id: &str) -> StoreResult<Option<RequestRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => scim_requests::table
        .filter(scim_requests::id.eq(id))
        .filter(scim_requests::enterprise_pk.eq(enterprise))
        .select(RequestRow::as_select())
        .first(connection)
        .optional())?)
}

/// Returns `true` if the account's log contains requests from before this time.
pub fn any_old(conn: &mut Conn, enterprise: AccountPk, before: Timestamp) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        scim_requests::table
            .filter(scim_requests::enterprise_pk.eq(enterprise))
            .filter(scim_requests::at.lt(before))
    ))
    .get_result(connection))?)
}

/// Deletes some of the account's requests from before this time. Returns how many.
pub fn forget(
    conn: &mut Conn,
    enterprise: AccountPk,
    before: Timestamp,
    limit: i64,
) -> StoreResult<usize> {
    let old: Vec<i64> = on!(conn, connection => scim_requests::table
        .filter(scim_requests::enterprise_pk.eq(enterprise))
        .filter(scim_requests::at.lt(before))
        .order((scim_requests::at, scim_requests::pk))
        .limit(limit)
        .select(scim_requests::pk)
        .load(connection))?;
    Ok(on!(conn, connection => diesel::delete(scim_requests::table)
        .filter(scim_requests::pk.eq_any(&old))
        .execute(connection))?)
}
