//! `/api/v1/storage-control` and `/api/v1/organizations/{id}/storage-control`.

use actix_web::web::Path;
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::api::Api;
use super::body::Body;
use super::list::Paged;
use super::permits::{ManageStorage, ReadAccount, ReadOrganization};
use crate::administration::storage;
use crate::enterprise::storage::StorageKind;
use crate::views::list::List;
use crate::views::storage::{OrganizationStorage, OrganizationStorageRule, StorageControl};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    let path = "/storage-control";
    api.get(path, "storage-control.get", get)
        .summary("Where content may be kept: in personal workspaces, and in organizations");
    api.put(path, "storage-control.change", set)
        .formerly("set")
        .summary("Says where content may be kept in the whole account")
        .description("Organizations with a rule of their own keep it.");
    api.get("/storage-control/organizations", "storage-control.list-organizations", list_own)
        .summary("Organizations with a rule of their own");
    let path = "/organizations/{id}/storage-control";
    api.get(path, "organizations.get-storage-control", get_of_organization)
        .formerly("storage-control")
        .summary("Where an organization's content may be kept");
    api.put(path, "organizations.change-storage-control", set_of_organization)
        .formerly("override-storage-control")
        .summary("Gives an organization a rule of its own");
    api.delete(path, "organizations.delete-storage-control", reset_of_organization)
        .formerly("reset-storage-control")
        .summary("Lets the account's rule count in an organization again");
}

async fn get(admin: Administrator<ReadAccount>) -> Shown<StorageControl> {
    admin.show(storage::of_account).await
}

async fn set(
    admin: Administrator<ManageStorage>,
    Body(rules): Body<StorageControl>,
) -> Shown<StorageControl> {
    admin
        .change(move |transaction, account| {
            let StorageControl { personal_workspaces, organizations } = &rules;
            storage::set_of_account(transaction, account, personal_workspaces, organizations)
        })
        .await
}

async fn list_own(
    admin: Administrator<ReadAccount>,
    paging: Paged,
) -> Shown<List<OrganizationStorageRule>> {
    admin.list(paging, storage::list_own).await
}

/// A rule of an organization's own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AllowedStorage {
    /// The storage that is allowed in the organization, at least one kind.
    #[schemars(length(min = 1))]
    allowed: Vec<StorageKind>,
}

async fn get_of_organization(
    admin: Administrator<ReadOrganization>,
    id: Path<String>,
) -> Shown<OrganizationStorage> {
    admin.show(move |conn, account| storage::of_organization(conn, account, &id)).await
}

async fn set_of_organization(
    admin: Administrator<ManageStorage>,
    Body(own): Body<AllowedStorage>,
    id: Path<String>,
) -> Shown<OrganizationStorage> {
    admin
        .change(move |transaction, account| {
            storage::set_of_organization(transaction, account, &id, Some(&own.allowed[..]))
        })
        .await
}

async fn reset_of_organization(
    admin: Administrator<ManageStorage>,
    id: Path<String>,
) -> Shown<OrganizationStorage> {
    admin
        .change(move |transaction, account| {
            storage::set_of_organization(transaction, account, &id, None)
        })
        .await
}
