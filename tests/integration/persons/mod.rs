//! Who is who (docs/domain.md §0): addresses, persons, claims and proof.

mod addresses;
mod attacks;
mod claims;
mod isolation;
mod leaving;
mod myself;
mod reach;
mod single_sign_on;

use serde_json::{Value, json};

use crate::support::{App, Client, patch};

/// A PATCH that gives a user another name and e-mail address.
fn rename(address: &str) -> Value {
    patch(json!([
        {"op": "replace", "path": "userName", "value": address},
        {"op": "replace", "path": "emails[type eq \"work\"].value", "value": address},
    ]))
}

/// What somebody who is signed in sees about themselves.
async fn about_me(client: &Client) -> Value {
    let mut me = client.get("/session").await.expect(200);
    me["sessions"] = client.items("/sessions").await.into();
    me["offers"] = client.items("/organization-transfers").await.into();
    me
}

/// Nobody.
fn nobody(app: &App) -> Client {
    Client::new(format!("{}/api/v1", app.url), String::new())
}
