//! `/api/v1/members`.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageMembers, ReadAccount};
use super::api::Api;
use super::body::Body;
use super::collaborators::ways;
use super::creation::Creation;
use super::list::{List, Paged, Paging};
use crate::administration::members::{self, ClaimedMember};
use crate::enterprise::access::Access;
use crate::enterprise::permissions::Operation;
use crate::enterprise::{Role, Timestamp};
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::access::Organization;
use crate::store::{Cost, Transaction};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/members", "members.list", list)
        .summary("The account's members, in the order in which they joined")
        .needs(Operation::ReadAccount)
        .query::<Paging>()
        .answers::<List<Member>>(200);
    api.post("/members", "members.add", add)
        .summary("Adds a member by hand; it takes a seat")
        .needs(Operation::ManageMembers)
        .body::<NewMember>()
        .idempotent()
        .answers::<Member>(201);
    api.get("/members/{id}", "members.get", get)
        .summary("A member")
        .needs(Operation::ReadAccount)
        .answers::<Member>(200);
    api.patch("/members/{id}", "members.change", change)
        .summary("Gives a member another role in the account")
        .description(
            "Only an owner may make somebody owner or co-owner, or take that away. An owner who \
             hands over makes another member owner first.",
        )
        .needs(Operation::ManageMembers)
        .body::<MemberChanges>()
        .answers::<Member>(200);
    api.get("/members/{id}/access", "members.access", access)
        .summary("The organizations that a member reaches, and by which ways")
        .needs(Operation::ReadAccount)
        .answers::<List<Reached>>(200);
}

/// A member as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Member {
    id: String,
    scim_id: String,
    email: Option<String>,
    user_name: String,
    display_name: Option<String>,
    role: String,
    source: String,
    state: &'static str,
    can_sign_in: bool,
    /// Since when a person who has proved one of its addresses is this member; null where none is yet.
    claimed_at: Option<String>,
    /// A text that the identity provider wrote for administrators.
    note: Option<String>,
    seat_since: Option<String>,
    created_at: String,
}

impl From<ClaimedMember> for Member {
    fn from(claimed: ClaimedMember) -> Self {
        let ClaimedMember { member, claimed_at } = claimed;
        Self {
            scim_id: member.id.clone(),
            id: member.id,
            can_sign_in: member.email.is_some(),
            email: member.email,
            claimed_at: claimed_at.map(|at| Timestamp(at).to_rfc3339()),
            user_name: member.user_name,
            display_name: member.display_name,
            note: member.note,
            role: member.role,
            source: member.source,
            state: if member.active { "active" } else { "inactive" },
            seat_since: member.seat_since.map(|at| Timestamp(at).to_rfc3339()),
            created_at: Timestamp(member.created_at).to_rfc3339(),
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

/// `GET /api/v1/members`.
pub async fn list(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    paging: Paged,
) -> Result<web::Json<List<Member>>, Problem> {
    let (after, limit) = paging.range()?;
    let page = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            members::list(conn, admin.enterprise, after, limit)
        })
        .await?;
    Ok(web::Json(paging.list(page, Member::from)))
}

/// `POST /api/v1/members`.
pub async fn add(
    service: web::Data<Service>,
    creation: Creation<ManageMembers, NewMember>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, new) = (creation.admin.enterprise, creation.body.clone());
    let role = new.role.unwrap_or(Role::Member);
    members::check_roles(creation.admin.may(Operation::ManageOwners), &[role])?;
    let full_name = match (new.given_name, new.family_name) {
        (Some(given), Some(family)) => Some((given, family)),
        (None, None) => None,
        _ => {
            return Err(Problem::bad_request(
                "given_name and family_name: give both or none of them.",
            ));
        }
    };
    let work = move |transaction: &mut Transaction<'_>| {
        let full_name = full_name.clone();
        members::add(transaction, enterprise, &new.email, full_name, role).map(Member::from)
    };
    creation.create(&service, work).await
}

/// `GET /api/v1/members/{id}`.
pub async fn get(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    id: web::Path<String>,
) -> Result<web::Json<Member>, Problem> {
    let member = service
        .store
        .read(Cost::Point, move |conn| members::get(conn, admin.enterprise, &id))
        .await?;
    Ok(web::Json(member.into()))
}

/// What is to be different of a member.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberChanges {
    role: Role,
}

/// `PATCH /api/v1/members/{id}`.
pub async fn change(
    service: web::Data<Service>,
    InOrder(admin, Body(changes)): InOrder<Administrator<ManageMembers>, Body<MemberChanges>>,
    id: web::Path<String>,
) -> Result<web::Json<Member>, Problem> {
    let manages_owners = admin.may(Operation::ManageOwners);
    let member = service
        .store
        .write(admin.by(), move |transaction| {
            members::set_role(transaction, admin.enterprise, &id, changes.role, manages_owners)
        })
        .await?;
    Ok(web::Json(member.into()))
}

/// An organization that a member reaches, as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Reached {
    organization_id: String,
    organization_name: String,
    role: &'static str,
    via: Vec<String>,
}

impl From<Access<Organization>> for Reached {
    fn from(access: Access<Organization>) -> Self {
        Self {
            organization_id: access.subject.id,
            organization_name: access.subject.name,
            role: access.role.as_str(),
            via: ways(&access.via),
        }
    }
}

/// `GET /api/v1/members/{id}/access`.
pub async fn access(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    id: web::Path<String>,
) -> Result<web::Json<List<Reached>>, Problem> {
    let reached = service
        .store
        .read(Cost::Point, move |conn| members::effective_access(conn, admin.enterprise, &id))
        .await?;
    let items = reached.into_iter().map(Reached::from).collect();
    Ok(web::Json(List { items, next_cursor: None }))
}
