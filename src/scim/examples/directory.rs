//! A directory in memory that creates, changes, searches and returns users as a SCIM server does.
//!
//! `cargo run --package scim-engine --example directory`

use std::error::Error;

use scim_engine::list::ListResponse;
use scim_engine::schema::USER_RESOURCE;
use scim_engine::{Filter, PatchRequest, Projection, Resource, ScimError, patch, reader};
use serde_json::{Value, json};

#[derive(Default)]
struct Directory {
    users: Vec<Resource>,
}

impl Directory {
    /// POST /Users
    fn create(&mut self, body: Value) -> Result<String, ScimError> {
        let mut user = reader::read(body, &USER_RESOURCE)?;
        let id = self.users.len().to_string();
        user.insert("id".to_owned(), json!(id));
        user.insert("schemas".to_owned(), reader::schemas(&user, &USER_RESOURCE).collect());
        self.users.push(user);
        Ok(id)
    }

    /// PATCH /Users/{id}: all operations or none.
    fn change(&mut self, id: &str, body: Value) -> Result<(), ScimError> {
        let request = PatchRequest::parse(body, &USER_RESOURCE)?;
        let user = self
            .users
            .iter_mut()
            .find(|user| user["id"] == id)
            .ok_or_else(|| ScimError::new(404, format!("There is no user {id}")))?;
        let mut changed = user.clone();
        for operation in &request.operations {
            patch::apply(&mut changed, operation, &USER_RESOURCE)?;
        }
        *user = changed;
        Ok(())
    }

    /// GET /Users?filter=…&attributes=…
    fn search(&self, filter: &str, attributes: &[String]) -> Result<Value, Box<dyn Error>> {
        let filter = Filter::parse(filter, &USER_RESOURCE)?;
        let projection = Projection::new(attributes, &[], &USER_RESOURCE);
        let found = self.users.iter().filter(|user| filter.matches(user)).cloned();
        let items: Vec<Value> = found
            .map(|mut user| {
                projection.apply(&mut user);
                Value::Object(user)
            })
            .collect();
        let list = ListResponse {
            total_results: items.len() as u64,
            start_index: Some(1),
            items,
            next_cursor: None,
        };
        Ok(list.into_json())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut directory = Directory::default();
    let babs = directory.create(json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "babs@example.com",
        "name": {"givenName": "Barbara", "familyName": "Jensen"},
        "emails": [{"value": "babs@example.com", "type": "work", "primary": true}],
    }))?;
    directory.create(json!({"userName": "carlos@example.com", "active": "true"}))?;
    directory.change(
        &babs,
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "b@example.com"}],
        }),
    )?;
    let found = directory.search("emails[value sw \"B@\"]", &["emails".to_owned()])?;
    println!("{found:#}");

    let refused =
        directory.change(&babs, json!({"Operations": [{"op": "remove", "path": "userName"}]}));
    println!("{}", refused.err().map(|error| error.to_string()).unwrap_or_default());
    Ok(())
}
