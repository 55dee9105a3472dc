//! The tab Collaborators: inviting, pending invitations, and everybody who reaches the organization.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::place::{self, Organization, Shown, page};
use crate::administration::invitations;
use crate::administration::listing::Position;
use crate::administration::{collaborator_list, collaborators, team_lists};
use crate::enterprise::access::Via;
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{OrganizationRole, Role, TeamRole};
use crate::http::admin::collaborators::WantedCollaborators;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageOrganization, ReadOrganization, Reading, Smaller};
use crate::http::base::problem::Problem;
use crate::http::console::frame::Frame;
use crate::http::console::inviting;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, sent, shown};
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::Wanted;
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Column, Filled, Filter, Form, Table, Tone, badge, confirmation, dialog, empty, link, search,
};
use crate::views::collaborators::Collaborator;
use crate::views::invitations::ListedInvitation;
use crate::views::list::List;

/// How many linked teams can be chosen to narrow the list.
const MOST_TEAMS: i64 = 100;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    let one = "/dashboard/organizations/{id}/collaborators/{member_id}";
    config
        .service(shown("/dashboard/organizations/{id}/collaborators", show))
        .service(sent(&format!("{one}/role"), change))
        .service(form(&format!("{one}/remove"), ask, remove));
}

/// What the tab shows beside the list itself.
struct Around {
    invitations: List<ListedInvitation>,
    /// Ids and names of linked teams.
    teams: Vec<(String, String)>,
}

/// `GET /app/dashboard/organizations/{id}/collaborators`.
async fn show(
    visit: Visit<ReadOrganization>,
    wanted: Wanted<WantedCollaborators>,
    paging: Paged,
    id: Path<String>,
) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let filter = wanted.query.clone().read()?;
    let (from, limit) = paging.place(filter.search.as_ref())?;
    let of = organization.id.clone();
    let found = visit
        .admin
        .read_page(move |conn, account| {
            collaborator_list::list(conn, account, &of, &filter, (&from, limit))
        })
        .await?;
    let people = paging.listing(found, Collaborator::from);
    let around = around(&visit, &organization).await?;
    let place = place_of(&visit.frame, &organization);
    let is_new = wanted.text("done") == Notice::OrganizationCreated.as_str();
    let content = html! {
        @if visit.frame.is_active() {
            section.card {
                h2 { "Invite" }
                (inviting::form(&place, &place.nothing(), is_new))
            }
        }
        (inviting::latest(&place, &around.invitations))
        (list(&visit, &organization, &wanted, (people, &around.teams)))
    };
    let content = page(&visit.frame, &organization, Shown::Collaborators, &content);
    Ok(visit.show(Shown::Collaborators.title(), &organization.above(), &content))
}

/// Returns the organization as what people are invited to.
pub fn place_of<'a>(frame: &'a Frame, organization: &'a Organization) -> inviting::Place<'a> {
    let Organization { id, name, path, .. } = organization;
    inviting::Place { frame, path, id, name, team_role: None }
}

async fn around<P>(visit: &Visit<P>, organization: &Organization) -> Result<Around, Problem> {
    let (id, now) = (organization.id.clone(), visit.admin.now());
    visit
        .admin
        .read_page(move |conn, account| {
            let pending = Some(InvitationState::Pending);
            let filter = invitations::Filter { state: pending, ..invitations::Filter::default() };
            let first = (&filter, (&Position::default(), inviting::FEW));
            let found = invitations::list_of_organization(conn, account, &id, now, first)?;
            let more = found.next.map(|_| String::new());
            let items = found.items.into_iter().map(|one| ListedInvitation::at(one, now)).collect();
            let linked = team_lists::Filter {
                organization: Some(id.clone()),
                ..team_lists::Filter::default()
            };
            let at = (&Position::default(), MOST_TEAMS);
            let teams = team_lists::list(conn, account, &linked, at)?.items;
            Ok(Around {
                invitations: List { items, next_cursor: more },
                teams: teams.into_iter().map(|one| (one.team.id, one.team.name)).collect(),
            })
        })
        .await
}

fn list<P>(
    visit: &Visit<P>,
    organization: &Organization,
    wanted: &Wanted<WantedCollaborators>,
    (people, teams): (List<Collaborator>, &[(String, String)]),
) -> Markup {
    let only_owners = people.items.iter().all(|one| one.role == OrganizationRole::Owner);
    if only_owners && people.next_cursor.is_none() && !wanted.narrows() {
        let links = visit.admin.role != Role::Member && visit.frame.is_active();
        let way = link("Link a team", &visit.at(&organization.at("/teams/link")));
        return empty(
            "Nobody but the owners yet",
            "Owners of the account reach every organization. Invite others above, or link a team: \
             all its members reach the organization then.",
            links.then_some(&way),
        );
    }
    let mut ways = vec![("", "All"), ("direct", "Direct")];
    ways.extend(teams.iter().map(|(id, name)| (id.as_str(), name.as_str())));
    let next = wanted.next(&visit.at(&organization.tab(Shown::Collaborators)), people.next_cursor);
    html! {
        h2 { "Everybody who reaches it" }
        (search("Search collaborators", wanted.text("search"), &[
            Filter {
                name: "role",
                label: "Role",
                values: &[("", "All"), ("member", "Member"), ("admin", "Admin"), ("owner", "Owner")],
                chosen: wanted.text("role"),
            },
            Filter { name: "via", label: "By which way", values: &ways, chosen: wanted.text("via") },
        ]))
        (Table {
            caption: "Everybody who reaches the organization",
            columns: &[
                Column::text("Name"),
                Column::text("Role"),
                Column::text("Ways"),
                Column::text(""),
            ],
            nothing: "Nobody is found.",
            rows: people.items.iter().map(|one| row(visit, organization, one)).collect(),
            next,
        }.render())
    }
}

