//! Offers of organizations to other accounts.

use schemars::JsonSchema;
use serde::Serialize;

use super::organizations::Organization;
use crate::administration::transfers::Moved;
use crate::enterprise::Timestamp;
use crate::enterprise::transfer::{Checked, TransferCondition, TransferState};
use crate::store::transfers::TransferRow;

/// The offer of an organization to another account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Transfer {
    /// The id of the transfer, `otr_…`, for the paths below `/organization-transfers`.
    pub id: String,
    /// The id of the organization, which stays the same.
    pub organization_id: String,
    /// The name of the organization.
    pub organization_name: String,
    /// The name of the account that hands the organization over.
    pub account_name: String,
    /// The address of the new owner, to whom the organization is offered.
    pub email: String,
    /// How far the transfer is; only a `pending` one can be accepted.
    pub state: TransferState,
    /// When the organization was offered.
    pub created_at: Timestamp,
    /// When the offer expires, 7 days after it was made.
    pub expires_at: Timestamp,
}

impl Transfer {
    /// Makes the answer as of this time.
    pub fn of(row: TransferRow, now: Timestamp) -> Self {
        Self {
            state: row.state(now),
            id: row.id,
            organization_id: row.organization_id,
            organization_name: row.organization_name,
            account_name: row.enterprise_name,
            email: row.email,
            created_at: row.created_at,
            expires_at: row.expires_at,
        }
    }
}

/// The conditions of a transfer.
#[derive(Debug, JsonSchema, Serialize)]
pub struct TransferPreview {
    /// Whether all conditions are met, so that the organization can be offered.
    pub possible: bool,
    /// Every condition.
    pub conditions: Vec<CheckedCondition>,
}

/// A condition of a transfer.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CheckedCondition {
    /// The condition.
    pub condition: TransferCondition,
    /// Whether it is met; null if the new owner has no account that could be looked at.
    pub met: Option<bool>,
    /// What is missing; null unless the condition is not met.
    pub missing: Option<String>,
}

impl From<Vec<Checked>> for TransferPreview {
    fn from(all: Vec<Checked>) -> Self {
        let shown = |one: Checked| CheckedCondition {
            condition: one.condition,
            met: one.is_met,
            missing: one.unmet.map(|unmet| unmet.to_string()),
        };
        Self {
            possible: all.iter().all(|one| one.is_met == Some(true)),
            conditions: all.into_iter().map(shown).collect(),
        }
    }
}

/// An organization that has moved into this account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct AcceptedTransfer {
    /// The organization, now of this account.
    pub organization: Organization,
    /// The number of people who reached the organization and still do, as members of this account.
    pub came_along: i64,
    /// The number of members who lost it because they have no address to be known by here.
    pub left_behind: i64,
}

impl From<Moved> for AcceptedTransfer {
    fn from(moved: Moved) -> Self {
        Self {
            organization: moved.organization.into(),
            came_along: moved.came_along,
            left_behind: moved.left_behind,
        }
    }
}
