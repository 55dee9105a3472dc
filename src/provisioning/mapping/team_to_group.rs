//! Converts teams to SCIM groups.

use serde_json::{Value, json};

use super::{document, meta};
use crate::provisioning::Directory;
use crate::provisioning::resource_types::{GROUP, GROUP_EXTENSION};
use crate::scim::{Resource, reader};
use crate::store::StoreResult;
use crate::store::rosters::RosterEntry;
use crate::store::teams::TeamRow;

/// The parts of a Group that are not in the team's row. A part is `None` if it was not requested.
#[derive(Clone, Debug, Default)]
pub struct GroupParts<'a> {
    /// The team's members.
    pub members: Option<Members<'a>>,
    /// The ids and names of the linked organizations.
    pub organizations: Option<Vec<(String, String)>>,
}

/// The members of a group, or a placeholder for them.
#[derive(Clone, Copy, Debug)]
pub enum Members<'a> {
    /// The members, already read.
    These(&'a [RosterEntry]),
    /// The members are read later; null is written in their place.
    Later,
}

/// Converts a team to a Group resource.
pub fn group(directory: &Directory, row: &TeamRow, parts: GroupParts<'_>) -> StoreResult<Resource> {
    let mut stored = document(&row.document, &GROUP)?;
    // Leave room for the attributes that are added to the document.
    let mut group = Resource::with_capacity(stored.len() + 7);
    group.insert("schemas".to_owned(), Value::Null);
    group.insert("id".to_owned(), row.scim_id.clone().into());
    if let Some(external_id) = &row.external_id {
        group.insert("externalId".to_owned(), external_id.clone().into());
    }
    group.insert("displayName".to_owned(), row.name.clone().into());
    group.append(&mut stored);
    match parts.members {
        // An empty list is written as well: identity providers look for the attribute.
        Some(Members::These(members)) => {
            let members = members.iter().map(|member| {
                let reference = [&directory.base_url, "/Users/", &member.id].concat();
                json!({
                    "value": member.id,
                    "$ref": reference,
                    "display": member.display,
                    "type": "User",
                })
            });
            group.insert("members".to_owned(), members.collect());
        }
        Some(Members::Later) => {
            group.insert("members".to_owned(), Value::Null);
        }
        None => {}
    }
    let mut extension = json!({"teamRole": row.role, "source": row.source});
    if !row.description.is_empty() {
        extension["description"] = row.description.clone().into();
    }
    if let Some(organizations) = parts.organizations.filter(|linked| !linked.is_empty()) {
        let organizations =
            organizations.into_iter().map(|(id, name)| json!({"value": id, "display": name}));
        extension["organizations"] = organizations.collect();
    }
    group.insert(GROUP_EXTENSION.to_owned(), extension);
    let location = [&directory.base_url, "/Groups/", &row.scim_id].concat();
    group.insert(
        "meta".to_owned(),
        meta(GROUP.name, location, row.known_since(), row.modified_at, row.version),
    );
    let schemas: Value = reader::schemas(&group, &GROUP).map(str::to_owned).collect();
    group.insert("schemas".to_owned(), schemas);
    Ok(group)
}
