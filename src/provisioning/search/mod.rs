//! Queries (RFC 7644 §3.4.2, RFC 9865). An index answers what it can; the rest of the filter is
//! evaluated on a stream of the remaining rows. The evaluator is the one that PATCH uses, so that
//! results are the same on both databases. Memory is bounded by the page size.

#[cfg(test)]
mod agreement;
mod collection;
mod envelope;
mod places;
mod plan;
mod scan;
mod section;
mod sections;

use super::document::Body;
use super::sending::{Content, send};
use super::{Directory, ProvisioningError};
use crate::enterprise::Timestamp;
use crate::scim::cursor::{Checked, Cursor, Envelope};
use crate::scim::filter::FilterError;
use crate::scim::list::ListResponse;
use crate::scim::query::{PageRequest, Query};
use crate::scim::sort::Sort;
use crate::scim::{Filter, Projection, ResourceType, ScimError};
use crate::store::{Conn, Cost, Scope, Store, StoreError, enterprises, walks};
use envelope::Sealed;
use section::Section;
use sections::Sections;

type Result<T> = std::result::Result<T, ProvisioningError>;

/// Limits on what a query returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The page size if the client does not ask for one.
    pub default_page: u64,
    /// The largest page size.
    pub max_page: u64,
    /// How long a cursor is valid, in seconds.
    pub cursor_timeout: i64,
}

/// Returns one page of the resources of these types that match the query.
///
/// # Errors
/// Returns 400 `invalidFilter`, `invalidPath` (sortBy), `invalidCursor` or `expiredCursor`.
pub async fn search(
    store: &Store,
    directory: &Directory,
    types: Vec<&'static ResourceType>,
    query: Query,
    limits: Limits,
) -> Result<Content> {
    let now = store.clock().now();
    let this = directory.clone();
    let sections = sections(directory, &types, &query)?;
    let is_long = sections.may_be_long();
    let cost = match (sections.are_few(), sections.is_plain()) {
        (true, _) if !is_long => Cost::Point,
        (true, _) | (_, true) => Cost::Page(directory.enterprise),
        (false, false) => Cost::Scan(directory.enterprise),
    };
    let read = move |conn: &mut Conn| page(conn, &this, &sections, &query.page, &limits, now);
    let (walk, content) = if is_long {
        send(store, cost, read).await?
    } else {
        let (walk, body) = store.read(cost, read).await?;
        (walk, Content::try_from(body)?)
    };
    if let Some(Walk { step, anchor }) = walk {
        let remembered = store
            .write(Scope(directory.enterprise), move |transaction| {
                walks::remember(transaction, step, &anchor, now)
            })
            .await;
        // The page is still correct; only the next one may not find the place where it ended.
        if let Err(error) = remembered {
            log::warn!(
                "the end of a page could not be stored, so index paging may skip resources: {error}"
            );
        }
    }
    Ok(content)
}

/// What the next page of a walk by index needs to know.
struct Walk {
    step: walks::Step,
    anchor: walks::Anchor,
}

