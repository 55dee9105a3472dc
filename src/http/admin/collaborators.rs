//! `/api/v1/organizations/{id}/collaborators`: the members with access to an organization, and
//! where the access comes from.

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
use super::permits::{ManageOrganization, ReadOrganization, Smaller};
use super::query::{self, Query};
use crate::administration::collaborator_list::{self, Filter};
use crate::administration::collaborators;
use crate::enterprise::{OrganizationRole, TeamRole};
use crate::http::base::problem::Problem;
use crate::views::collaborators::{Collaborator, RemovedCollaborator};
use crate::views::list::List;

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

async fn remove(
    admin: Administrator<Smaller<ManageOrganization>>,
    path: Path<(String, String)>,
) -> Shown<RemovedCollaborator> {
    let remaining = admin
        .write(move |transaction, account| {
            collaborators::remove(transaction, account, &path.0, &path.1)
        })
        .await?;
    Ok(Json(remaining.into()))
}
