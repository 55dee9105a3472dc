//! What the billing system is answered.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::plans::billing::Outcome;

/// The answer to an event of the billing system.
#[derive(Debug, JsonSchema, Serialize)]
pub struct BillingAcknowledgement {
    /// `applied`; `repeated` if it was applied before, `outdated` if a newer one was.
    pub outcome: &'static str,
}

impl From<Outcome> for BillingAcknowledgement {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome: match outcome {
                Outcome::Applied => "applied",
                Outcome::Repeated => "repeated",
                Outcome::Outdated => "outdated",
            },
        }
    }
}