/// Plans the query, one section per resource type.
fn sections(
    directory: &Directory,
    types: &[&'static ResourceType],
    query: &Query,
) -> Result<Sections> {
    // In a query across types, a name may be valid for some of the types only.
    if let [resource_type] = types {
        Projection::requested(&query.attributes, &query.excluded_attributes, resource_type)?;
    }
    let mut sections = Vec::with_capacity(types.len());
    let mut unknown = None;
    for resource_type in types {
        match section(directory, resource_type, query) {
            Ok(section) => sections.push(section?),
            // An attribute that only another type has matches nothing in this one.
            Err(error) => unknown = Some(error),
        }
    }
    if let (true, Some(error)) = (sections.is_empty(), unknown) {
        return Err(ScimError::from(error).into());
    }
    Ok(Sections::new(sections))
}

fn page(
    conn: &mut Conn,
    directory: &Directory,
    sections: &Sections,
    page: &PageRequest,
    limits: &Limits,
    now: Timestamp,
) -> Result<(Option<Walk>, Body)> {
    match page {
        PageRequest::Index { start_index, count } => {
            let limit = page_size(*count, limits);
            by_index(conn, directory, sections, *start_index, limit, now)
        }
        PageRequest::Cursor { cursor, count } => {
            let limit = page_size(*count, limits);
            let body = by_cursor(conn, directory, sections, cursor.as_deref(), limit, limits, now)?;
            Ok((None, body))
        }
    }
}

fn by_cursor(
    conn: &mut Conn,
    directory: &Directory,
    sections: &Sections,
    cursor: Option<&str>,
    limit: u64,
    limits: &Limits,
    now: Timestamp,
) -> Result<Body> {
    let hash = sections.query_hash(directory, None);
    let sealed = Sealed::of(directory);
    let envelope: &dyn Envelope = sealed.as_ref().map_or(&Checked, |sealed| sealed);
    let decoded = cursor
        .map(|text| Cursor::decode(text, envelope, hash, now.seconds(), limits.cursor_timeout))
        .transpose()?;
    let page = sections.by_cursor(conn, decoded.map(|cursor| cursor.position), limit)?;
    let next =
        |position| Cursor { query: hash, position, issued_at: now.seconds() }.encode(envelope);
    let response = ListResponse {
        total_results: page.total,
        next_cursor: page.next.map(next),
        ..ListResponse::default()
    };
    Body::list(response, page.items)
}

/// Index paging that skips no resource. Each page stores its last resource, and the next page
/// starts after it. It does not start at an offset, because deletions would have shifted that.
/// `totalResults` is the number of resources already returned plus those still to come; otherwise
/// clients would stop too early.
fn by_index(
    conn: &mut Conn,
    directory: &Directory,
    sections: &Sections,
    start_index: u64,
    limit: u64,
    now: Timestamp,
) -> Result<(Option<Walk>, Body)> {
    // The typical look-up of an identity provider: there is no next page, so nothing is counted or
    // stored.
    if start_index <= 1
        && let Some(items) = sections.only_page(conn, limit)?
    {
        let response = ListResponse {
            total_results: items.len() as u64,
            start_index: Some(start_index),
            ..ListResponse::default()
        };
        return Ok((None, Body::list(response, items)?));
    }
    let query = sections.query_hash(directory, Some(limit)).cast_signed();
    let step = |start_index: u64| walks::Step {
        enterprise: directory.enterprise,
        query,
        start_index: i64::try_from(start_index).unwrap_or(i64::MAX),
    };
    let anchor = if start_index > 1 && limit > 0 {
        walks::find(conn, step(start_index), now)?
    } else {
        None
    };
    let given = start_index.saturating_sub(1);
    let departed = enterprises::get(conn, directory.enterprise)?.departed;
    let began = anchor.as_ref().map_or(departed, |anchor| anchor.departed);
    let position = anchor.and_then(|anchor| serde_json::from_str(&anchor.position).ok());
    let (page, total) = match position {
        None => {
            let page = sections.by_index(conn, given, limit)?;
            let total = page.total;
            (page, total)
        }
        Some(position) => {
            let page = sections.by_cursor(conn, Some(position), limit)?;
            // If the remaining matches were not counted, the total is all current matches plus
            // those that were returned and may have been deleted since.
            let gone = departed.saturating_sub(began).unsigned_abs();
            let total = page.ahead.map_or(page.total + gone, |ahead| given + ahead);
            (page, total)
        }
    };
    let next_index = start_index.saturating_add(page.items.len() as u64);
    let walk = match page.next.filter(|_| limit > 0) {
        None => None,
        Some(position) => Some(Walk {
            step: step(next_index),
            anchor: walks::Anchor {
                position: serde_json::to_string(&position)
                    .map_err(|error| StoreError::Damaged(error.to_string()))?,
                departed: began,
            },
        }),
    };
    let response = ListResponse {
        total_results: total,
        start_index: Some(start_index),
        ..ListResponse::default()
    };
    Ok((walk, Body::list(response, page.items)?))
}

fn page_size(count: Option<u64>, limits: &Limits) -> u64 {
    count.unwrap_or(limits.default_page).min(limits.max_page)
}

/// Plans the part of the query for one type. The outer error means that the type does not have an
/// attribute of the query.
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
