//! The tab Teams: the teams that are linked to the organization, and the end of a link.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::place::{self, Organization, Shown, page};
use crate::administration::team_preview::{self, AffectedMembers, Preview};
use crate::administration::{team_lists, teams};
use crate::enterprise::TeamSource;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageTeams, ReadAccount, Reading, Smaller};
use crate::http::admin::teams::WantedTeams;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, shown};
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::Wanted;
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Column, Filled, Form, Table, Tone, badge, confirmation, dialog, empty, main_link, search,
};
use crate::views::list::List;
use crate::views::teams::Team;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    let unlink = "/dashboard/organizations/{id}/teams/{team_id}/unlink";
    config.service(shown("/dashboard/organizations/{id}/teams", show)).service(form(
        unlink,
        ask,
        unlink_team,
    ));
}

/// `GET /app/dashboard/organizations/{id}/teams`.
async fn show(
    visit: Visit<ReadAccount>,
    wanted: Wanted<WantedTeams>,
    paging: Paged,
    id: Path<String>,
) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let mut filter = wanted.query.clone().read()?;
    filter.organization = Some(organization.id.clone());
    let (from, limit) = paging.place(filter.search.as_ref())?;
    let found = visit
        .admin
        .read_page(move |conn, account| team_lists::list(conn, account, &filter, (&from, limit)))
        .await?;
    let teams = paging.listing(found, Team::from);
    let content = content(&visit, &organization, &wanted, teams);
    let content = page(&visit.frame, &organization, Shown::Teams, &content);
    Ok(visit.show(Shown::Teams.title(), &organization.above(), &content))
}

fn content(
    visit: &Visit<ReadAccount>,
    organization: &Organization,
    wanted: &Wanted<WantedTeams>,
    teams: List<Team>,
) -> Markup {
    let link = main_link("Link a team", &visit.at(&organization.at("/teams/link")));
    let can_link = visit.frame.includes_advanced();
    if teams.items.is_empty() && !wanted.narrows() {
        return empty(
            "No team is linked",
            "All members of a linked team reach the organization, also those who join it later.",
            can_link.then_some(&link),
        );
    }
    let next = wanted.next(&visit.at(&organization.tab(Shown::Teams)), teams.next_cursor);
    html! {
        div.row.apart {
            h2 { "Linked teams" }
            @if can_link { (link) }
        }
        (search("Search linked teams", wanted.text("search"), &[]))
        (Table {
            caption: "The teams that are linked to the organization",
            columns: &[
                Column::text("Name"),
                Column::text("Role"),
                Column::number("Members"),
                Column::text("Source"),
                Column::text(""),
            ],
            nothing: "No team is found.",
            rows: teams.items.iter().map(|team| row(visit, organization, team)).collect(),
            next,
        }.render())
    }
}

fn row(visit: &Visit<ReadAccount>, organization: &Organization, team: &Team) -> Vec<Markup> {
    let tone = if team.source == TeamSource::Manual { Tone::Neutral } else { Tone::Info };
    let unlink = organization.at(&format!("/teams/{}/unlink", team.id));
    vec![
        html! {
            a.thing href=(visit.at(&format!("/app/enterprise/team/{}", team.id))) { (team.name) }
            @if !team.description.is_empty() { span.sub { (team.description) } }
        },
        html! { (team.role.label()) },
        html! { (team.member_count) },
        badge(tone, team.source.label()),
        html! { div.actions { (dialog("Unlink", &visit.at(&unlink))) } },
    ]
}

/// Renders whom a change concerns: the number, and the first five of them.
pub fn affected(members: &AffectedMembers, what: &str) -> Markup {
    const NAMED: usize = 5;
    let named = members.first.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>();
    let more = members.count - i64::try_from(named.len()).unwrap_or(i64::MAX);
    html! {
        @if members.count > 0 {
            li {
                strong { (what) " (" (members.count) "):" } " " (named.join(", "))
                @if more > 0 { " and " (more) " more" }
            }
        }
    }
}

/// `GET …/teams/{team_id}/unlink`.
async fn ask(visit: Visit<Reading<ManageTeams>>, path: Path<(String, String)>) -> Answer {
    let (id, team) = path.into_inner();
    let organization = place::read(&visit, &id).await?;
    let (found, preview) = visit
        .admin
        .read_page(move |conn, account| {
            let preview = team_preview::preview(conn, account, &team, &id)?;
            Ok((teams::require(conn, account, &team)?, preview))
        })
        .await?;
    let rest = format!("/teams/{}/unlink", found.id);
    let (action, back) =
        (visit.at(&organization.at(&rest)), visit.at(&organization.tab(Shown::Teams)));
    let form = Form::new(&action, &[], "Unlink").dangerous().or_back(&back);
    let question = format!("Unlink {} from {}?", found.name, organization.name);
    let content = confirmation(&question, &losing(&preview), &form.render(&Filled::new()));
    Ok(visit.show("Unlink", &organization.above(), &content))
}

fn losing(preview: &Preview) -> Markup {
    html! {
        @if preview.losing.count + preview.falling.count == 0 {
            p { "Everybody in the team reaches the organization by other ways, too: access stays as it is." }
        } @else {
            ul {
                (affected(&preview.losing, "Lose the organization"))
                (affected(&preview.falling, "Keep it with a lower role"))
            }
        }
        p { "They stay in the team and in the account, and their seats stay taken." }
    }
}

/// `POST …/teams/{team_id}/unlink`.
async fn unlink_team(visit: Visit<Smaller<ManageTeams>>, path: Path<(String, String)>) -> Answer {
    let (id, team) = path.into_inner();
    let organization = place::read(&visit, &id).await?;
    visit
        .admin
        .write(move |transaction, account| teams::unlink(transaction, account, &team, &id))
        .await?;
    Ok(visit.go(&organization.tab(Shown::Teams), Notice::Unlinked))
}
