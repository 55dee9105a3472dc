//! A team and a SCIM group: made one by hand, and two again.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::found::{above, path, read};
use crate::administration::synchronisation;
use crate::administration::team_lists::{self, Filter};
use crate::enterprise::TeamSource;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageTeams, Reading, Smaller};
use crate::http::admin::teams::WantedTeams;
use crate::http::base::problem::Problem;
use crate::http::base::query::encoded;
use crate::http::console::named::{counted, names};
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, shown};
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::Wanted;
use crate::http::pages::parts::{
    Column, Filled, Form, Table, card, confirmation, dialog, empty, link as button, search,
    small_dialog,
};
use crate::store::Transaction;
use crate::views::list::List;
use crate::views::synchronisation::SynchronisationPreview;
use crate::views::teams::Team;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/enterprise/team/{id}/scim-group", choose))
        .service(form("/enterprise/team/{id}/scim-group/{group}", ask, link))
        .service(form("/enterprise/team/{id}/unlink-scim-group", ask_unlink, unlink));
}

/// Renders whether the team is a SCIM group, and what can be done about it.
pub fn block<P>(visit: &Visit<P>, team: &Team) -> Markup {
    let content = match (team.source, &team.name_if_unlinked) {
        (TeamSource::Manual, _) => html! {
            p {
                "This team is kept by hand. Link it to a group that the identity provider has \
                 provisioned under another name: the two become one, and its members follow the group."
            }
            div.actions { (button("Link to a SCIM group", &visit.at(&path(team, "/scim-group")))) }
        },
        (TeamSource::Synchronised, Some(own)) => html! {
            p {
                "The team is the SCIM group " strong { (team.name) } ". It was called " strong { (own) }
                " before somebody linked the two by hand."
            }
            div.actions { (dialog("Unlink", &visit.at(&path(team, "/unlink-scim-group")))) }
        },
        (TeamSource::Synchronised, None) => html! {
            p {
                "The team is the SCIM group " strong { (team.name) } ", because both have the same name. \
                 It is manual again when the identity provider deletes the group."
            }
        },
        (TeamSource::Scim, _) => html! {
            p {
                "The identity provider made this team of its group " strong { (team.name) }
                ". Name and members are kept there; description, role and organizations are yours."
            }
        },
    };
    card("SCIM group", &content)
}

/// `GET /app/enterprise/team/{id}/scim-group`: the groups without a team.
async fn choose(
    visit: Visit<Reading<ManageTeams>>,
    wanted: Wanted<WantedTeams>,
    paging: Paged,
    id: Path<String>,
) -> Answer {
    let team = read(&visit, &id).await?;
    let filter = Filter { source: Some(TeamSource::Scim), ..wanted.query.clone().read()? };
    let (from, limit) = paging.place(filter.search.as_ref())?;
    let list =
        move |conn: &mut _, account| team_lists::list(conn, account, &filter, (&from, limit));
    let groups = paging.listing(visit.admin.read_page(list).await?, Team::from);
    let content = html! {
        header { div {
            h1 { "Link to a SCIM group" }
            p.lead {
                "Choose the group that " (team.name) " shall be. You see who joins before anything is \
                 changed."
            }
        } }
        @if groups.items.is_empty() && !wanted.narrows() {
            (empty("No groups without a team",
                "Groups are listed here after the identity provider has pushed them. A group with the \
                 name of a manual team becomes one with it by itself.",
                Some(&button("Back to the team", &visit.at(&path(&team, ""))))))
        } @else {
            (search("Search groups", wanted.text("search"), &[]))
            (table(&visit, &team, &wanted, groups))
        }
    };
    Ok(visit.show("Link to a SCIM group", &above(&team, &path(&team, "")), &content))
}

fn table<P>(
    visit: &Visit<P>,
    team: &Team,
    wanted: &Wanted<WantedTeams>,
    groups: List<Team>,
) -> Markup {
    let row = |group: &Team| {
        let ask = path(team, &format!("/scim-group/{}", encoded(&group.scim_id)));
        vec![
            html! { strong { (group.name) } },
            html! { (group.member_count) },
            small_dialog("Preview and link", &visit.at(&ask)),
        ]
    };
    Table {
        caption: "SCIM groups without a team",
        columns: &[Column::text("Group"), Column::number("Members"), Column::text("")],
        nothing: "No group is found.",
        rows: groups.items.iter().map(row).collect(),
        next: wanted.next(&visit.at(&path(team, "/scim-group")), groups.next_cursor),
    }
    .render()
}

