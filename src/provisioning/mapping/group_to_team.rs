//! Converts SCIM groups to teams. Members are stored as rows of their own and are not converted
//! here.

use serde_json::Value;

use super::{take_line, take_string};
use crate::enterprise::{TeamSource, name};
use crate::provisioning::resource_types::{GROUP, GROUP_EXTENSION};
use crate::scim::resource::strip_read_only;
use crate::scim::{Resource, ScimError};
use crate::store::teams::TeamValues;

/// Converts a resource to the values of a team that the identity provider manages from now on.
pub fn team_values(mut resource: Resource, source: TeamSource) -> TeamValues {
    strip_read_only(&mut resource, &GROUP);
    resource.shift_remove("members");
    let description = match resource.shift_remove(GROUP_EXTENSION) {
        Some(Value::Object(mut extension)) => take_string(&mut extension, "description"),
        _ => None,
    };
    TeamValues {
        name: take_line(&mut resource, "displayName").unwrap_or_default(),
        description: description.unwrap_or_default(),
        source,
        released: false,
        external_id: take_string(&mut resource, "externalId"),
        document: Value::Object(resource).to_string(),
    }
}

/// Checks the name of a team. A name that the team already has is accepted, so that an invalid name
/// stored by an earlier release does not block other changes.
///
/// # Errors
/// Returns 400 `invalidValue` if the name is invalid.
pub fn check_name(values: &TeamValues, before: Option<&TeamValues>) -> Result<(), ScimError> {
    if before.is_some_and(|before| before.name == values.name) {
        return Ok(());
    }
    match name::check(&values.name) {
        Ok(_) => Ok(()),
        Err(invalid) => Err(ScimError::invalid_value(format!("displayName: {invalid}."))),
    }
}
