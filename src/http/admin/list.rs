//! Lists: `limit` and `cursor` in, `items` and `next_cursor` out.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::Deserialize;

use super::api::{Argument, Signature};
use super::query::Query;
use crate::administration::Page;
use crate::administration::listing::{Listing, Position};
use crate::enterprise::Timestamp;
use crate::enterprise::search::Search;
use crate::enterprise::secret::SecretKey;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::views::list::List;

/// The number of items on a page by default.
const DEFAULT_LIMIT: i64 = 100;
/// The maximum number of items on a page.
const MAX_LIMIT: i64 = 1000;

/// The number of items on a page by default, where routes set another one than the API's.
#[derive(Clone, Copy, Debug)]
pub struct PageLength(pub i64);

/// Which page of a list is wanted.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Paging {
    /// The number of items on the page, 1 to 1000; 100 if left out.
    #[schemars(with = "Option<i64>", range(min = 1, max = 1000))]
    limit: Option<String>,
    /// The `next_cursor` of the page before; left out for the first page.
    cursor: Option<String>,
}

/// Encodes and decodes the cursors of one list, encrypted if the server has a key. Clients must not
/// read them: row numbers are shared by all accounts and would reveal how many rows others have.
struct Cursors {
    key: Option<Arc<SecretKey>>,
    list: String,
}

impl Cursors {
    /// Returns the cursors of the list that the request is for.
    fn of(request: &HttpRequest) -> Self {
        let service = request.app_data::<web::Data<Service>>();
        let key = service.and_then(|service| service.store.cursor_key());
        Self { key, list: format!("cursor of {}", request.path()) }
    }

    /// Encodes a position as a cursor.
    fn text(&self, position: &[u8]) -> Option<String> {
        let sent = match &self.key {
            Some(key) => key.seal_bytes(position, &self.list).ok()?,
            None => position.to_vec(),
        };
        Some(URL_SAFE_NO_PAD.encode(sent))
    }

    /// Decodes a cursor; 400 if it was not issued for this list.
    fn position<const LENGTH: usize>(&self, text: &str) -> Result<[u8; LENGTH], Problem> {
        self.bytes(text)?.try_into().map_err(|_| unknown_cursor())
    }

    fn bytes(&self, text: &str) -> Result<Vec<u8>, Problem> {
        let read = || {
            let sent = URL_SAFE_NO_PAD.decode(text).ok()?;
            match &self.key {
                Some(key) => key.open_bytes(&sent, &self.list).ok(),
                None => Some(sent),
            }
        };
        read().ok_or_else(unknown_cursor)
    }
}

fn unknown_cursor() -> Problem {
    Problem::bad_request("cursor: send next_cursor of the last page, unchanged.")
}

/// A request for a page of a list.
pub struct Paged {
    query: Paging,
    default_limit: i64,
    cursors: Cursors,
}

impl Argument for Paged {
    fn describe(signature: &mut Signature<'_>) {
        signature.query::<Paging>();
    }
}

impl FromRequest for Paged {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let query = Query::<Paging>::from_request(request, payload).into_inner();
        let cursors = Cursors::of(request);
        let default_limit =
            request.app_data::<PageLength>().map_or(DEFAULT_LIMIT, |length| length.0);
        ready(query.map(|Query(query)| Self { query, default_limit, cursors }))
    }
}

/// The position of a page in a list ordered by time: a time, and a row.
type Moment = (Timestamp, i64);

impl Paged {
    /// Returns the row to begin after, and the number of items.
    ///
    /// # Errors
    /// Returns 400 if a parameter is invalid.
    pub fn range(&self) -> Result<(i64, i64), Problem> {
        let limit = self.limit()?;
        let after = match &self.query.cursor {
            None => 0,
            Some(text) => i64::from_be_bytes(self.cursors.position(text)?).max(0),
        };
        Ok((after, limit))
    }

    /// Makes the answer, with each item converted by `show`.
    pub fn list<R, T>(&self, page: Page<R>, show: impl FnMut(R) -> T) -> List<T> {
        List {
            items: page.items.into_iter().map(show).collect(),
            next_cursor: page.next.and_then(|row| self.cursors.text(&row.to_be_bytes())),
        }
    }

    /// Returns the position to begin after and the number of items, for a list that can be searched.
    ///
    /// # Errors
    /// Returns 400 if a parameter is invalid, or the cursor is of a list with another search.
    pub fn place(&self, search: Option<&Search>) -> Result<(Position, i64), Problem> {
        let limit = self.limit()?;
        let Some(text) = &self.query.cursor else { return Ok((Position::default(), limit)) };
        let bytes = self.cursors.bytes(text)?;
        let (pk, term) = bytes.split_first_chunk().ok_or_else(unknown_cursor)?;
        let term = String::from_utf8(term.to_vec()).map_err(|_| unknown_cursor())?;
        let is_of_search = search.is_none_or(|search| term.starts_with(search.beginning()));
        if search.is_some() == term.is_empty() || !is_of_search {
            return Err(Problem::bad_request(
                "cursor: send the same search as for the page that it comes from.",
            ));
        }
        let pk = i64::from_be_bytes(*pk).max(0);
        Ok((Position { term: Some(term).filter(|term| !term.is_empty()), pk }, limit))
    }

    /// Makes the answer of a list that can be searched, with each item converted by `show`.
    pub fn listing<R, T>(&self, listing: Listing<R>, show: impl FnMut(R) -> T) -> List<T> {
        let cursor = |next: Position| {
            let term = next.term.unwrap_or_default();
            self.cursors.text(&[&next.pk.to_be_bytes()[..], term.as_bytes()].concat())
        };
        List {
            items: listing.items.into_iter().map(show).collect(),
            next_cursor: listing.next.and_then(cursor),
        }
    }

    /// Returns the position to begin after and the number of items, for a list ordered by time.
    ///
    /// # Errors
    /// Returns 400 if a parameter is invalid.
    pub fn range_in_time(&self) -> Result<(Option<Moment>, i64), Problem> {
        let limit = self.limit()?;
        let after = match &self.query.cursor {
            None => None,
            Some(text) => Some(decode(self.cursors.position(text)?)),
        };
        Ok((after, limit))
    }

    /// Makes the answer of a list ordered by time from its rows and the position of the next page.
    pub fn list_in_time<R, T: From<R>>(&self, found: (Vec<R>, Option<Moment>)) -> List<T> {
        let (rows, next) = found;
        List {
            items: rows.into_iter().map(T::from).collect(),
            next_cursor: next.and_then(|position| self.cursors.text(&encode(position))),
        }
    }

    fn limit(&self) -> Result<i64, Problem> {
        let Some(text) = &self.query.limit else { return Ok(self.default_limit) };
        text.parse()
            .ok()
            .filter(|limit| (1..=MAX_LIMIT).contains(limit))
            .ok_or_else(|| Problem::bad_request(format!("limit: a number from 1 to {MAX_LIMIT}.")))
    }
}

fn encode((at, pk): Moment) -> [u8; 16] {
    ((i128::from(at.0) << 64) | i128::from(pk.cast_unsigned())).to_be_bytes()
}

fn decode(position: [u8; 16]) -> Moment {
    let both = i128::from_be_bytes(position);
    // The casts take the upper and the lower 64 bits.
    (Timestamp((both >> 64) as i64), both as i64)
}
