//! Team → SCIM Group.

use serde_json::{Value, json};

use super::{document, meta};
use crate::provisioning::Directory;
use crate::provisioning::resource_types::{GROUP, GROUP_EXTENSION};
use crate::scim::Resource;
use crate::store::StoreResult;
use crate::store::rosters::Shown;
use crate::store::teams::TeamRow;

/// What a Group shows beyond the team's own row; left out where nobody asked for it.
#[derive(Clone, Debug, Default)]
pub struct GroupParts<'a> {
    /// The members.
    pub members: Option<Members<'a>>,
    /// The linked organizations: id and name.
    pub organizations: Option<Vec<(String, String)>>,
}

/// The members of a group.
#[derive(Clone, Copy, Debug)]
pub enum Members<'a> {
    /// These.
    These(&'a [Shown]),
    /// Those that are read later; null stands for them.
    Later,
}

/// The Group that a team is.
pub fn group(directory: &Directory, row: &TeamRow, parts: GroupParts<'_>) -> StoreResult<Resource> {
    let mut stored = document(&row.document)?;
    let mut group = Resource::new();
    group.insert("schemas".to_owned(), Value::Null);
    group.insert("id".to_owned(), row.scim_id.clone().into());
    if let Some(external_id) = &row.external_id {
        group.insert("externalId".to_owned(), external_id.clone().into());
    }
    group.insert("displayName".to_owned(), row.name.clone().into());
    group.append(&mut stored);
    match parts.members {
        Some(Members::These(members)) if !members.is_empty() => {
            let members = members.iter().map(|member| {
                json!({
                    "value": member.id,
                    "$ref": format!("{}/Users/{}", directory.base_url, member.id),
                    "display": member.display,
                    "type": "User",
                })
            });
            group.insert("members".to_owned(), members.collect());
        }
        Some(Members::Later) => {
            group.insert("members".to_owned(), Value::Null);
        }
        _ => {}
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
    let location = format!("{}/Groups/{}", directory.base_url, row.scim_id);
    group.insert(
        "meta".to_owned(),
        meta(GROUP.name, &location, row.created_at, row.modified_at, row.version),
    );
    let schemas = crate::scim::reader::schemas(&group, &GROUP);
    let schemas: Value = schemas.into_iter().map(str::to_owned).collect();
    group.insert("schemas".to_owned(), schemas);
    Ok(group)
}
