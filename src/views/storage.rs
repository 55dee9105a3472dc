//! Where content may be kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::enterprise::storage::{EffectiveRule, StorageKind};
use crate::store::storage::{AccountRules, OwnRule};

/// Where content may be kept in the account.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StorageControl {
    /// The storage allowed in members' personal workspaces, at least one kind.
    #[schemars(length(min = 1))]
    pub personal_workspaces: Vec<StorageKind>,
    /// The storage allowed in organizations without a rule of their own, at least one kind.
    #[schemars(length(min = 1))]
    pub organizations: Vec<StorageKind>,
}

impl From<AccountRules> for StorageControl {
    fn from(rules: AccountRules) -> Self {
        Self {
            personal_workspaces: rules.personal_workspaces.allowed().to_vec(),
            organizations: rules.organizations.allowed().to_vec(),
        }
    }
}

/// Where an organization's content may be kept.
#[derive(Debug, JsonSchema, Serialize)]
pub struct OrganizationStorage {
    /// The storage that is allowed in the organization.
    pub allowed: Vec<StorageKind>,
    /// Whether the rule is the organization's own (true) or the account's (false).
    pub is_overridden: bool,
}

impl From<EffectiveRule> for OrganizationStorage {
    fn from(effective: EffectiveRule) -> Self {
        Self { allowed: effective.rule.allowed().to_vec(), is_overridden: effective.is_overridden }
    }
}

/// An organization with a rule of its own.
#[derive(Debug, JsonSchema, Serialize)]
pub struct OrganizationStorageRule {
    /// The id of the organization, for the paths below `/organizations`.
    pub organization_id: String,
    /// The name of the organization.
    pub organization_name: String,
    /// The storage that is allowed in the organization.
    pub allowed: Vec<StorageKind>,
}

impl From<OwnRule> for OrganizationStorageRule {
    fn from(own: OwnRule) -> Self {
        Self {
            organization_id: own.id,
            organization_name: own.name,
            allowed: own.rule.allowed().to_vec(),
        }
    }
}
