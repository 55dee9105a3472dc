//! Things that were renamed because their names had become one.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::name_conflicts;
use crate::enterprise::Timestamp;
use crate::enterprise::name::Named;
use crate::store::name_conflicts::Conflict;

/// Two things that have one name since an upgrade.
#[derive(Debug, JsonSchema, Serialize)]
pub struct NameConflict {
    /// What kind of things the two are.
    pub kind: Named,
    /// The id of the later one, which is not found by its name.
    pub id: String,
    /// The name of the later one.
    pub name: String,
    /// The id of the earlier one, which is found by the name.
    pub other_id: String,
    /// The name of the earlier one, the same as `name` but for how its letters are written.
    pub other_name: String,
    /// How to settle the conflict, as a sentence.
    pub what_to_do: String,
    /// When the conflict was found.
    pub noted_at: Timestamp,
}

impl From<Conflict> for NameConflict {
    fn from(conflict: Conflict) -> Self {
        Self {
            what_to_do: name_conflicts::way_out(&conflict).to_owned(),
            kind: conflict.kind,
            id: conflict.subject_id,
            name: conflict.subject_name,
            other_id: conflict.other_id,
            other_name: conflict.other_name,
            noted_at: conflict.noted_at,
        }
    }
}
