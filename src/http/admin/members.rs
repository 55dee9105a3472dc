//! `/api/v1/members`.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::Created;
use super::api::Api;
use super::body::Body;
use super::collaborators::{teams, ways};
use super::creation::Creation;
use super::list::{List, Paged};
use super::permits::{ManageMembers, ReadAccount};
use super::query::{self, Query};
use crate::administration::member_changes::{self, Profile};
use crate::administration::member_list::{self, Filter};
use crate::administration::members::{self, ClaimedMember};
use crate::enterprise::access::Access;
use crate::enterprise::permissions::Operation;
use crate::enterprise::{MemberSource, OrganizationRole, Role, Timestamp};
use crate::http::base::problem::Problem;
use crate::store::access::Organization;
use crate::store::member_lists::MemberKind;

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

/// A member of the account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Member {
    /// The id of the member, a UUID, for the paths below `/members`.
    id: String,
    /// The id of the SCIM User that the member is; the same as `id`.
    scim_id: String,
    /// The address that mail goes to; null if the identity provider gave none.
    email: Option<String>,
    /// The name by which the identity provider knows the member; unique in the account.
    user_name: String,
    /// The member's name for people to read; null if it is unknown.
    display_name: Option<String>,
    /// The member's role in the account; roles in organizations are apart.
    role: Role,
    /// Who put the member into the account: an administrator or the invited person, or SCIM.
    source: MemberSource,
    /// `active`, or `inactive` if deactivated: then the member reaches nothing and holds no seat.
    state: MemberState,
    /// Whether the member has an address, without which nobody can sign in as it.
    can_sign_in: bool,
    /// Since when a person who has proved an address is this member; null if nobody is yet.
    claimed_at: Option<Timestamp>,
    /// A text that the identity provider wrote for administrators; null if it wrote nothing.
    note: Option<String>,
    /// Since when the member holds a seat; null if it holds none.
    seat_since: Option<Timestamp>,
    /// When the member was added to the account.
    created_at: Timestamp,
}

/// Whether a member takes part in the account.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum MemberState {
    /// The member holds a seat.
    Active,
    /// The member was deactivated: it holds no seat and reaches nothing.
    Inactive,
}

impl MemberState {
    pub(super) const fn of(active: bool) -> Self {
        if active { Self::Active } else { Self::Inactive }
    }
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
            state: MemberState::of(member.active),
            seat_since: member.seat_since,
            created_at: member.created_at,
        }
    }
}

/// A team, by its name.
#[derive(Debug, JsonSchema, Serialize)]
pub struct NamedTeam {
    /// The id of the team, for the paths below `/teams`.
    id: String,
    /// The name of the team.
    name: String,
}

impl From<(String, String)> for NamedTeam {
    fn from((id, name): (String, String)) -> Self {
        Self { id, name }
    }
}

/// A member of the account, with its teams and its last use.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ListedMember {
    #[serde(flatten)]
    member: Member,
    /// The member's teams, the first ten of them.
    teams: Vec<NamedTeam>,
    /// The number of the member's teams.
    team_count: i64,
    /// The day, in UTC, on which the member was last active; null past 100 days or if it never was.
    #[schemars(extend("format" = "date"))]
    last_active: Option<String>,
}

impl From<member_list::ListedMember> for ListedMember {
    fn from(listed: member_list::ListedMember) -> Self {
        Self {
            member: listed.claimed.into(),
            team_count: listed.teams.count,
            teams: listed.teams.first.into_iter().map(NamedTeam::from).collect(),
            last_active: listed.last_active.map(date),
        }
    }
}

/// Returns a day, counted from 1970, as a date.
pub(super) fn date(day: i64) -> String {
    Timestamp(0).plus_days(day).to_date()
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

/// An organization that a member reaches.
#[derive(Debug, JsonSchema, Serialize)]
pub struct EffectiveAccess {
    /// The id of the organization, for the paths below `/organizations`.
    organization_id: String,
    /// The name of the organization.
    organization_name: String,
    /// The member's role in the organization: the highest that the ways in `via` give.
    role: OrganizationRole,
    /// The ways of access: `direct` (also the account's owner), or the id of a linked team.
    via: Vec<String>,
    /// The teams among the ways in `via`, by their names.
    via_teams: Vec<NamedTeam>,
}

impl From<Access<Organization>> for EffectiveAccess {
    fn from(access: Access<Organization>) -> Self {
        Self {
            organization_id: access.subject.id,
            organization_name: access.subject.name,
            role: access.role,
            via: ways(&access.via),
            via_teams: teams(access.via),
        }
    }
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
