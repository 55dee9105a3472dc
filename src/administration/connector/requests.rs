//! Queries of the SCIM request log.

use super::Result;
use crate::administration::AdministrationError;
use crate::enterprise::{AccountPk, address};
use crate::store::scim_requests::{self, Position, RequestFilter, RequestRow};
use crate::store::{Conn, claims};

/// A search in the request log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Conditions that the database evaluates with an index.
    pub filter: RequestFilter,
    /// The id or email address of a user that the request is about.
    pub user: Option<String>,
    /// A prefix of the path.
    pub path: Option<String>,
    /// A text in the path, the query, the error detail or the request id; case-insensitive.
    pub text: Option<String>,
}

impl Search {
    fn finds(&self, row: &RequestRow) -> bool {
        let path = self.path.as_ref().is_none_or(|start| row.path.starts_with(start.as_str()));
        path && self.text.as_ref().is_none_or(|text| {
            let text = text.to_lowercase();
            [Some(&row.path), Some(&row.query), row.error_detail.as_ref(), row.request_id.as_ref()]
                .into_iter()
                .flatten()
                .any(|part| part.to_lowercase().contains(&text))
        })
    }
}

/// The number of rows read by one query.
const SECTION: i64 = 200;
/// The maximum number of sections read for one page. A page may therefore be short or empty and
/// still have a next page.
const SECTIONS: usize = 20;

/// Returns matching requests, newest first, and the start of the next page.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    search: &Search,
    after: Option<Position>,
    limit: usize,
) -> Result<(Vec<RequestRow>, Option<Position>)> {
    let Some(filter) = resolved(conn, enterprise, search)? else { return Ok((Vec::new(), None)) };
    let (mut found, mut after) = (Vec::new(), after);
    for _ in 0..SECTIONS {
        let rows = scim_requests::find(conn, enterprise, &filter, after, SECTION)?;
        let is_last = (rows.len() as i64) < SECTION;
        for row in rows {
            if found.len() == limit {
                return Ok((found, after));
            }
            after = Some((row.at, row.pk));
            if search.finds(&row) {
                found.push(row);
            }
        }
        if is_last {
            return Ok((found, None));
        }
    }
    Ok((found, after))
}

/// Returns the filter with the user's address replaced by the member id, or `None` if no member has
/// the address.
fn resolved(
    conn: &mut Conn,
    enterprise: AccountPk,
    search: &Search,
) -> Result<Option<RequestFilter>> {
    let mut filter = search.filter.clone();
    if let Some(user) = &search.user {
        let id = if user.contains('@') {
            claims::known_by(conn, enterprise, &address::key(user))?.map(|member| member.id)
        } else {
            Some(user.clone())
        };
        if id.is_none() {
            return Ok(None);
        }
        filter.resource = id;
    }
    Ok(Some(filter))
}

/// Returns the logged request with this id.
///
/// # Errors
/// Fails if the account's log has no such request.
pub fn get(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<RequestRow> {
    scim_requests::by_id(conn, enterprise, id)?.ok_or_else(|| AdministrationError::NotFound {
        kind: "The logged request",
        id: id.to_owned(),
    })
}
