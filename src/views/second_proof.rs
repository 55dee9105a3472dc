//! How long a session is fresh.

use schemars::JsonSchema;
use serde::Serialize;

use crate::enterprise::Timestamp;

/// How long the session is fresh.
#[derive(Debug, JsonSchema, Serialize)]
pub struct SessionProof {
    /// Until when the session may do what needs a fresh proof of who you are.
    pub fresh_until: Timestamp,
}
