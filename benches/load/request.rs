//! Requests of an identity provider, and nothing of how they are sent.

use serde_json::{Value, json};

pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const BULK: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// One request.
pub struct Request {
    pub method: &'static str,
    /// Below the base URL, with the query.
    pub path: String,
    pub body: Option<Value>,
}

impl Request {
    /// A GET of this path.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), body: None }
    }

    /// A POST with a body.
    pub fn post(path: impl Into<String>, body: Value) -> Self {
        Self { method: "POST", path: path.into(), body: Some(body) }
    }

    /// A PATCH with one operation.
    pub fn patch(path: impl Into<String>, operation: Value) -> Self {
        let body = json!({"schemas": [PATCH], "Operations": [operation]});
        Self { method: "PATCH", path: path.into(), body: Some(body) }
    }

    /// A Bulk request.
    pub fn bulk(operations: Vec<Value>) -> Self {
        Self::post("/Bulk", json!({"schemas": [BULK], "Operations": operations}))
    }

    /// The same request with one more query parameter.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.path.push(if self.path.contains('?') { '&' } else { '?' });
        self.path.push_str(name);
        self.path.push('=');
        self.path.extend(url::form_urlencoded::byte_serialize(value.as_bytes()));
        self
    }

    /// A search for users.
    pub fn users_where(filter: &str) -> Self {
        Self::get("/Users").with("filter", filter)
    }
}

/// The body that creates a user with this name.
pub fn user_body(user_name: &str) -> Value {
    json!({
        "schemas": [USER],
        "userName": user_name,
        "externalId": format!("ext-{user_name}"),
        "name": {"givenName": "Given", "familyName": user_name},
        "displayName": format!("Given {user_name}"),
        "title": "Pilot",
        "emails": [{"value": user_name, "type": "work", "primary": true}],
        "active": true,
    })
}

/// The body that creates a group without members.
pub fn group_body(name: &str) -> Value {
    json!({"schemas": [GROUP], "displayName": name})
}

/// The operation that adds these members.
pub fn add_members<'a>(ids: impl Iterator<Item = &'a str>) -> Value {
    let values: Vec<Value> = ids.map(|id| json!({"value": id})).collect();
    json!({"op": "add", "path": "members", "value": values})
}
