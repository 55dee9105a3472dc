//! `/api/v1/members`.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::Created;
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::list::Paged;
use super::permits::{ManageMembers, ReadAccount};
use super::query::{self, Query};
use crate::administration::member_changes::{self, Profile};
use crate::administration::member_list::{self, Filter};
use crate::administration::members;
use crate::enterprise::permissions::Operation;
use crate::enterprise::{MemberSource, Role};
use crate::http::base::problem::Problem;
use crate::store::member_lists::MemberKind;
use crate::views::list::List;
use crate::views::members::{EffectiveAccess, ListedMember, Member, MemberState};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/members", "members.list", list)
        .summary("The account's members, in the order in which they joined")
        .description(
            "With search, in alphabetical order of what was found: every word of the search begins a \
             word of the name, the user name or an address. Together with other filters, a page can \
             hold fewer than were asked for and lead on all the same.",
        );
    api.post("/members", "members.create", add)
        .formerly("add")
        .summary("Adds a member by hand; it takes a seat");
    api.get("/members/{id}", "members.get", get).summary("A member");
    api.patch("/members/{id}", "members.change", change)
        .summary("Changes a member: the role in the account, or the name and address")
        .description(
            "Only an owner may make somebody owner or co-owner, or take that away. An owner who \
             hands over makes another member owner first. Name and address of a member that SCIM \
             provisioned are the identity provider's. A person who has proved none of the member's \
             addresses afterwards is this member no longer.",
        )
        .refuses(&[409]);
    api.post("/members/{id}/deactivate", "members.deactivate", deactivate)
        .summary("Deactivates a member by hand; its seat is free, its memberships are kept")
        .description("A member that SCIM provisioned is deactivated in the identity provider.")
        .refuses(&[409]);
    api.post("/members/{id}/reactivate", "members.reactivate", reactivate)
        .summary("Activates a member again, with its memberships; it takes a seat")
        .refuses(&[409]);
    api.get("/members/{id}/access", "members.list-access", access)
        .formerly("access")
        .summary("The organizations that a member reaches, and by which ways");
}

/// Which members are wanted; without any field, all of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct WantedMembers {
    /// Only members of whom each word begins a word of the name, the user name or an address.
    #[schemars(length(max = 255))]
    search: Option<String>,
    /// Only members with this role in the account.
    role: Option<Role>,
    /// Only members from this source.
    source: Option<MemberSource>,
    /// Only members in this state.
    state: Option<MemberState>,
}

impl WantedMembers {
    fn read(self) -> Result<Filter, Problem> {
        let active = self.state.map(|state| state == MemberState::Active);
        let kind = MemberKind { role: self.role, source: self.source, active };
        Ok(Filter { search: query::search(self.search)?, kind })
    }
}

/// A new member, added by hand.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// The member's address, which also becomes the user name; no member may have it yet.
    email: String,
    /// The member's role in the account; `member` if left out.
    role: Option<Role>,
    /// The given name; needs `family_name`. Without both, names come from the address.
    given_name: Option<String>,
    /// The family name; needs `given_name`.
    family_name: Option<String>,
}

async fn list(
    admin: Administrator<ReadAccount>,
    Query(wanted): Query<WantedMembers>,
    paging: Paged,
) -> Shown<List<ListedMember>> {
    let (filter, now) = (wanted.read()?, admin.now());
    let search = filter.search.clone();
    admin
        .listing(paging, search.as_ref(), move |conn, account, from, limit| {
            member_list::list(conn, account, now, &filter, (from, limit))
        })
        .await
}

async fn add(creation: Creation<ManageMembers, NewMember>) -> Result<Created<Member>, Problem> {
    let NewMember { role, given_name, family_name, .. } = creation.body.clone();
    let role = role.unwrap_or(Role::Member);
    let checked = members::check_roles(creation.admin.may(Operation::ManageOwners), &[role]);
    creation.admin.explained(checked).await?;
    let full_name = full_name(given_name, family_name)?;
    creation
        .create(move |transaction, account, new| {
            members::add(transaction, account, &new.email, full_name.clone(), role)
        })
        .await
}

/// Combines given and family name.
///
/// # Errors
/// Returns 400 if only one of them is given.
pub fn full_name(
    given: Option<String>,
    family: Option<String>,
) -> Result<Option<(String, String)>, Problem> {
    if given.is_some() != family.is_some() {
        return Err(Problem::bad_request("given_name and family_name: give both or neither."));
    }
    Ok(given.zip(family))
}

async fn get(admin: Administrator<ReadAccount>, id: Path<String>) -> Shown<ListedMember> {
    let now = admin.now();
    admin.show(move |conn, account| member_list::get(conn, account, &id, now)).await
}

/// Changes to a member; fields that are left out stay as they are, and one is needed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberChanges {
    /// The member's new role in the account; only an owner gives or takes `owner` and `co-owner`.
    role: Option<Role>,
    /// The member's new address, also its user name; an owner or co-owner has to have proved it.
    email: Option<String>,
    /// The new given name; needs `family_name`.
    given_name: Option<String>,
    /// The new family name; needs `given_name`.
    family_name: Option<String>,
}

async fn change(
    admin: Administrator<ManageMembers>,
    Body(changes): Body<MemberChanges>,
    id: Path<String>,
) -> Shown<Member> {
    let manages_owners = admin.may(Operation::ManageOwners);
    let MemberChanges { role, email, given_name, family_name } = changes;
    let profile = Profile { full_name: full_name(given_name, family_name)?, email };
    if role.is_none() && profile == Profile::default() {
        return Err(Problem::bad_request(
            "role, email, given_name, family_name: give at least one of them.",
        ));
    }
    admin
        .change(move |transaction, account| {
            if profile != Profile::default() {
                let owners = manages_owners;
                member_changes::change_profile(transaction, account, &id, &profile, owners)?;
            }
            match role {
                Some(role) => members::set_role(transaction, account, &id, role, manages_owners),
                None => members::get(transaction, account, &id),
            }
        })
        .await
}

async fn deactivate(admin: Administrator<ManageMembers>, id: Path<String>) -> Shown<Member> {
    let manages_owners = admin.may(Operation::ManageOwners);
    admin
        .change(move |transaction, account| {
            member_changes::deactivate(transaction, account, &id, manages_owners)
        })
        .await
}

async fn reactivate(admin: Administrator<ManageMembers>, id: Path<String>) -> Shown<Member> {
    let manages_owners = admin.may(Operation::ManageOwners);
    admin
        .change(move |transaction, account| {
            member_changes::reactivate(transaction, account, &id, manages_owners)
        })
        .await
}

async fn access(
    admin: Administrator<ReadAccount>,
    id: Path<String>,
) -> Shown<List<EffectiveAccess>> {
    let reached =
        admin.read(move |conn, account| members::effective_access(conn, account, &id)).await?;
    let items = reached.into_iter().map(EffectiveAccess::from).collect();
    Ok(Json(List { items, next_cursor: None }))
}
