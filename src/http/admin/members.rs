//! `/api/v1/members`.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::Created;
use super::api::Api;
use super::body::Body;
use super::collaborators::ways;
use super::creation::Creation;
use super::list::{List, Paged};
use super::permits::{ManageMembers, ReadAccount};
use crate::administration::members::{self, ClaimedMember};
use crate::enterprise::access::Access;
use crate::enterprise::permissions::Operation;
use crate::enterprise::{MemberSource, OrganizationRole, Role, Timestamp};
use crate::http::base::problem::Problem;
use crate::store::access::Organization;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/members", "members.list", list)
        .summary("The account's members, in the order in which they joined");
    api.post("/members", "members.create", add)
        .formerly("add")
        .summary("Adds a member by hand; it takes a seat");
    api.get("/members/{id}", "members.get", get).summary("A member");
    api.patch("/members/{id}", "members.change", change)
        .summary("Gives a member another role in the account")
        .description(
            "Only an owner may make somebody owner or co-owner, or take that away. An owner who \
             hands over makes another member owner first.",
        );
    api.get("/members/{id}/access", "members.list-access", access)
        .formerly("access")
        .summary("The organizations that a member reaches, and by which ways");
}

/// A member as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Member {
    id: String,
    scim_id: String,
    email: Option<String>,
    user_name: String,
    display_name: Option<String>,
    role: Role,
    source: MemberSource,
    state: &'static str,
    can_sign_in: bool,
    /// Since when a person who has proved one of its addresses is this member; null where none is yet.
    claimed_at: Option<Timestamp>,
    /// A text that the identity provider wrote for administrators.
    note: Option<String>,
    seat_since: Option<Timestamp>,
    created_at: Timestamp,
}

impl From<ClaimedMember> for Member {
    fn from(claimed: ClaimedMember) -> Self {
        let ClaimedMember { member, claimed_at } = claimed;
        Self {
            scim_id: member.id.clone(),
            id: member.id,
            can_sign_in: member.email.is_some(),
            email: member.email,
            claimed_at,
            user_name: member.user_name,
            display_name: member.display_name,
            note: member.note,
            role: member.role,
            source: member.source,
            state: if member.active { "active" } else { "inactive" },
            seat_since: member.seat_since,
            created_at: member.created_at,
        }
    }
}

/// What is said of a new member.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    email: String,
    /// The role in the account, `member` if not given.
    role: Option<Role>,
    given_name: Option<String>,
    family_name: Option<String>,
}

async fn list(admin: Administrator<ReadAccount>, paging: Paged) -> Shown<List<Member>> {
    admin.list(paging, members::list).await
}

async fn add(creation: Creation<ManageMembers, NewMember>) -> Result<Created<Member>, Problem> {
    let NewMember { role, given_name, family_name, .. } = creation.body.clone();
    let role = role.unwrap_or(Role::Member);
    members::check_roles(creation.admin.may(Operation::ManageOwners), &[role])?;
    let full_name = full_name(given_name, family_name)?;
    creation
        .create(move |transaction, account, new| {
            members::add(transaction, account, &new.email, full_name.clone(), role)
        })
        .await
}

/// Given and family name, which go together.
///
/// # Errors
/// 400 where only one of them is there.
pub fn full_name(
    given: Option<String>,
    family: Option<String>,
) -> Result<Option<(String, String)>, Problem> {
    if given.is_some() != family.is_some() {
        return Err(Problem::bad_request("given_name and family_name: give both or none of them."));
    }
    Ok(given.zip(family))
}

async fn get(admin: Administrator<ReadAccount>, id: Path<String>) -> Shown<Member> {
    admin.show(move |conn, account| members::get(conn, account, &id)).await
}

/// What is to be different of a member.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberChanges {
    role: Role,
}

async fn change(
    admin: Administrator<ManageMembers>,
    Body(changes): Body<MemberChanges>,
    id: Path<String>,
) -> Shown<Member> {
    let manages_owners = admin.may(Operation::ManageOwners);
    admin
        .change(move |transaction, account| {
            members::set_role(transaction, account, &id, changes.role, manages_owners)
        })
        .await
}

/// An organization that a member reaches, as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct EffectiveAccess {
    organization_id: String,
    organization_name: String,
    role: OrganizationRole,
    via: Vec<String>,
}

impl From<Access<Organization>> for EffectiveAccess {
    fn from(access: Access<Organization>) -> Self {
        Self {
            organization_id: access.subject.id,
            organization_name: access.subject.name,
            role: access.role,
            via: ways(&access.via),
        }
    }
}

async fn access(admin: Administrator<ReadAccount>, id: Path<String>) -> Shown<List<EffectiveAccess>> {
    let reached =
        admin.read(move |conn, account| members::effective_access(conn, account, &id)).await?;
    let items = reached.into_iter().map(EffectiveAccess::from).collect();
    Ok(Json(List { items, next_cursor: None }))
}
