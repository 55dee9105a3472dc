//! The teams of an account.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::teams::LinkedTeam;
use crate::enterprise::{TeamRole, TeamSource, Timestamp};
use crate::store::access::Organization;

/// A team of the account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Team {
    /// The id of the team, `team_…`, for the paths below `/teams`.
    pub id: String,
    /// The name of the team, unique in the account in any letter case.
    pub name: String,
    /// What the team is for; empty if nobody has described it.
    pub description: String,
    /// The role that the team gives its members in every linked organization.
    pub role: TeamRole,
    /// Who made the team, and who keeps its name and members.
    pub source: TeamSource,
    /// The id of the SCIM Group that the team is or can become; not `id` if it was linked by hand.
    pub scim_id: String,
    /// The number of members in the team.
    pub member_count: i64,
    /// The organizations that the team is linked to.
    pub organizations: Vec<NamedOrganization>,
    /// When the team was created.
    pub created_at: Timestamp,
}

impl From<LinkedTeam> for Team {
    fn from(linked: LinkedTeam) -> Self {
        let LinkedTeam { team, organizations } = linked;
        Self {
            id: team.id,
            name: team.name,
            description: team.description,
            role: team.role,
            source: team.source,
            scim_id: team.scim_id,
            member_count: team.member_count,
            organizations: organizations.into_iter().map(NamedOrganization::from).collect(),
            created_at: team.created_at,
        }
    }
}

/// An organization, by its name.
#[derive(Debug, JsonSchema, Serialize)]
pub struct NamedOrganization {
    /// The id of the organization, `org_…`, for the paths below `/organizations`.
    pub id: String,
    /// The name of the organization.
    pub name: String,
}

impl From<Organization> for NamedOrganization {
    fn from(organization: Organization) -> Self {
        Self { id: organization.id, name: organization.name }
    }
}
