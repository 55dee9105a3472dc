//! `/api/v1/organizations`.

use actix_web::web::Path;
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::list::Paged;
use super::permits::{
    CreateOrganizations, ManageOrganization, ReadAccount, ReadOrganization, Smaller,
    TransferOrganizations,
};
use super::query::{self, Query};
use crate::administration::{organization_list, organizations};
use crate::http::base::problem::Problem;
use crate::views::list::List;
use crate::views::organizations::{ListedOrganization, Organization};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/organizations", "organizations.list", list)
        .summary("The account's organizations, in order of creation")
        .description(
            "With search, in alphabetical order of what was found: every word of the search begins a \
             word of the name.",
        );
    api.post("/organizations", "organizations.create", create).summary("Creates an organization");
    api.get("/organizations/{id}", "organizations.get", get).summary("An organization");
    api.patch("/organizations/{id}", "organizations.change", rename)
        .formerly("rename")
        .summary("Gives an organization another name")
        .refuses(&[409]);
    api.delete("/organizations/{id}", "organizations.delete", delete)
        .summary("Deletes an organization, unless it is the account's last")
        .description(
            "Links of teams and direct access end with it; members keep their seats. Pending \
             invitations that named nothing else are revoked.",
        )
        .refuses(&[409]);
}

/// Which organizations are wanted; without any field, all of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct WantedOrganizations {
    /// Only organizations of which each word of this begins a word of the name.
    #[schemars(length(max = 255))]
    search: Option<String>,
}

/// The name of an organization.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    /// The name, at most 255 characters, that no other organization of the account has.
    name: String,
}

async fn list(
    admin: Administrator<ReadAccount>,
    Query(wanted): Query<WantedOrganizations>,
    paging: Paged,
) -> Shown<List<ListedOrganization>> {
    let search = query::search(wanted.search)?;
    let wanted = search.clone();
    admin
        .listing(paging, search.as_ref(), move |conn, account, from, limit| {
            organization_list::list(conn, account, wanted.as_ref(), (from, limit))
        })
        .await
}

async fn create(
    creation: Creation<CreateOrganizations, NewOrganization>,
) -> Result<Created<Organization>, Problem> {
    creation
        .create(|transaction, account, new| organizations::create(transaction, account, &new.name))
        .await
}

async fn get(admin: Administrator<ReadOrganization>, id: Path<String>) -> Shown<Organization> {
    admin.show(move |conn, account| organizations::require(conn, account, &id)).await
}

async fn rename(
    admin: Administrator<ManageOrganization>,
    Body(new): Body<NewOrganization>,
    id: Path<String>,
) -> Shown<Organization> {
    admin
        .change(move |transaction, account| {
            organizations::rename(transaction, account, &id, &new.name)
        })
        .await
}

async fn delete(
    admin: Administrator<Smaller<TransferOrganizations>>,
    id: Path<String>,
) -> Result<NoContent, Problem> {
    admin.end(move |transaction, account| organizations::delete(transaction, account, &id)).await
}
