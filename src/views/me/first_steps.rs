//! Whether the first steps are hidden.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether the first steps are hidden.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FirstSteps {
    /// Whether they are hidden for you, in this account.
    pub hidden: bool,
}
