//! Org links: the organizations that a team is linked to.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::found::{above, path, read};
use crate::administration::team_preview::{self, LinksPreview, Preview};
use crate::administration::{organization_list, organizations, teams};
use crate::http::admin::list::Paged;
use crate::http::admin::organizations::WantedOrganizations;
use crate::http::admin::permits::{ManageTeams, Reading, Smaller};
use crate::http::base::problem::Problem;
use crate::http::console::named::{affected, counted};
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::Wanted;
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Column, Field, Filled, Form, Input, Table, Tone, badge, banner, chip, chosen_form,
    confirmation, empty, main_link, search, tick,
};
use crate::store::Transaction;
use crate::views::list::List;
use crate::views::organizations::ListedOrganization;
use crate::views::teams::Team;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/enterprise/team/{id}/link", choose, link)).service(form(
        "/enterprise/team/{id}/unlink/{organization}",
        ask,
        unlink,
    ));
}

/// The organizations' pages.
const ORGANIZATIONS: &str = "/app/dashboard/organizations";
/// The name of the ticks.
const CHOSEN: &str = "organization_ids";

/// Renders the organizations that a team is linked to.
pub fn block<P>(visit: &Visit<P>, team: &Team) -> Markup {
    html! {
        section.card {
            header {
                h2 { "Org links" }
                a.button href=(visit.at(&path(team, "/link"))) aria-label="Link organizations" { "+" }
            }
            @if team.organizations.is_empty() {
                p.muted {
                    "The team is linked to no organization, so it gives nobody access. Link it to one or \
                     more: all its members reach them as " (team.role.label()) "."
                }
            } @else {
                ul.chips {
                    @for organization in &team.organizations {
                        (chip(
                            &organization.name,
                            &visit.at(&format!("{ORGANIZATIONS}/{}", organization.id)),
                            (
                                &format!("Unlink {}", organization.name),
                                &visit.at(&path(team, &format!("/unlink/{}", organization.id))),
                            ),
                        ))
                    }
                }
            }
        }
    }
}

/// `GET /app/enterprise/team/{id}/link`.
async fn choose(
    visit: Visit<Reading<ManageTeams>>,
    wanted: Wanted<WantedOrganizations>,
    paging: Paged,
    id: Path<String>,
) -> Answer {
    let team = read(&visit, &id).await?;
    let content = choosing(&visit, &team, &wanted, &paging, None).await?;
    Ok(visit.show("Link organizations", &above(&team, &path(&team, "")), &content))
}

async fn choosing<P>(
    visit: &Visit<P>,
    team: &Team,
    wanted: &Wanted<WantedOrganizations>,
    paging: &Paged,
    refusal: Option<&Problem>,
) -> Result<Markup, Problem> {
    let filter = wanted.query.clone().read()?;
    let (from, limit) = paging.place(filter.as_ref())?;
    let list = move |conn: &mut _, account| {
        organization_list::list(conn, account, filter.as_ref(), (&from, limit))
    };
    let found = paging.listing(visit.admin.read_page(list).await?, ListedOrganization::from);
    let here = visit.at(&path(team, "/link"));
    Ok(html! {
        header { div {
            h1 { "Link organizations" }
            p.lead {
                "All members of " (team.name) " reach the organizations that you tick. You see who gains \
                 what before anything is changed."
            }
        } }
        @if let Some(problem) = refusal { (banner(Tone::Bad, &html! { (problem.detail()) }, None)) }
        @if found.items.is_empty() && !wanted.narrows() {
            (empty("No organizations yet", "A team is linked to organizations of the account.",
                Some(&main_link("New organization", &visit.at("/app/dashboard/organizations/new")))))
        } @else {
            (search("Search organizations", wanted.text("search"), &[]))
            (table(team, wanted, &here, found))
            (chosen_form("link", &here, "Preview and link", "Nothing is changed yet."))
        }
    })
}

fn table(
    team: &Team,
    wanted: &Wanted<WantedOrganizations>,
    here: &str,
    found: List<ListedOrganization>,
) -> Markup {
    let row = |listed: &ListedOrganization| {
        let organization = &listed.organization;
        let linked = team.organizations.iter().any(|one| one.id == organization.id);
        vec![
            if linked {
                html! {}
            } else {
                tick("link", CHOSEN, &organization.id, &format!("Select {}", organization.name))
            },
            html! {
                strong { (organization.name) }
                @if linked { " " (badge(Tone::Good, "Linked")) }
            },
            html! { (listed.people_count) @if listed.has_more_people { " and more" } },
            html! { (listed.team_count) },
        ]
    };
    Table {
        caption: "Organizations to link",
        columns: &[
            Column::ticks("link"),
            Column::text("Organization"),
            Column::number("People"),
            Column::number("Teams"),
        ],
        nothing: "No organization is found.",
        rows: found.items.iter().map(row).collect(),
        next: wanted.next(here, found.next_cursor),
    }
    .render()
}

