//! Queries (RFC 7644 §3.4.2, RFC 9865): what an index can answer is asked of the index; the rest is
//! evaluated over a stream of what remains, by the evaluator that PATCH uses, so that both
//! databases mean the same. Memory is bounded by the page.

#[cfg(test)]
mod agreement;
mod collection;
mod envelope;
mod places;
mod plan;
mod scan;
mod section;

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
        // The page is right all the same; only the next one may not know where this one ended.
        if let Err(error) = remembered {
            log::warn!("a walk by index is not remembered: {error}");
        }
    }
    Ok(content)
}

/// What is to be remembered of a walk by index.
struct Walk {
    step: walks::Step,
    anchor: walks::Anchor,
}

/// The parts of the query, planned.
fn sections(
    directory: &Directory,
    types: &[&'static ResourceType],
    query: &Query,
) -> Result<Sections> {
    // Of several types each has attributes that others have not.
    if let [resource_type] = types {
        Projection::requested(&query.attributes, &query.excluded_attributes, resource_type)?;
    }
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

/// Index paging that loses nobody. A page remembers its last resource; the page that follows begins
/// after it and not at a position, which deletions would have shifted. `totalResults` counts what
/// the walk has been given and what is still ahead, so that it is not given up early.
fn by_index(
    conn: &mut Conn,
    directory: &Directory,
    sections: &Sections,
    start_index: u64,
    limit: u64,
    now: Timestamp,
) -> Result<(Option<Walk>, Body)> {
    // What an identity provider looks up: nothing goes on from here, so nothing is counted or
    // remembered.
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
            // Where nobody has counted what is ahead, it is what is there less what was given, of
            // which some may have gone since.
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
