//! `/api/v1/name-conflicts`: names that an upgrade found to be equal.

use actix_web::web::Json;
use schemars::JsonSchema;
use serde::Serialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::api::Api;
use super::list::{List, Paged};
use super::permits::ReadAccount;
use crate::administration::name_conflicts;
use crate::enterprise::Timestamp;
use crate::enterprise::name::Named;
use crate::store::name_conflicts::Conflict;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/name-conflicts", "name-conflicts.list", list)
        .summary("Names that two things have since an upgrade")
        .description(
            "Names that differ only in how their letters are written, such as composed and \
             decomposed ones, are one name. Where an earlier release had let in both, both are \
             kept until somebody renames or removes one; the list is empty then.",
        );
}

/// Two things that have one name since an upgrade.
#[derive(Debug, JsonSchema, Serialize)]
pub struct NameConflict {
    /// What kind of things the two are.
    kind: Named,
    /// The id of the later one, which is not found by its name.
    id: String,
    /// The name of the later one.
    name: String,
    /// The id of the earlier one, which is found by the name.
    other_id: String,
    /// The name of the earlier one, the same as `name` but for how its letters are written.
    other_name: String,
    /// How to settle the conflict, as a sentence.
    what_to_do: String,
    /// When the conflict was found.
    noted_at: Timestamp,
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

async fn list(admin: Administrator<ReadAccount>, paging: Paged) -> Shown<List<NameConflict>> {
    let (after, limit) = paging.range()?;
    let page = admin
        .read(move |conn, account| Ok(name_conflicts::list(conn, account, after, limit)?))
        .await?;
    Ok(Json(paging.list(page, NameConflict::from)))
}
