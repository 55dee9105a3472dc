//! `/api/v1/me/organizations` and `/api/v1/me/storage-control`.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::caller::Me;
use crate::administration::persons::reach::{self, PersonalStorage, ReachedOrganization, Way};
use crate::enterprise::OrganizationRole;
use crate::enterprise::reach::{InactiveReason, WayKind};
use crate::enterprise::storage::StorageKind;
use crate::http::admin::acting::Shown;
use crate::http::admin::api::Api;
use crate::http::admin::list::{List, Paged};
use crate::http::admin::query::Query;
use crate::http::admin::storage::OrganizationStorage;

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

/// A way by which you reach an organization.
#[derive(Debug, JsonSchema, Serialize)]
pub struct OrganizationWay {
    /// Whether you own the account, are its co-owner, are in the organization yourself, or in a team
    /// that is linked to it.
    kind: WayKind,
    /// The role that this way gives you.
    role: OrganizationRole,
    /// The id of the team; null if the way is not a team.
    team_id: Option<String>,
    /// The name of the team; null if the way is not a team.
    team_name: Option<String>,
}

impl From<Way> for OrganizationWay {
    fn from(way: Way) -> Self {
        let (team_id, team_name) = way.team.unzip();
        Self { kind: way.kind, role: way.role, team_id, team_name }
    }
}

/// An organization that you reach.
#[derive(Debug, JsonSchema, Serialize)]
pub struct MyOrganization {
    /// The id of the organization, `org_…`, for the paths below `/organizations`.
    id: String,
    /// The name of the organization.
    name: String,
    /// The id of the account that the organization belongs to, `ent_…`.
    account_id: String,
    /// The name of the account that the organization belongs to.
    account_name: String,
    /// Your role in the organization: the highest of all ways.
    role: OrganizationRole,
    /// All ways by which you reach the organization; losing one leaves you the others.
    ways: Vec<OrganizationWay>,
    /// Whether the organization can be worked in.
    active: bool,
    /// Why the organization cannot be worked in; null while it is active.
    inactive_because: Option<InactiveReason>,
    /// Where the content of the organization may be kept.
    storage: OrganizationStorage,
}

impl From<ReachedOrganization> for MyOrganization {
    fn from(reached: ReachedOrganization) -> Self {
        Self {
            id: reached.id,
            name: reached.name,
            account_id: reached.account_id,
            account_name: reached.account_name,
            role: reached.role,
            ways: reached.ways.into_iter().map(OrganizationWay::from).collect(),
            active: reached.inactive.is_none(),
            inactive_because: reached.inactive,
            storage: reached.storage.into(),
        }
    }
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

/// Where your personal workspaces in one account may be kept.
#[derive(Debug, JsonSchema, Serialize)]
pub struct MyStorageControl {
    /// The id of the account, `ent_…`.
    account_id: String,
    /// The name of the account.
    account_name: String,
    /// The storage that is allowed in your personal workspaces.
    personal_workspaces: Vec<StorageKind>,
}

impl From<PersonalStorage> for MyStorageControl {
    fn from(storage: PersonalStorage) -> Self {
        Self {
            account_id: storage.account_id,
            account_name: storage.account_name,
            personal_workspaces: storage.rule.allowed().to_vec(),
        }
    }
}

async fn list_storage(me: Me) -> Shown<List<MyStorageControl>> {
    let rules = me.read(None, reach::personal_storage).await?;
    let items = rules.into_iter().map(MyStorageControl::from).collect();
    Ok(Json(List { items, next_cursor: None }))
}
