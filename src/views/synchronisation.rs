//! What linking a team to a SCIM group would change.

use schemars::JsonSchema;
use serde::Serialize;

use super::teams::NamedOrganization;
use crate::administration::synchronisation::Preview;

/// What linking a team to a SCIM group would change.
#[derive(Debug, JsonSchema, Serialize)]
pub struct SynchronisationPreview {
    /// The team's name now.
    pub name: String,
    /// The name that the team would have: the group's.
    pub new_name: String,
    /// The number of members who would join the team.
    pub joining: i64,
    /// The user names of the first 100 who would join.
    pub joining_first: Vec<String>,
    /// The organizations that those who join would reach.
    pub organizations: Vec<NamedOrganization>,
}

impl From<Preview> for SynchronisationPreview {
    fn from(preview: Preview) -> Self {
        let organizations = preview.organizations.into_iter();
        Self {
            name: preview.name,
            new_name: preview.new_name,
            joining: preview.joining,
            joining_first: preview.joining_first,
            organizations: organizations.map(NamedOrganization::from).collect(),
        }
    }
}
