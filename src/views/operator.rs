//! What the operator of the server sees: activation codes and accounts.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::plans::codes::IssuedCode;
use crate::enterprise::Timestamp;
use crate::enterprise::activation_code::CodeState;
use crate::enterprise::plan::Plan;
use crate::store::activation_codes::CodeRow;
use crate::store::plans::PlanRow;

/// An activation code.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ActivationCode {
    /// The id of the code, `code_…`; it is not the code that the customer enters.
    pub id: String,
    /// The name of the customer, or of the account, that the code was issued for.
    pub customer: String,
    /// The number of seats that the account gets.
    pub seats: i64,
    /// The term of the plan in days, from when the code is entered.
    pub days: i64,
    /// How far the code is; only an `issued` one can be entered.
    pub state: CodeState,
    /// When the code was issued.
    pub issued_at: Timestamp,
    /// When the code was entered; null if it was not.
    pub used_at: Option<Timestamp>,
}

impl From<CodeRow> for ActivationCode {
    fn from(row: CodeRow) -> Self {
        Self {
            id: row.id,
            customer: row.customer,
            seats: row.seats,
            days: row.days,
            state: row.state,
            issued_at: row.issued_at,
            used_at: row.used_at,
        }
    }
}

/// A new activation code, with the code itself.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CreatedActivationCode {
    /// The code, without the secret part.
    #[serde(flatten)]
    pub listed: ActivationCode,
    /// The code to give to the customer, who enters it once. It is not shown again.
    pub code: String,
}

impl From<IssuedCode> for CreatedActivationCode {
    fn from(issued: IssuedCode) -> Self {
        Self { listed: issued.row.into(), code: issued.code }
    }
}

/// An account of the server.
#[derive(Debug, JsonSchema, Serialize)]
pub struct AccountSummary {
    /// The id of the account, `ent_…`.
    pub id: String,
    /// The name of the account.
    pub name: String,
    /// The plan of the account.
    pub plan: Plan,
    /// Whether the plan is active; if not, only the owner reaches the account, to read.
    pub active: bool,
    /// The number of seats that the account has.
    pub seats: i64,
    /// The number of seats that active members and pending invitations hold.
    pub seats_used: i64,
    /// When the plan ends; null if it has no end.
    pub ends_at: Option<Timestamp>,
}

impl AccountSummary {
    /// Makes the answer as of this time.
    pub fn at(row: PlanRow, now: Timestamp) -> Self {
        Self {
            active: row.is_active(now),
            seats_used: row.used(),
            id: row.id,
            name: row.name,
            plan: row.plan,
            seats: row.seats_total,
            ends_at: row.plan_ends_at,
        }
    }
}
