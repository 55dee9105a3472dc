//! Linking teams to the organization: choosing several, looking at what would change, and doing it.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};
use serde::Deserialize;

use super::place::{self, Organization, Shown};
use super::teams::affected;
use crate::administration::team_preview::{self, Preview};
use crate::administration::{team_lists, teams};
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageTeams, Reading};
use crate::http::admin::teams::WantedTeams;
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, shown};
use crate::http::console::sent::{Sent, invalid};
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::Wanted;
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Column, Field, Filled, Form, Input, Table, Tone, badge, confirmation, empty, main_link, search,
};
use crate::views::teams::Team;

/// How many teams are linked at once.
const MOST: usize = 20;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    let path = "/dashboard/organizations/{id}/teams/link";
    config.service(shown(path, choose)).service(form(&format!("{path}/preview"), look, link));
}

/// `GET …/teams/link`.
async fn choose(
    visit: Visit<Reading<ManageTeams>>,
    wanted: Wanted<WantedTeams>,
    paging: Paged,
    id: Path<String>,
) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let filter = wanted.query.clone().read()?;
    let (from, limit) = paging.place(filter.search.as_ref())?;
    let found = visit
        .admin
        .read_page(move |conn, account| team_lists::list(conn, account, &filter, (&from, limit)))
        .await?;
    let teams = paging.listing(found, Team::from);
    let here = visit.at(&organization.at("/teams/link"));
    let next = wanted.next(&here, teams.next_cursor);
    let content = html! {
        header { div {
            h1 { "Link teams to " (organization.name) }
            p.lead { "Choose up to " (MOST) ". You see what would change before anything does." }
        } }
        @if teams.items.is_empty() && !wanted.narrows() {
            (empty(
                "There is no team yet",
                "Create one, then link it here.",
                Some(&main_link("Create Team", &visit.at("/app/enterprise/team/new"))),
            ))
        } @else {
            (search("Search teams", wanted.text("search"), &[]))
            form.stack method="get" action={ (here) "/preview" } {
                (choices(&organization, &teams.items, next))
                div.actions {
                    button.main { "See what would change" }
                    a.button href=(visit.at(&organization.tab(Shown::Teams))) { "Cancel" }
                }
            }
        }
    };
    Ok(visit.show("Link teams", &organization.above(), &content))
}

fn choices(organization: &Organization, teams: &[Team], next: Option<String>) -> Markup {
    let row = |team: &Team| {
        let is_linked = team.organizations.iter().any(|one| one.id == organization.id);
        let id = format!("choose-{}", team.id);
        vec![
            html! {
                div.choice {
                    input type="checkbox" id=(id) name="team" value=(team.id) checked[is_linked]
                        disabled[is_linked];
                    label for=(id) {
                        (team.name)
                        @if is_linked { " " (badge(Tone::Good, "linked")) }
                        @if !team.description.is_empty() { span.hint { (team.description) } }
                    }
                }
            },
            html! { (team.role.label()) },
            html! { (team.member_count) },
        ]
    };
    Table {
        caption: "Teams to choose from",
        columns: &[Column::text("Team"), Column::text("Role"), Column::number("Members")],
        nothing: "No team is found.",
        rows: teams.iter().map(row).collect(),
        next,
    }
    .render()
}

/// Nothing of the query is typed; the teams are read from its pairs.
#[derive(Debug, Deserialize)]
struct Chosen {}

/// What linking one team would change.
struct Linking {
    id: String,
    name: String,
    preview: Preview,
}

async fn previews<P>(
    visit: &Visit<P>,
    organization: &Organization,
    chosen: Vec<String>,
) -> Result<Vec<Linking>, Problem> {
    if !(1..=MOST).contains(&chosen.len()) {
        return Err(invalid("team", &format!("choose 1 to {MOST} teams")));
    }
    let of = organization.id.clone();
    visit
        .admin
        .read_page(move |conn, account| {
            let mut all = Vec::with_capacity(chosen.len());
            for id in &chosen {
                let team = teams::require(conn, account, id)?;
                let preview = team_preview::preview(conn, account, id, &of)?;
                all.push(Linking { id: team.id, name: team.name, preview });
            }
            all.retain(|one| !one.preview.linked);
            Ok(all)
        })
        .await
}

/// `GET …/teams/link/preview?team=…&team=…`.
async fn look(
    visit: Visit<Reading<ManageTeams>>,
    wanted: Wanted<Chosen>,
    id: Path<String>,
) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let pairs = wanted.pairs.into_iter().filter(|(name, _)| name == "team");
    let chosen = pairs.map(|(_, id)| id).collect();
    let all = previews(&visit, &organization, chosen).await?;
    let content = preview(&visit, &organization, &all, Filled::new());
    Ok(visit.show("Link teams", &organization.above(), &content))
}

fn preview<P>(
    visit: &Visit<P>,
    organization: &Organization,
    all: &[Linking],
    filled: Filled,
) -> Markup {
    let action = visit.at(&organization.at("/teams/link/preview"));
    let back = visit.at(&organization.at("/teams/link"));
    let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
    let what = html! {
        @for one in all {
            @let Preview { gaining, rising, role, .. } = &one.preview;
            h3 { (one.name) }
            @if gaining.count + rising.count == 0 {
                p { "Nobody's access changes now. Whoever joins the team later reaches the organization as " (role.label()) "." }
            } @else {
                ul {
                    (affected(gaining, &format!("Will reach it as {}", role.label())))
                    (affected(rising, &format!("Will rise to {}", role.label())))
                }
            }
        }
    };
    let ids = all.iter().map(|one| one.id.as_str()).collect::<Vec<_>>().join(" ");
    let fields = [Field::text("teams", "Teams").takes(Input::Hidden)];
    let form =
        Form::new(&action, &fields, "Link").or_back(&back).render(&filled.with("teams", ids));
    let question = match names.as_slice() {
        [] => {
            return empty(
                "All of them are linked",
                "Nothing is left to do.",
                Some(&main_link("Back to the teams", &visit.at(&organization.tab(Shown::Teams)))),
            );
        }
        names => format!("Link {} to {}?", names.join(", "), organization.name),
    };
    confirmation(&question, &what, &form)
}

/// `POST …/teams/link/preview`.
async fn link(visit: Visit<ManageTeams>, id: Path<String>, sent: Sent) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let chosen = sent.several("teams");
    if !(1..=MOST).contains(&chosen.len()) {
        return Err(invalid("teams", &format!("choose 1 to {MOST} teams")));
    }
    visit
        .admin
        .write(move |transaction, account| {
            for team in &chosen {
                teams::link(transaction, account, team, &id)?;
            }
            Ok(())
        })
        .await?;
    Ok(visit.go(&organization.tab(Shown::Teams), Notice::Linked))
}
