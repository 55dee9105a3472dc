//! Teams: the list, a new team, and one team.

mod found;
mod inviting;
mod links;
mod members;
mod scim_group;
mod team;

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::name_conflicts;
use super::notice::Notice;
use super::routing::{form, shown};
use super::sent::Sent;
use super::visit::{Answer, Visit};
use super::wanted::Wanted;
use super::words::Label;
use crate::administration::{team_lists, teams};
use crate::enterprise::name::Named;
use crate::enterprise::{TeamRole, TeamSource};
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageTeams, ReadAccount, Reading};
use crate::http::admin::teams::WantedTeams;
use crate::http::pages::parts::{
    Choice, Column, Field, Filled, Filter, Form, Input, Table, Tone, badge, empty, main_link,
    search,
};
use crate::views::list::List;
use crate::views::teams::Team;

const TITLE: &str = "Teams";
const PATH: &str = "/app/enterprise/team";
const NEW: &str = "/app/enterprise/team/new";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/enterprise/team", list))
        .service(form("/enterprise/team/new", new, create))
        .configure(team::routes)
        .configure(inviting::routes)
        .configure(links::routes)
        .configure(members::routes)
        .configure(scim_group::routes);
}

/// `GET /app/enterprise/team`.
async fn list(visit: Visit<ReadAccount>, wanted: Wanted<WantedTeams>, paging: Paged) -> Answer {
    let filter = wanted.query.clone().read()?;
    let (from, limit) = paging.place(filter.search.as_ref())?;
    let found = visit
        .admin
        .read_page(move |conn, account| team_lists::list(conn, account, &filter, (&from, limit)))
        .await?;
    let teams = paging.listing(found, Team::from);
    let conflicts = name_conflicts::notes(&visit, Named::Team).await?;
    let content = html! {
        header {
            div {
                h1 { (TITLE) }
                p.lead { "A team gives all its members a role in every organization it is linked to." }
            }
            (main_link("Create Team", &visit.at(NEW)))
        }
        (conflicts)
        @if teams.items.is_empty() && !wanted.narrows() {
            (empty(
                "No teams yet",
                "KongAir, for example, has a team Flight, linked to the organizations Cargo and \
                 Passengers: whoever joins Flight reaches both.",
                Some(&main_link("Create Team", &visit.at(NEW))),
            ))
        } @else {
            (search("Search teams", wanted.text("search"), &[Filter {
                name: "source",
                label: "Source",
                values: &[("", "All"), ("manual", "Manual"), ("scim", "SCIM"), ("synchronised", "Synchronised")],
                chosen: wanted.text("source"),
            }]))
            (table(&visit, &wanted, teams))
        }
    };
    Ok(visit.show(TITLE, &[], &content))
}

fn table(visit: &Visit<ReadAccount>, wanted: &Wanted<WantedTeams>, teams: List<Team>) -> Markup {
    let next = wanted.next(&visit.at(PATH), teams.next_cursor);
    Table {
        caption: "The account's teams",
        columns: &[
            Column::text("Name"),
            Column::text("Role"),
            Column::text("Source"),
            Column::number("Members"),
            Column::text("Organizations"),
        ],
        nothing: "No team is found.",
        rows: teams.items.iter().map(|team| row(visit, team)).collect(),
        next,
    }
    .render()
}

fn row(visit: &Visit<ReadAccount>, team: &Team) -> Vec<Markup> {
    vec![
        html! {
            a.thing href=(visit.at(&format!("{PATH}/{}", team.id))) { (team.name) }
            @if !team.description.is_empty() { span.sub { (team.description) } }
        },
        html! { (team.role.label()) },
        source(team.source),
        html! { (team.member_count) },
        html! {
            @for organization in team.organizations.iter().take(3) { (badge(Tone::Neutral, &organization.name)) " " }
            @if team.organizations.len() > 3 { "and " (team.organizations.len() - 3) " more" }
        },
    ]
}

/// Renders who keeps a team.
fn source(source: TeamSource) -> Markup {
    let tone = if source == TeamSource::Manual { Tone::Neutral } else { Tone::Info };
    badge(tone, source.label())
}

const FIELDS: &[Field<'_>] = &[
    Field::text("name", "Team name").answers(&["name-taken"]),
    Field::text("description", "Description").takes(Input::Lines).optional(),
    Field::text("role", "Role")
        .takes(Input::One(ROLES))
        .hint("The same in all linked organizations."),
];

const ROLES: &[Choice<'_>] = &[
    Choice { value: "member", label: "Member", hint: "Reads and writes." },
    Choice { value: "admin", label: "Admin", hint: "Also administers the organizations." },
];

/// `GET /app/enterprise/team/new`.
async fn new(visit: Visit<Reading<ManageTeams>>) -> Answer {
    Ok(visit.show(
        "Create Team",
        &[(TITLE, PATH)],
        &creating(&visit, &Filled::new().with("role", "member")),
    ))
}

fn creating<P>(visit: &Visit<P>, filled: &Filled) -> Markup {
    html! {
        header { h1 { "Create Team" } }
        (Form::new(&visit.at(NEW), FIELDS, "Create team").creating().or_back(&visit.at(PATH)).render(filled))
    }
}

/// `POST /app/enterprise/team/new`.
async fn create(visit: Visit<ManageTeams>, sent: Sent) -> Answer {
    let made = async {
        let role = sent.word::<TeamRole>("role")?;
        let (name, description) =
            (sent.text("name").to_owned(), sent.text("description").to_owned());
        visit
            .create(&sent, move |transaction, account| {
                Ok(teams::create(transaction, account, &name, &description, role)?.id)
            })
            .await
    }
    .await;
    match made {
        Ok(id) => Ok(visit.go(&format!("{PATH}/{id}"), Notice::TeamCreated)),
        Err(problem) => {
            let content = creating(&visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Create Team", &[(TITLE, PATH)], &content))
        }
    }
}
