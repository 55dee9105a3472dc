//! `/api/v1/me/organizations` and `/api/v1/me/storage-control`.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::caller::Me;
use crate::administration::persons::reach;
use crate::http::admin::acting::Shown;
use crate::http::admin::api::Api;
use crate::http::admin::list::Paged;
use crate::http::admin::query::Query;
use crate::views::list::List;
use crate::views::me::organizations::{MyOrganization, MyStorageControl};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/me/organizations", "me.list-organizations", list)
        .summary("The organizations that you reach, with your role, the ways, and the storage rule")
        .description(
            "For every role. A session lists those of all your accounts in which it may act: a \
             session by mail leaves out accounts that require single sign-on of you, and a session \
             that single sign-on opened lists those of that account. A token lists those of its \
             account. Owners and co-owners reach all of their account.",
        );
    api.get("/me/organizations/{id}", "me.get-organization", get)
        .summary("An organization that you reach, and where its content may be kept");
    api.get("/me/storage-control", "me.list-storage-control", list_storage)
        .summary("Where your personal workspaces may be kept, account by account");
}

/// Of which account things are wanted.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct OwnAccount {
    /// The id of one of your accounts, `ent_…`, to list only what is of it.
    account_id: Option<String>,
}

async fn list(me: Me, Query(of): Query<OwnAccount>, paging: Paged) -> Shown<List<MyOrganization>> {
    let (now, (after, limit)) = (me.now(), paging.range()?);
    let page = me
        .read(of.account_id, move |conn, mine| reach::organizations(conn, mine, now, after, limit))
        .await?;
    Ok(Json(paging.list(page, MyOrganization::from)))
}

async fn get(me: Me, id: Path<String>) -> Shown<MyOrganization> {
    let now = me.now();
    let found = me.read(None, move |conn, mine| reach::organization(conn, mine, &id, now)).await?;
    Ok(Json(found.into()))
}

async fn list_storage(me: Me) -> Shown<List<MyStorageControl>> {
    let rules = me.read(None, reach::personal_storage).await?;
    let items = rules.into_iter().map(MyStorageControl::from).collect();
    Ok(Json(List { items, next_cursor: None }))
}
