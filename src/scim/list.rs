//! The list response (RFC 7644 §3.4.2, RFC 9865 §2).

use serde_json::{Value, json};

/// The URN of the list response.
pub const LIST_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// One page of results.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListResponse {
    /// The number of matching resources on all pages.
    pub total_results: u64,
    /// The index of the first resource, counted from 1; `None` when paging by cursor.
    pub start_index: Option<u64>,
    /// The resources of this page, already projected.
    pub items: Vec<Value>,
    /// The cursor of the next page, if there is one and the client pages by cursor.
    pub next_cursor: Option<String>,
}

impl ListResponse {
    /// Returns the body. `itemsPerPage` is the number of resources in it, not the number requested.
    pub fn into_json(self) -> Value {
        let mut body = self.envelope(self.items.len());
        body["Resources"] = Value::Array(self.items);
        body
    }

    /// Returns the body without its resources; `items` is their number.
    pub fn envelope(&self, items: usize) -> Value {
        let mut body = json!({
            "schemas": [LIST_SCHEMA],
            "totalResults": self.total_results,
            "itemsPerPage": items,
        });
        if let Some(start_index) = self.start_index {
            body["startIndex"] = start_index.into();
        }
        if let Some(next_cursor) = &self.next_cursor {
            body["nextCursor"] = next_cursor.as_str().into();
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_page_still_has_a_list() {
        let body = ListResponse { start_index: Some(7), ..ListResponse::default() }.into_json();
        assert_eq!(
            body,
            json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
                "totalResults": 0,
                "itemsPerPage": 0,
                "startIndex": 7,
                "Resources": [],
            })
        );
    }

    #[test]
    fn a_cursor_page_has_no_index_and_counts_what_it_holds() {
        let page = ListResponse {
            total_results: 9,
            start_index: None,
            items: vec![json!({"id": "1"}), json!({"id": "2"})],
            next_cursor: Some("abc".into()),
        };
        let body = page.into_json();
        assert_eq!(body["itemsPerPage"], 2);
        assert_eq!(body["nextCursor"], "abc");
        assert_eq!(body.get("startIndex"), None);
    }
}