fn row<P>(visit: &Visit<P>, organization: &Organization, one: &Collaborator) -> Vec<Markup> {
    let is_direct = has_direct(one);
    let sees_all = visit.admin.role != Role::Member;
    let path =
        |rest: &str| visit.at(&organization.at(&format!("/collaborators/{}{rest}", one.member_id)));
    vec![
        html! {
            (one.display_name.as_deref().unwrap_or(&one.user_name))
            @if let Some(email) = &one.email { span.sub { (email) } }
        },
        role(visit, one, &path("/role")),
        html! {
            @if one.via.iter().any(|way| way == Via::Direct.as_str()) {
                (badge(Tone::Neutral, if is_direct { "direct" } else { "owner" })) " "
            }
            @for team in &one.via_teams { (badge(Tone::Info, &format!("team {}", team.name))) " " }
        },
        html! {
            div.actions {
                @if sees_all {
                    a.button.small href=(visit.at(&format!("/app/enterprise/members/{}", one.member_id))) {
                        "Show all access"
                    }
                }
                @if is_direct { (dialog("Remove", &path("/remove"))) }
            }
        },
    ]
}

/// Returns whether somebody has direct access that can be changed here; an owner's cannot.
fn has_direct(one: &Collaborator) -> bool {
    one.role != OrganizationRole::Owner && one.via.iter().any(|way| way == Via::Direct.as_str())
}

fn role<P>(visit: &Visit<P>, one: &Collaborator, action: &str) -> Markup {
    let name = one.display_name.as_deref().unwrap_or(&one.user_name);
    let is_direct = has_direct(one);
    let reason = match (one.role, is_direct) {
        (OrganizationRole::Owner, _) => "Owns the account",
        (_, false) => "The team gives the role",
        (_, true) if !one.via_teams.is_empty() => "A team gives a role, too: the higher one counts",
        (_, true) => "",
    };
    html! {
        form.row-form method="post" action=(action) {
            select name="role" data-sends aria-label={ "Role of " (name) }
                disabled[!is_direct || !visit.frame.is_active()] {
                @if one.role == OrganizationRole::Owner {
                    option selected { (one.role.label()) }
                }
                @for role in TeamRole::ALL {
                    option value=(role.as_str()) selected[OrganizationRole::from(*role) == one.role] {
                        (role.label())
                    }
                }
            }
            @if is_direct && visit.frame.is_active() { button.small { "Change" } }
        }
        @if !reason.is_empty() { span.sub { (reason) } }
    }
}

/// `POST …/collaborators/{member_id}/role`.
async fn change(
    visit: Visit<ManageOrganization>,
    path: Path<(String, String)>,
    sent: Sent,
) -> Answer {
    let (id, member) = path.into_inner();
    let organization = place::read(&visit, &id).await?;
    let role = sent.word::<TeamRole>("role")?;
    visit
        .admin
        .write(move |transaction, account| {
            collaborators::set_role(transaction, account, &id, &member, role)
        })
        .await?;
    Ok(visit.go(&organization.tab(Shown::Collaborators), Notice::CollaboratorChanged))
}

/// `GET …/collaborators/{member_id}/remove`.
async fn ask(visit: Visit<Reading<ManageOrganization>>, path: Path<(String, String)>) -> Answer {
    let (id, member) = path.into_inner();
    let organization = place::read(&visit, &id).await?;
    let found = visit
        .admin
        .read(move |conn, account| collaborators::get(conn, account, &id, &member))
        .await?;
    let content = removing(&visit, &organization, &found.into());
    Ok(visit.show("Remove", &organization.above(), &content))
}

fn removing<P>(visit: &Visit<P>, organization: &Organization, one: &Collaborator) -> Markup {
    let name = one.display_name.as_deref().unwrap_or(&one.user_name);
    let rest = format!("/collaborators/{}/remove", one.member_id);
    let (action, back) =
        (visit.at(&organization.at(&rest)), visit.at(&organization.tab(Shown::Collaborators)));
    let form = Form::new(&action, &[], "Remove from organization").dangerous().or_back(&back);
    let teams: Vec<&str> = one.via_teams.iter().map(|team| team.name.as_str()).collect();
    let what = html! {
        p {
            @if teams.is_empty() {
                (name) " does not reach " (organization.name) " any more."
            } @else {
                "The direct access ends. " (name) " still reaches " (organization.name) " through "
                (teams.join(", ")) "."
            }
        }
        p {
            "The seat stays taken: removing somebody from the account frees it"
            @if visit.admin.role == Role::Member { ", which owners and co-owners do." } @else {
                ", on the page " a href=(visit.at("/app/enterprise/licenses")) { "Licenses" } "."
            }
        }
    };
    confirmation(
        &format!("Remove {name} from {}?", organization.name),
        &what,
        &form.render(&Filled::new()),
    )
}

/// `POST …/collaborators/{member_id}/remove`.
async fn remove(visit: Visit<Smaller<ManageOrganization>>, path: Path<(String, String)>) -> Answer {
    let (id, member) = path.into_inner();
    let organization = place::read(&visit, &id).await?;
    visit
        .admin
        .write(move |transaction, account| {
            collaborators::remove(transaction, account, &id, &member)
        })
        .await?;
    Ok(visit.go(&organization.tab(Shown::Collaborators), Notice::CollaboratorRemoved))
}
