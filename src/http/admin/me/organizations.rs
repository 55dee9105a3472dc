//! `/api/v1/me/organizations` and `/api/v1/me/storage-control`.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::caller::Me;
use crate::administration::persons::reach;
use crate::enterprise::search::Search;
use crate::http::admin::acting::Shown;
use crate::http::admin::api::Api;
use crate::http::admin::list::Paged;
use crate::http::admin::query::{self, Query};
use crate::http::base::problem::Problem;
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
             account. Owners and co-owners reach all of their account. With search, in alphabetical \
             order of what was found: every word of the search begins a word of the name.",
        );
    api.get("/me/organizations/{id}", "me.get-organization", get)
        .summary("An organization that you reach, and where its content may be kept");
    api.get("/me/storage-control", "me.list-storage-control", list_storage)
        .summary("Where your personal workspaces may be kept, account by account");
}

/// Which of your organizations are wanted; without any field, all of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct WantedOwnOrganizations {
    /// The id of one of your accounts, `ent_…`, to list only what is of it.
    pub account_id: Option<String>,
    /// Only organizations of which each word of this begins a word of the name.
    #[schemars(length(max = 255))]
    search: Option<String>,
}

impl WantedOwnOrganizations {
    /// Parses the search.
    ///
    /// # Errors
    /// Returns 400 if it is too long.
    pub fn search(&self) -> Result<Option<Search>, Problem> {
        query::search(self.search.clone())
    }
}

async fn list(
    me: Me,
    Query(wanted): Query<WantedOwnOrganizations>,
    paging: Paged,
) -> Shown<List<MyOrganization>> {
    let (now, search) = (me.now(), wanted.search()?);
    let (from, limit) = paging.place(search.as_ref())?;
    let found = me
        .read(wanted.account_id, move |conn, mine| {
            reach::organizations(conn, mine, now, search.as_ref(), (&from, limit))
        })
        .await?;
    Ok(Json(paging.listing(found, MyOrganization::from)))
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
