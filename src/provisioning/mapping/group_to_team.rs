//! SCIM Group → team. Members are rows of their own and are not part of this.

use serde_json::Value;

use super::take_string;
use crate::enterprise::{TeamSource, name};
use crate::provisioning::resource_types::{GROUP, GROUP_EXTENSION};
use crate::scim::resource::strip_read_only;
use crate::scim::{Resource, ScimError};
use crate::store::teams::TeamValues;

/// Reads a team's values out of a resource; the identity provider keeps it from now on.
pub fn team_values(mut resource: Resource, source: TeamSource) -> Result<TeamValues, ScimError> {
    strip_read_only(&mut resource, &GROUP);
    resource.shift_remove("members");
    let description = match resource.shift_remove(GROUP_EXTENSION) {
        Some(Value::Object(mut extension)) => take_string(&mut extension, "description"),
        _ => None,
    };
    let display_name = take_string(&mut resource, "displayName").unwrap_or_default();
    let checked = name::check(&display_name)
        .map_err(|invalid| ScimError::invalid_value(format!("displayName: {invalid}.")))?;
    Ok(TeamValues {
        name: checked.to_owned(),
        description: description.unwrap_or_default(),
        source,
        released: false,
        external_id: take_string(&mut resource, "externalId"),
        document: Value::Object(resource).to_string(),
    })
}
