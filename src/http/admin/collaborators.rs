//! `/api/v1/organizations/{id}/collaborators`: the members with access to an organization, and
//! where the access comes from.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::Created;
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::list::{List, Paged};
use super::members::NamedTeam;
use super::permits::{ManageOrganization, ReadOrganization, Smaller};
use super::query::{self, Query};
use crate::administration::collaborator_list::{self, Filter};
use crate::administration::collaborators;
use crate::enterprise::access::{Access, Via};
use crate::enterprise::{OrganizationRole, TeamRole};
use crate::http::base::problem::Problem;
use crate::store::access::Collaborator as Reached;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    let path = "/organizations/{id}/collaborators";
    api.get(path, "organizations.list-collaborators", list)
        .formerly("collaborators")
        .summary("Everybody who reaches an organization, and by which ways")
        .description(
            "In the order in which they joined the account; with search, in alphabetical order of \
             what was found. A page can hold fewer than were asked for and lead on all the same.",
        );
    api.post(path, "organizations.add-collaborator", add)
        .formerly("add-member")
        .summary("Gives a member of the account direct access to an organization");
    let path = "/organizations/{id}/collaborators/{member_id}";
    api.patch(path, "organizations.change-collaborator", change)
        .formerly("change-member")
        .summary("Changes the role of a member's direct access")
        .refuses(&[409]);
    api.delete(path, "organizations.remove-collaborator", remove)
        .formerly("remove-member")
        .summary("Ends a member's direct access; the seat stays taken")
        .description("Access through teams stays and is named in the answer.")
        .refuses(&[409]);
}

/// A member who reaches an organization.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Collaborator {
    /// The id of the member, for the paths below `/members`.
    member_id: String,
    /// The member's address; null if the identity provider gave none.
    email: Option<String>,
    /// The member's user name, often an address; unique in the account.
    user_name: String,
    /// The member's name for people to read; null if it is unknown.
    display_name: Option<String>,
    /// The member's role in the organization: the highest that the ways in `via` give.
    role: OrganizationRole,
    /// The ways of access: `direct` (also the account's owner), or the id of a linked team.
    via: Vec<String>,
    /// The teams among the ways in `via`, by their names.
    via_teams: Vec<NamedTeam>,
}

/// Returns the ways of access as the API shows them.
pub fn ways(via: &[Via]) -> Vec<String> {
    via.iter().map(|way| way.as_str().to_owned()).collect()
}

/// Returns the teams among the ways of access.
pub fn teams(via: Vec<Via>) -> Vec<NamedTeam> {
    let team = |way| match way {
        Via::Direct => None,
        Via::Team { id, name } => Some(NamedTeam::from((id, name))),
    };
    via.into_iter().filter_map(team).collect()
}

impl From<Access<Reached>> for Collaborator {
    fn from(access: Access<Reached>) -> Self {
        Self {
            member_id: access.subject.member_id,
            email: access.subject.email,
            user_name: access.subject.user_name,
            display_name: access.subject.display_name,
            role: access.role,
            via: ways(&access.via),
            via_teams: teams(access.via),
        }
    }
}

/// Which collaborators are wanted; without any field, all of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct WantedCollaborators {
    /// Only members of whom each word begins a word of the name, the user name or an address.
    #[schemars(length(max = 255))]
    search: Option<String>,
    /// Only members with this role in the organization.
    role: Option<OrganizationRole>,
    /// Only members who reach it in this way: `direct`, or the id of a linked team.
    via: Option<String>,
}

async fn list(
    admin: Administrator<ReadOrganization>,
    Query(wanted): Query<WantedCollaborators>,
    paging: Paged,
    id: Path<String>,
) -> Shown<List<Collaborator>> {
    let WantedCollaborators { search, role, via } = wanted;
    let filter = Filter { search: query::search(search)?, role, via };
    let search = filter.search.clone();
    admin
        .listing(paging, search.as_ref(), move |conn, account, from, limit| {
            collaborator_list::list(conn, account, &id, &filter, (from, limit))
        })
        .await
}

/// Direct access to an organization for a member.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCollaborator {
    /// An address of the member, who has to be in the account already.
    email: String,
    /// The role that direct access gives in the organization; `member` if left out.
    role: Option<TeamRole>,
}

async fn add(
    creation: Creation<ManageOrganization, NewCollaborator>,
    id: Path<String>,
) -> Result<Created<Collaborator>, Problem> {
    creation
        .create(move |transaction, account, new| {
            let role = new.role.unwrap_or(TeamRole::Member);
            collaborators::add(transaction, account, &id, &new.email, role)
        })
        .await
}

/// A change to a member's direct access to an organization.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CollaboratorChanges {
    /// The role that direct access gives; teams can give the member a higher one.
    role: TeamRole,
}

async fn change(
    admin: Administrator<ManageOrganization>,
    Body(changes): Body<CollaboratorChanges>,
    path: Path<(String, String)>,
) -> Shown<Collaborator> {
    admin
        .change(move |transaction, account| {
            collaborators::set_role(transaction, account, &path.0, &path.1, changes.role)
        })
        .await
}

/// What is left of a member's access when direct access has ended.
#[derive(Debug, JsonSchema, Serialize)]
pub struct RemovedCollaborator {
    /// The access that the member still has through teams; null if teams give no access.
    remaining: Option<Collaborator>,
}

async fn remove(
    admin: Administrator<Smaller<ManageOrganization>>,
    path: Path<(String, String)>,
) -> Shown<RemovedCollaborator> {
    let remaining = admin
        .write(move |transaction, account| {
            collaborators::remove(transaction, account, &path.0, &path.1)
        })
        .await?;
    Ok(Json(RemovedCollaborator { remaining: remaining.map(Collaborator::from) }))
}