async fn preview<P>(
    visit: &Visit<P>,
    (id, group): &(String, String),
) -> Result<SynchronisationPreview, Problem> {
    let (id, group) = (id.clone(), group.clone());
    let look = move |conn: &mut _, account| synchronisation::preview(conn, account, &id, &group);
    Ok(visit.admin.read_page(look).await?.into())
}

fn linking<P>(
    visit: &Visit<P>,
    team: &Team,
    preview: &SynchronisationPreview,
    filled: &Filled,
) -> Markup {
    let joining = usize::try_from(preview.joining).unwrap_or(0);
    let organizations: Vec<&str> =
        preview.organizations.iter().map(|one| one.name.as_str()).collect();
    let what = html! {
        ul {
            li {
                "The team's name becomes " strong { (preview.new_name) } ", and the identity provider \
                 keeps it from then on."
            }
            li {
                @if joining == 0 { "Nobody joins: all members of the group are in the team." }
                @else {
                    (counted(joining, "member joins", "members join")) ": "
                    (names(&preview.joining_first, joining))
                }
            }
            @if !organizations.is_empty() {
                li {
                    "They reach " (counted(organizations.len(), "organization", "organizations")) ": "
                    (names(&organizations, organizations.len()))
                }
            }
            li { "Members who are in the team by hand stay, with its role and its Org links." }
        }
    };
    let (action, back) = (visit.at(visit.frame.path()), visit.at(&path(team, "/scim-group")));
    let form = Form::new(&action, &[], "Link").or_back(&back).render(filled);
    confirmation(&format!("Link {} to {}?", team.name, preview.new_name), &what, &form)
}

/// `GET /app/enterprise/team/{id}/scim-group/{group}`.
async fn ask(visit: Visit<Reading<ManageTeams>>, ids: Path<(String, String)>) -> Answer {
    let (team, preview) = (read(&visit, &ids.0).await?, preview(&visit, &ids).await?);
    let content = linking(&visit, &team, &preview, &Filled::new());
    Ok(visit.show("Link", &above(&team, &path(&team, "")), &content))
}

/// `POST /app/enterprise/team/{id}/scim-group/{group}`.
async fn link(visit: Visit<ManageTeams>, ids: Path<(String, String)>) -> Answer {
    let team = read(&visit, &ids.0).await?;
    let write = move |transaction: &mut Transaction<'_>, account| {
        synchronisation::link(transaction, account, &ids.0, &ids.1)
    };
    visit.admin.write(write).await?;
    Ok(visit.go(&path(&team, ""), Notice::GroupLinked))
}

/// `GET /app/enterprise/team/{id}/unlink-scim-group`.
async fn ask_unlink(visit: Visit<Reading<ManageTeams>>, id: Path<String>) -> Answer {
    let team = read(&visit, &id).await?;
    let look = move |conn: &mut _, account| synchronisation::preview_unlink(conn, account, &id);
    let split = visit.admin.read_page(look).await?;
    let what = html! {
        ul {
            li { "The team is manual again, and is called " strong { (split.own_name) } "." }
            li {
                "The group " strong { (split.group) } " gets a team of its own, with the members whom \
                 the identity provider has assigned."
            }
            li {
                @if split.leaving == 0 { "Nobody leaves the team." }
                @else {
                    (counted(split.leaving, "member leaves", "members leave"))
                    " the team, because only the identity provider has put them there: "
                    (names(&split.leaving_first, split.leaving))
                }
            }
            li { "Role and Org links stay with the team." }
        }
    };
    let (action, back) = (visit.at(visit.frame.path()), visit.at(&path(&team, "")));
    let form = Form::new(&action, &[], "Unlink").dangerous().or_back(&back).render(&Filled::new());
    let question = format!("Unlink {} from its SCIM group?", team.name);
    let content = confirmation(&question, &what, &form);
    Ok(visit.show("Unlink", &above(&team, &path(&team, "")), &content))
}

/// `POST /app/enterprise/team/{id}/unlink-scim-group`.
async fn unlink(visit: Visit<Smaller<ManageTeams>>, id: Path<String>) -> Answer {
    let team = read(&visit, &id).await?;
    let write = move |transaction: &mut Transaction<'_>, account| {
        synchronisation::unlink(transaction, account, &id)
    };
    visit.admin.write(write).await?;
    Ok(visit.go(&path(&team, ""), Notice::GroupUnlinked))
}
