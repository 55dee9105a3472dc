//! Lists: `limit` and `cursor` in, `items` and `next_cursor` out.

use actix_web::web;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::problem::Problem;
use crate::administration::Page;

/// Items on a page where the client does not say.
const DEFAULT_LIMIT: i64 = 100;
/// Items on a page at most.
const MAX_LIMIT: i64 = 1000;

/// A list as sent.
#[derive(Debug, JsonSchema, Serialize)]
pub struct List<T> {
    /// The items.
    pub items: Vec<T>,
    /// Leads to the next page; null on the last one.
    pub next_cursor: Option<String>,
}

impl<T> List<T> {
    /// A page, with each item as it is shown.
    pub fn of<R>(page: Page<R>, show: impl FnMut(R) -> T) -> Self {
        Self {
            items: page.items.into_iter().map(show).collect(),
            next_cursor: page.next.map(|row| URL_SAFE_NO_PAD.encode(row.to_be_bytes())),
        }
    }
}

/// Which page is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Paging {
    /// Items on the page; 100 if not given.
    #[schemars(with = "Option<i64>", range(min = 1, max = 1000))]
    limit: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl Paging {
    /// The page: the row to begin after, and how many items.
    ///
    /// # Errors
    /// 400 naming the parameter.
    pub fn of(query: &web::Query<Self>) -> Result<(i64, i64), Problem> {
        let limit = limit(query.limit.as_deref())?;
        let after = match &query.cursor {
            None => 0,
            Some(text) => decode(text).ok_or_else(not_a_cursor)?,
        };
        Ok((after, limit))
    }
}

/// How many items the page may have.
///
/// # Errors
/// 400 naming the parameter.
pub fn limit(text: Option<&str>) -> Result<i64, Problem> {
    let Some(text) = text else { return Ok(DEFAULT_LIMIT) };
    text.parse()
        .ok()
        .filter(|limit| (1..=MAX_LIMIT).contains(limit))
        .ok_or_else(|| Problem::bad_request(format!("limit: a number from 1 to {MAX_LIMIT}.")))
}

/// The refusal of a cursor that was not handed out.
pub fn not_a_cursor() -> Problem {
    Problem::bad_request("cursor: send next_cursor of the last page, unchanged.")
}

fn decode(cursor: &str) -> Option<i64> {
    let bytes: [u8; 8] = URL_SAFE_NO_PAD.decode(cursor).ok()?.try_into().ok()?;
    Some(i64::from_be_bytes(bytes)).filter(|row| *row >= 0)
}
