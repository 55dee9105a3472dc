//! Many users at once, and what lists of resources hold.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::{Value, json};

use super::Account;

impl Account {
    /// Provisions `user0@` to `user<count - 1>@` in one request; gives their ids in that order.
    pub async fn provision_many(&self, count: usize) -> Vec<String> {
        self.provision_range(0..count).await
    }

    /// Provisions the users of these numbers in one request.
    pub async fn provision_range(&self, numbers: Range<usize>) -> Vec<String> {
        let operations: Vec<Value> = numbers
            .map(|number| {
                let user = super::user(&format!("user{number}@kongair.example"));
                let bulk_id = number.to_string();
                json!({"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": user})
            })
            .collect();
        let request = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": operations,
        });
        let response = self.scim.post("/Bulk", request).await.expect(200);
        let results = response["Operations"].as_array().unwrap();
        let id = |result: &Value| {
            assert_eq!(result["status"], "201", "{result}");
            result["location"].as_str().unwrap().rsplit_once('/').unwrap().1.to_owned()
        };
        results.iter().map(id).collect()
    }
}

/// The values of this key in the items of a list, in their order.
pub fn texts(items: &Value, key: &str) -> Vec<String> {
    let text = |item: &Value| item[key].as_str().unwrap_or_else(|| panic!("{item}")).to_owned();
    items.as_array().map(|items| items.iter().map(text).collect()).unwrap_or_default()
}

/// The same without their order; no value may be there twice.
pub fn text_set(items: &Value, key: &str) -> BTreeSet<String> {
    let texts = texts(items, key);
    let set: BTreeSet<String> = texts.iter().cloned().collect();
    assert_eq!(set.len(), texts.len(), "something is listed twice: {items}");
    set
}

/// A set of these.
pub fn set(items: &[&str]) -> BTreeSet<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}
