//! Reading the request log.

use super::Result;
use crate::administration::AdministrationError;
use crate::enterprise::{AccountPk, address};
use crate::store::scim_requests::{self, Position, RequestFilter, RequestRow};
use crate::store::{Conn, claims};

/// What of the log is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// What an index helps with.
    pub filter: RequestFilter,
    /// A user: its id or address.
    pub user: Option<String>,
    /// The path begins with this.
    pub path: Option<String>,
    /// Path, query or error detail contain this, whatever the letter case.
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

/// Requests that are read at once.
const SECTION: i64 = 200;
/// Sections that one page looks through; then it ends, short or empty, and says where to go on.
const SECTIONS: usize = 20;

/// Requests that are found, newest first, and where the next page begins.
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

/// The filter with the user as an id; none where nobody has the address.
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

/// The request with this id.
///
/// # Errors
/// Where the account's log has none.
pub fn get(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<RequestRow> {
    scim_requests::by_id(conn, enterprise, id)?.ok_or_else(|| AdministrationError::NotFound {
        kind: "The logged request",
        id: id.to_owned(),
    })
}
