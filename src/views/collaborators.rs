//! Who reaches an organization, and by which ways.

use schemars::JsonSchema;
use serde::Serialize;

use super::members::NamedTeam;
use crate::enterprise::OrganizationRole;
use crate::enterprise::access::{Access, Via};
use crate::store::access::Collaborator as Reached;

/// A member who reaches an organization.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Collaborator {
    /// The id of the member, for the paths below `/members`.
    pub member_id: String,
    /// The member's address; null if the identity provider gave none.
    pub email: Option<String>,
    /// The member's user name, often an address; unique in the account.
    pub user_name: String,
    /// The member's name for people to read; null if it is unknown.
    pub display_name: Option<String>,
    /// The member's role in the organization: the highest that the ways in `via` give.
    pub role: OrganizationRole,
    /// The ways of access: `direct` (also the account's owner), or the id of a linked team.
    pub via: Vec<String>,
    /// The teams among the ways in `via`, by their names.
    pub via_teams: Vec<NamedTeam>,
}

/// Returns the ways of access as the API shows them.
pub fn ways(via: &[Via]) -> Vec<String> {
    via.iter().map(|way| way.as_str().to_owned()).collect()
}

/// Returns the teams among the ways of access.
pub fn teams(via: Vec<Via>) -> Vec<NamedTeam> {
    let team = |way| match way {
        Via::Direct => None,
        Via::Team { id, name } => Some(NamedTeam::from((id, name))),
    };
    via.into_iter().filter_map(team).collect()
}

impl From<Access<Reached>> for Collaborator {
    fn from(access: Access<Reached>) -> Self {
        Self {
            member_id: access.subject.member_id,
            email: access.subject.email,
            user_name: access.subject.user_name,
            display_name: access.subject.display_name,
            role: access.role,
            via: ways(&access.via),
            via_teams: teams(access.via),
        }
    }
}

/// What is left of a member's access when direct access has ended.
#[derive(Debug, JsonSchema, Serialize)]
pub struct RemovedCollaborator {
    /// The access that the member still has through teams; null if teams give no access.
    pub remaining: Option<Collaborator>,
}

impl From<Option<Access<Reached>>> for RemovedCollaborator {
    fn from(remaining: Option<Access<Reached>>) -> Self {
        Self { remaining: remaining.map(Collaborator::from) }
    }
}
