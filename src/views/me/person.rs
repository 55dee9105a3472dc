//! The person.

use schemars::JsonSchema;
use serde::Serialize;

use crate::store::users::PersonRow;

/// A person.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Person {
    /// The id of the person, `acct_…`, the same in all accounts.
    pub user_id: String,
    /// The person's own name; null if they have not said it.
    pub name: Option<String>,
    /// The person's primary address.
    pub email: String,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Self {
        Self { user_id: row.id, name: row.name, email: row.email }
    }
}
