//! What an activation code would do to an account.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::plans::codes::Preview;
use crate::enterprise::Timestamp;
use crate::enterprise::plan::Plan;

/// What an activation code would do to the account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ActivationPreview {
    /// The plan that the account would have.
    pub plan: Plan,
    /// The number of seats that the account would have.
    pub seats: i64,
    /// The term in days, from when the code is entered.
    pub days: i64,
    /// When the plan would end if the code were entered now.
    pub ends_at: Timestamp,
    /// The plan that the account has now.
    pub present_plan: Plan,
    /// The number of seats that the account has now.
    pub present_seats: i64,
    /// The number of seats that active members and pending invitations hold.
    pub seats_used: i64,
    /// Why the code would be refused now, and what to do; null if it can be entered.
    pub refusal: Option<String>,
}

impl ActivationPreview {
    /// Makes the answer as of this time.
    pub fn at(preview: Preview, now: Timestamp) -> Self {
        Self {
            plan: Plan::Enterprise,
            seats: preview.code.seats,
            days: preview.code.days,
            ends_at: now.plus_days(preview.code.days),
            present_plan: preview.account.plan,
            present_seats: preview.account.seats_total,
            seats_used: preview.account.used(),
            refusal: preview.refusal.map(|refusal| refusal.to_string()),
        }
    }
}
