//! Searching and filtering in lists.

mod collaborators;
mod invitations;
mod licences;
mod many;
mod members;
mod plans;
mod server;
mod teams;

use serde_json::{Value, json};

use crate::support::{Account, Client, text};

/// What a list shows of its items under this key, page after page of two.
async fn listed(client: &Client, path: &str, key: &str) -> Vec<String> {
    let and = if path.contains('?') { '&' } else { '?' };
    let items = client.items_of(&format!("{path}{and}limit=2")).await;
    items.iter().map(|item| text(item, key)).collect()
}

/// Provisions a user with a name; gives its id.
async fn provision(account: &Account, address: &str, names: (&str, &str, &str)) -> String {
    let (given, family, display) = names;
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": address,
        "displayName": display,
        "name": {"givenName": given, "familyName": family},
        "emails": [{"value": address, "type": "work", "primary": true}],
    });
    text(&account.scim.post("/Users", user).await.expect(201), "id")
}

/// Names of things, as they are shown beside ids.
fn names(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|one| text(one, "name")).collect()
}