/// `POST /app/enterprise/team/{id}/link`: shows who gains what, then links.
async fn link(
    visit: Visit<ManageTeams>,
    wanted: Wanted<WantedOrganizations>,
    paging: Paged,
    id: Path<String>,
    sent: Sent,
) -> Answer {
    let (team, chosen) = (read(&visit, &id).await?, sent.all(CHOSEN));
    let back = path(&team, "");
    let preview = {
        let (id, chosen) = (team.id.clone(), chosen.clone());
        let look =
            move |conn: &mut _, account| team_preview::preview_several(conn, account, &id, &chosen);
        visit.admin.read_page(look).await
    };
    let preview = match preview {
        Ok(preview) => preview,
        Err(problem) => {
            let content = choosing(&visit, &team, &wanted, &paging, Some(&problem)).await?;
            return Ok(visit.show_again(&problem, "Link", &above(&team, &back), &content));
        }
    };
    if !sent.ticked("confirmed") {
        let filled = sent.filled().with("confirmed", "true");
        let content = sure(&visit, &team, &preview, &filled);
        return Ok(visit.show("Link", &above(&team, &back), &content));
    }
    let id = team.id.clone();
    let write = move |transaction: &mut Transaction<'_>, account| {
        teams::link_several(transaction, account, &id, &chosen)
    };
    match visit.admin.write(write).await {
        Ok(_) => Ok(visit.go(&back, Notice::Linked)),
        Err(problem) => {
            let content = sure(&visit, &team, &preview, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Link", &above(&team, &back), &content))
        }
    }
}

fn sure<P>(visit: &Visit<P>, team: &Team, preview: &LinksPreview, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(&path(team, "/link")), visit.at(&path(team, "/link")));
    let fields = [
        Field::text(CHOSEN, "").takes(Input::Hidden),
        Field::text("confirmed", "").takes(Input::Hidden),
    ];
    let concerned = usize::try_from(preview.concerned.count).unwrap_or(0);
    let what = html! {
        p {
            @if concerned == 0 {
                "Nobody gains access or a higher role by this now: whoever joins the team later does."
            } @else {
                (counted(concerned, "member reaches", "members reach")) " more than now, as "
                (preview.role.label()) " unless their place in the team has another role."
            }
        }
        @for one in &preview.previews {
            h3 { (one.organization_name) }
            @if one.linked {
                p.muted { "It is linked already; nothing changes." }
            } @else if one.gaining.count + one.rising.count == 0 {
                p.muted { "Nobody gains access or a higher role." }
            } @else {
                ul {
                    (affected(&one.gaining, ("member gains access", "members gain access")))
                    (affected(&one.rising, ("member gets a higher role", "members get a higher role")))
                }
            }
        }
    };
    let number = counted(preview.previews.len(), "organization", "organizations");
    let form = Form::new(&action, &fields, "Link").or_back(&back).render(filled);
    confirmation(&format!("Link {} to {number}?", team.name), &what, &form)
}

/// What unlinking a team from an organization is about.
struct Unlinking {
    team: Team,
    organization: String,
    preview: Preview,
}

async fn unlinking<P>(
    visit: &Visit<P>,
    (id, organization): &(String, String),
) -> Result<Unlinking, Problem> {
    let team = read(visit, id).await?;
    let (id, organization) = (id.clone(), organization.clone());
    let look = move |conn: &mut _, account| {
        let named = organizations::require(conn, account, &organization)?.name;
        Ok((named, team_preview::preview(conn, account, &id, &organization)?))
    };
    let (organization, preview) = visit.admin.read_page(look).await?;
    Ok(Unlinking { team, organization, preview })
}

impl Unlinking {
    fn question<P>(&self, visit: &Visit<P>, filled: &Filled) -> Markup {
        let (action, back) = (visit.at(visit.frame.path()), visit.at(&path(&self.team, "")));
        let Self { team, organization, preview } = self;
        if !preview.linked {
            let note = banner(
                Tone::Info,
                &html! { (team.name) " is not linked to " (organization) " any more." },
                Some(("Back to the team", &back)),
            );
            return confirmation("Unlink", &note, &html! {});
        }
        let what = html! {
            @if preview.losing.count + preview.falling.count == 0 {
                p { "Nobody loses access or a role by this." }
            } @else {
                ul {
                    (affected(&preview.losing, ("member loses access", "members lose access")))
                    (affected(
                        &preview.falling,
                        ("member keeps a lower role", "members keep a lower role"),
                    ))
                }
            }
            p.muted { "They stay in the team and in the account, and their seats stay taken." }
        };
        let form = Form::new(&action, &[], "Unlink").dangerous().or_back(&back).render(filled);
        confirmation(&format!("Unlink {} from {organization}?", team.name), &what, &form)
    }
}

/// `GET /app/enterprise/team/{id}/unlink/{organization}`.
async fn ask(visit: Visit<Reading<ManageTeams>>, ids: Path<(String, String)>) -> Answer {
    let unlinking = unlinking(&visit, &ids).await?;
    let back = path(&unlinking.team, "");
    let content = unlinking.question(&visit, &Filled::new());
    Ok(visit.show("Unlink", &above(&unlinking.team, &back), &content))
}

/// `POST /app/enterprise/team/{id}/unlink/{organization}`.
async fn unlink(visit: Visit<Smaller<ManageTeams>>, ids: Path<(String, String)>) -> Answer {
    let team = read(&visit, &ids.0).await?;
    let write = move |transaction: &mut Transaction<'_>, account| {
        teams::unlink(transaction, account, &ids.0, &ids.1)
    };
    visit.admin.write(write).await?;
    Ok(visit.go(&path(&team, ""), Notice::Unlinked))
}
