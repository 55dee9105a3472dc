//! Queries (RFC 7644 §3.4.2, RFC 9865): what an index can answer is asked of the index; the rest is
//! evaluated over a stream of what remains, by the evaluator that PATCH uses, so that both
//! databases mean the same. Memory is bounded by the page.

mod collection;
mod plan;
mod scan;
mod section;

use serde_json::Value;

use super::{Directory, ProvisioningError};
use crate::enterprise::Timestamp;
use crate::scim::cursor::{Cursor, Position};
use crate::scim::filter::FilterError;
use crate::scim::list::ListResponse;
use crate::scim::query::{PageRequest, Query};
use crate::scim::sort::Sort;
use crate::scim::{Filter, ResourceType, ScimError};
use crate::store::Conn;
use section::{Section, Sections};

type Result<T> = std::result::Result<T, ProvisioningError>;

/// What the server is willing to return at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Results on a page where the client does not say.
    pub default_page: u64,
    /// Results on a page at most.
    pub max_page: u64,
    /// How long a cursor is good, in seconds.
    pub cursor_timeout: i64,
}

/// The resources of these types that match the query, one page of them.
///
/// # Errors
/// 400 `invalidFilter`, `invalidPath` (sortBy), `invalidCursor`, `expiredCursor`.
pub fn search(
    conn: &mut Conn,
    directory: &Directory,
    types: &[&'static ResourceType],
    query: &Query,
    limits: &Limits,
    now: Timestamp,
) -> Result<ListResponse> {
    let mut sections = Vec::with_capacity(types.len());
    let mut unknown = None;
    for resource_type in types {
        match section(directory, resource_type, query) {
            Ok(section) => sections.push(section?),
            // An attribute that only another type has matches nothing here.
            Err(error) => unknown = Some(error),
        }
    }
    if let (true, Some(error)) = (sections.is_empty(), unknown) {
        return Err(ScimError::from(error).into());
    }
    let mut sections = Sections::new(sections);
    match &query.page {
        PageRequest::Index { start_index, count } => {
            let limit = page_size(*count, limits);
            let offset = start_index.saturating_sub(1);
            let page = sections.by_index(conn, offset, limit)?;
            Ok(ListResponse {
                total_results: page.total,
                start_index: Some(*start_index),
                items: page.items.into_iter().map(Value::Object).collect(),
                next_cursor: None,
            })
        }
        PageRequest::Cursor { cursor, count } => {
            let limit = page_size(*count, limits);
            let hash = sections.query_hash(directory);
            let after = match cursor {
                Some(text) => {
                    let timeout = limits.cursor_timeout;
                    Some(Cursor::decode(text, hash, now.seconds(), timeout)?.position)
                }
                None => None,
            };
            let page = sections.by_cursor(conn, after, limit)?;
            let next = |position: Position| {
                Cursor { query: hash, position, issued_at: now.seconds() }.encode()
            };
            Ok(ListResponse {
                total_results: page.total,
                start_index: None,
                items: page.items.into_iter().map(Value::Object).collect(),
                next_cursor: page.next.map(next),
            })
        }
    }
}

fn page_size(count: Option<u64>, limits: &Limits) -> u64 {
    count.unwrap_or(limits.default_page).min(limits.max_page)
}

/// The part of the query that concerns one type. The outer error is an attribute that the type
/// does not have.
fn section(
    directory: &Directory,
    resource_type: &'static ResourceType,
    query: &Query,
) -> std::result::Result<Result<Section>, FilterError> {
    let filter = match query.filter.as_deref().map(|text| Filter::parse(text, resource_type)) {
        None => None,
        Some(Ok(filter)) => Some(filter),
        Some(Err(error @ FilterError::UnknownAttribute { .. })) => return Err(error),
        Some(Err(error)) => return Ok(Err(ScimError::from(error).into())),
    };
    let sort = query
        .sort_by
        .as_deref()
        .map(|sort_by| Sort::parse(sort_by, query.descending, resource_type))
        .transpose();
    Ok(sort
        .map(|sort| Section::new(directory, resource_type, filter, sort, query))
        .map_err(Into::into))
}
