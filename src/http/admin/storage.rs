//! `/api/v1/storage-control` and `/api/v1/organizations/{id}/storage-control`.

use actix_web::web;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageStorage, ReadAccount, ReadOrganization};
use super::api::Api;
use super::body::Body;
use crate::administration::storage;
use crate::enterprise::permissions::Operation;
use crate::enterprise::storage::{EffectiveRule, StorageKind};
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::Cost;
use crate::store::storage::AccountRules;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    let path = "/storage-control";
    api.get(path, "storage-control.get", get)
        .summary("Where content may be kept: in personal workspaces, and in organizations")
        .needs(Operation::ReadAccount)
        .answers::<StorageControl>(200);
    api.put(path, "storage-control.set", set)
        .summary("Says where content may be kept in the whole account")
        .description("Organizations with a rule of their own keep it.")
        .needs(Operation::ManageStorage)
        .body::<StorageControl>()
        .answers::<StorageControl>(200);
    let path = "/organizations/{id}/storage-control";
    api.get(path, "organizations.storage-control", get_of_organization)
        .summary("Where an organization's content may be kept")
        .needs(Operation::ReadOrganization)
        .answers::<OrganizationStorage>(200);
    api.put(path, "organizations.override-storage-control", set_of_organization)
        .summary("Gives an organization a rule of its own")
        .needs(Operation::ManageStorage)
        .body::<Allowed>()
        .answers::<OrganizationStorage>(200);
    api.delete(path, "organizations.reset-storage-control", reset_of_organization)
        .summary("Lets the account's rule count in an organization again")
        .needs(Operation::ManageStorage)
        .answers::<OrganizationStorage>(200);
}

/// The account's rules.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StorageControl {
    /// What is allowed in members' personal workspaces.
    #[schemars(length(min = 1))]
    personal_workspaces: Vec<StorageKind>,
    /// What is allowed in organizations that have no rule of their own.
    #[schemars(length(min = 1))]
    organizations: Vec<StorageKind>,
}

impl From<AccountRules> for StorageControl {
    fn from(rules: AccountRules) -> Self {
        Self {
            personal_workspaces: rules.personal_workspaces.allowed().to_vec(),
            organizations: rules.organizations.allowed().to_vec(),
        }
    }
}

/// `GET /api/v1/storage-control`.
pub async fn get(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
) -> Result<web::Json<StorageControl>, Problem> {
    let rules = service
        .store
        .read(Cost::Point, move |conn| storage::of_account(conn, admin.enterprise))
        .await?;
    Ok(web::Json(rules.into()))
}

/// `PUT /api/v1/storage-control`.
pub async fn set(
    service: web::Data<Service>,
    InOrder(admin, Body(rules)): InOrder<Administrator<ManageStorage>, Body<StorageControl>>,
) -> Result<web::Json<StorageControl>, Problem> {
    let rules = service
        .store
        .write(admin.by(), move |transaction| {
            let StorageControl { personal_workspaces, organizations } = &rules;
            storage::set_of_account(
                transaction,
                admin.enterprise,
                personal_workspaces,
                organizations,
            )
        })
        .await?;
    Ok(web::Json(rules.into()))
}

/// The rule that counts for an organization, as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct OrganizationStorage {
    allowed: Vec<StorageKind>,
    /// Whether it is the organization's own rule, instead of the account's.
    is_overridden: bool,
}

impl From<EffectiveRule> for OrganizationStorage {
    fn from(effective: EffectiveRule) -> Self {
        Self { allowed: effective.rule.allowed().to_vec(), is_overridden: effective.is_overridden }
    }
}

/// What an organization allows.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    #[schemars(length(min = 1))]
    allowed: Vec<StorageKind>,
}

/// `GET /api/v1/organizations/{id}/storage-control`.
pub async fn get_of_organization(
    service: web::Data<Service>,
    admin: Administrator<ReadOrganization>,
    id: web::Path<String>,
) -> Result<web::Json<OrganizationStorage>, Problem> {
    let rule = service
        .store
        .read(Cost::Point, move |conn| storage::of_organization(conn, admin.enterprise, &id))
        .await?;
    Ok(web::Json(rule.into()))
}

/// `PUT /api/v1/organizations/{id}/storage-control`.
pub async fn set_of_organization(
    service: web::Data<Service>,
    InOrder(admin, Body(own)): InOrder<Administrator<ManageStorage>, Body<Allowed>>,
    id: web::Path<String>,
) -> Result<web::Json<OrganizationStorage>, Problem> {
    let rule = service
        .store
        .write(admin.by(), move |transaction| {
            let kinds = Some(&own.allowed[..]);
            storage::set_of_organization(transaction, admin.enterprise, &id, kinds)
        })
        .await?;
    Ok(web::Json(rule.into()))
}

/// `DELETE /api/v1/organizations/{id}/storage-control`.
pub async fn reset_of_organization(
    service: web::Data<Service>,
    admin: Administrator<ManageStorage>,
    id: web::Path<String>,
) -> Result<web::Json<OrganizationStorage>, Problem> {
    let rule = service
        .store
        .write(admin.by(), move |transaction| {
            storage::set_of_organization(transaction, admin.enterprise, &id, None)
        })
        .await?;
    Ok(web::Json(rule.into()))
}
