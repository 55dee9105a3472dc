//! The organizations that a person reaches, and the storage rules that bind them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::persons::reach::{PersonalStorage, ReachedOrganization, Way};
use crate::enterprise::OrganizationRole;
use crate::enterprise::reach::{InactiveReason, WayKind};
use crate::enterprise::storage::StorageKind;
use crate::views::storage::OrganizationStorage;

/// A way by which you reach an organization.
#[derive(Debug, JsonSchema, Serialize)]
pub struct OrganizationWay {
    /// Whether you own the account, are its co-owner, are in the organization yourself, or in a team
    /// that is linked to it.
    pub kind: WayKind,
    /// The role that this way gives you.
    pub role: OrganizationRole,
    /// The id of the team; null if the way is not a team.
    pub team_id: Option<String>,
    /// The name of the team; null if the way is not a team.
    pub team_name: Option<String>,
}

impl From<Way> for OrganizationWay {
    fn from(way: Way) -> Self {
        let (team_id, team_name) = way.team.unzip();
        Self { kind: way.kind, role: way.role, team_id, team_name }
    }
}

/// An organization that you reach.
#[derive(Debug, JsonSchema, Serialize)]
pub struct MyOrganization {
    /// The id of the organization, `org_…`, for the paths below `/organizations`.
    pub id: String,
    /// The name of the organization.
    pub name: String,
    /// The id of the account that the organization belongs to, `ent_…`.
    pub account_id: String,
    /// The name of the account that the organization belongs to.
    pub account_name: String,
    /// Your role in the organization: the highest of all ways.
    pub role: OrganizationRole,
    /// All ways by which you reach the organization; losing one leaves you the others.
    pub ways: Vec<OrganizationWay>,
    /// Whether the organization can be worked in.
    pub active: bool,
    /// Why the organization cannot be worked in; null while it is active.
    pub inactive_because: Option<InactiveReason>,
    /// Where the content of the organization may be kept.
    pub storage: OrganizationStorage,
}

impl From<ReachedOrganization> for MyOrganization {
    fn from(reached: ReachedOrganization) -> Self {
        Self {
            id: reached.id,
            name: reached.name,
            account_id: reached.account_id,
            account_name: reached.account_name,
            role: reached.role,
            ways: reached.ways.into_iter().map(OrganizationWay::from).collect(),
            active: reached.inactive.is_none(),
            inactive_because: reached.inactive,
            storage: reached.storage.into(),
        }
    }
}

/// Where your personal workspaces in one account may be kept.
#[derive(Debug, JsonSchema, Serialize)]
pub struct MyStorageControl {
    /// The id of the account, `ent_…`.
    pub account_id: String,
    /// The name of the account.
    pub account_name: String,
    /// The storage that is allowed in your personal workspaces.
    pub personal_workspaces: Vec<StorageKind>,
}

impl From<PersonalStorage> for MyStorageControl {
    fn from(storage: PersonalStorage) -> Self {
        Self {
            account_id: storage.account_id,
            account_name: storage.account_name,
            personal_workspaces: storage.rule.allowed().to_vec(),
        }
    }
}
