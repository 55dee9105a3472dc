//! Converts members to SCIM users.

use serde_json::{Value, json};

use super::{document, meta};
use crate::enterprise::access::{Grant, effective};
use crate::provisioning::Directory;
use crate::provisioning::resource_types::{USER, USER_EXTENSION};
use crate::scim::{Resource, reader};
use crate::store::StoreResult;
use crate::store::access::Organization;
use crate::store::members::MemberRow;
use crate::store::team_members::MemberTeam;

/// The parts of a User that are not in the member's row. A part is `None` if it was not requested.
#[derive(Clone, Debug, Default)]
pub struct UserParts {
    /// The member's teams.
    pub teams: Option<Vec<MemberTeam>>,
    /// The member's grants of access to organizations.
    pub organizations: Option<Vec<Grant<Organization>>>,
}

/// Converts a member to a User resource.
pub fn user(directory: &Directory, row: &MemberRow, parts: UserParts) -> StoreResult<Resource> {
    let mut stored = document(&row.document, &USER)?;
    // Leave room for the attributes that are added to the document.
    let mut user = Resource::with_capacity(stored.len() + 9);
    user.insert("schemas".to_owned(), Value::Null);
    user.insert("id".to_owned(), row.id.clone().into());
    if let Some(external_id) = &row.external_id {
        user.insert("externalId".to_owned(), external_id.clone().into());
    }
    user.insert("userName".to_owned(), row.user_name.clone().into());
    if let Some(name) = stored.shift_remove("name") {
        user.insert("name".to_owned(), name);
    }
    if let Some(display_name) = &row.display_name {
        user.insert("displayName".to_owned(), display_name.clone().into());
    }
    // See [`super::unassign_active`].
    if stored.shift_remove("active").is_none() {
        user.insert("active".to_owned(), row.active.into());
    }
    user.append(&mut stored);
    if let Some(teams) = parts.teams.filter(|teams| !teams.is_empty()) {
        let groups = teams.into_iter().map(|team| {
            json!({
                "value": team.id,
                "$ref": format!("{}/Groups/{}", directory.base_url, team.id),
                "display": team.name,
                "type": "direct",
            })
        });
        user.insert("groups".to_owned(), groups.collect());
    }
    let extension = extension(row, parts.organizations);
    user.insert(USER_EXTENSION.to_owned(), Value::Object(extension));
    let location = [&directory.base_url, "/Users/", &row.id].concat();
    user.insert(
        "meta".to_owned(),
        meta(USER.name, location, row.created_at, row.modified_at, row.version),
    );
    let schemas: Value = reader::schemas(&user, &USER).map(str::to_owned).collect();
    user.insert("schemas".to_owned(), schemas);
    Ok(user)
}

fn extension(row: &MemberRow, organizations: Option<Vec<Grant<Organization>>>) -> Resource {
    let licence = if row.active { "held" } else { "none" };
    let mut extension = Resource::with_capacity(6);
    if let Some(note) = &row.note {
        extension.insert("note".to_owned(), note.clone().into());
    }
    extension.insert("accountRole".to_owned(), row.role.as_str().into());
    extension.insert("licence".to_owned(), licence.into());
    extension.insert("source".to_owned(), row.source.as_str().into());
    extension.insert("canSignIn".to_owned(), row.email.is_some().into());
    let reached = effective(organizations.unwrap_or_default());
    if !reached.is_empty() {
        let organizations = reached.into_iter().map(|access| {
            json!({
                "value": access.subject.id,
                "display": access.subject.name,
                "role": access.role.as_str(),
            })
        });
        extension.insert("organizations".to_owned(), organizations.collect());
    }
    extension
}
