//! Conversion between SCIM resources and stored rows, one file per direction.

mod group_to_team;
mod member_to_user;
mod team_to_group;
mod user_to_member;

pub use group_to_team::{check_name, team_values};
pub use member_to_user::{UserParts, user};
pub use team_to_group::{GroupParts, Members, group};
pub use user_to_member::{MemberWish, check, member_wish, unassign_active};

use serde_json::Value;

use super::precondition::entity_tag;
use crate::enterprise::Timestamp;
use crate::scim::resource::strip_foreign;
use crate::scim::{Resource, ResourceType};
use crate::store::{StoreError, StoreResult};

/// Returns `meta` of a resource (RFC 7643 §3.1).
fn meta(
    kind: &str,
    location: String,
    created_at: Timestamp,
    modified_at: Timestamp,
    version: i64,
) -> Value {
    let mut meta = Resource::with_capacity(5);
    meta.insert("resourceType".to_owned(), kind.into());
    meta.insert("created".to_owned(), created_at.to_rfc3339().into());
    meta.insert("lastModified".to_owned(), modified_at.to_rfc3339().into());
    meta.insert("location".to_owned(), location.into());
    meta.insert("version".to_owned(), entity_tag(version).into());
    Value::Object(meta)
}

/// Parses a stored document.
fn document(text: &str, resource_type: &ResourceType) -> StoreResult<Resource> {
    let mut document = serde_json::from_str(text)
        .map_err(|error| StoreError::Damaged(format!("document: {error}")))?;
    strip_foreign(&mut document, resource_type);
    Ok(document)
}

/// Removes an attribute and returns it if it is a string.
fn take_string(resource: &mut Resource, name: &str) -> Option<String> {
    match resource.shift_remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// Like [`take_string`], but trimmed; `None` if only white space remains.
fn take_line(resource: &mut Resource, name: &str) -> Option<String> {
    let mut text = take_string(resource, name)?;
    text.truncate(text.trim_end().len());
    let blanks = text.len() - text.trim_start().len();
    text.drain(..blanks);
    (!text.is_empty()).then_some(text)
}
