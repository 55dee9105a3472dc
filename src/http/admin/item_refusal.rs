//! Why one item of several in a request was refused.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::AdministrationError;
use crate::http::base::problem::Problem;

/// Why one item of several was refused.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ItemRefusal {
    /// The kind of the refusal, a URN as in the `type` of a problem document.
    #[serde(rename = "type")]
    kind: String,
    /// Why the item was refused, as a sentence.
    detail: String,
}

impl From<AdministrationError> for ItemRefusal {
    fn from(error: AdministrationError) -> Self {
        let problem = Problem::from(error);
        Self { kind: problem.urn(), detail: problem.detail().to_owned() }
    }
}
