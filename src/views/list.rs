//! A page of a list.

use schemars::JsonSchema;
use serde::Serialize;

/// A page of a list.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "{T}List")]
pub struct List<T> {
    /// The items on this page.
    pub items: Vec<T>,
    /// The `cursor` that asks for the next page; null on the last page.
    pub next_cursor: Option<String>,
}
