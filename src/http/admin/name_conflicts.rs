//! `/api/v1/name-conflicts`: names that an upgrade found to be equal.

use actix_web::web::Json;

use super::acting::Shown;
use super::administrator::Administrator;
use super::api::Api;
use super::list::Paged;
use super::permits::ReadAccount;
use crate::administration::name_conflicts;
use crate::views::list::List;
use crate::views::name_conflicts::NameConflict;

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

async fn list(admin: Administrator<ReadAccount>, paging: Paged) -> Shown<List<NameConflict>> {
    let (after, limit) = paging.range()?;
    let page = admin
        .read(move |conn, account| Ok(name_conflicts::list(conn, account, after, limit)?))
        .await?;
    Ok(Json(paging.list(page, NameConflict::from)))
}
