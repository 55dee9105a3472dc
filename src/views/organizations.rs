//! The organizations of an account.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::organization_list;
use crate::enterprise::Timestamp;
use crate::store::organizations::OrganizationRow;

/// An organization of the account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Organization {
    /// The id of the organization, `org_…`, for the paths below `/organizations`.
    pub id: String,
    /// The name of the organization, unique in the account in any letter case.
    pub name: String,
    /// When the organization was created.
    pub created_at: Timestamp,
}

impl From<OrganizationRow> for Organization {
    fn from(row: OrganizationRow) -> Self {
        Self { id: row.id, name: row.name, created_at: row.created_at }
    }
}

/// An organization of the account, with the numbers of its people and teams.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ListedOrganization {
    /// The organization.
    #[serde(flatten)]
    pub organization: Organization,
    /// The number of teams that are linked to the organization.
    pub team_count: i64,
    /// The number of members who reach the organization, counted up to 500.
    pub people_count: i64,
    /// Whether more members reach the organization than were counted.
    pub has_more_people: bool,
}

impl From<organization_list::ListedOrganization> for ListedOrganization {
    fn from(listed: organization_list::ListedOrganization) -> Self {
        Self {
            organization: listed.row.into(),
            team_count: listed.teams,
            people_count: listed.people,
            has_more_people: listed.has_more_people,
        }
    }
}
