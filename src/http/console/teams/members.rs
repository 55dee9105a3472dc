//! The members of a team: who is in it by hand and who by SCIM, with the role of each place.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::found::{above, path, read};
use crate::administration::team_losses::{self, Leaving};
use crate::administration::{team_lists, team_members};
use crate::enterprise::{MemberSource, PlaceRole, TeamSource};
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageTeams, ReadAccount, Reading, Smaller};
use crate::http::admin::team_members::WantedTeamMembers;
use crate::http::base::problem::Problem;
use crate::http::console::named::{counted, names, person};
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::Wanted;
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Choice, Column, Field, Filled, Filter, Form, Input, Table, Tone, badge, banner, confirmation,
    dialog, search, small_dialog,
};
use crate::store::Transaction;
use crate::store::access::Organization;
use crate::views::list::List;
use crate::views::team_members::TeamMember;
use crate::views::teams::Team;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(form("/enterprise/team/{id}/members/add", new, add))
        .service(form("/enterprise/team/{id}/members/{member}/role", edit, change))
        .service(form("/enterprise/team/{id}/members/{member}/remove", ask, remove));
}

/// Renders the members of a team.
pub async fn block(
    visit: &Visit<ReadAccount>,
    team: &Team,
    wanted: &Wanted<WantedTeamMembers>,
    paging: &Paged,
) -> Result<Markup, Problem> {
    let (filter, id) = (wanted.query.clone().read()?, team.id.clone());
    let (from, limit) = paging.place(filter.search.as_ref())?;
    let list = move |conn: &mut _, account| {
        team_lists::members(conn, account, &id, &filter, (&from, limit))
    };
    let members = paging.listing(visit.admin.read_page(list).await?, TeamMember::from);
    Ok(html! {
        section.stack {
            div.row.apart {
                h2 { "Members" }
                (dialog("Add to team", &visit.at(&path(team, "/members/add"))))
            }
            @if members.items.is_empty() && !wanted.narrows() {
                p.muted {
                    "The team has no members. Add members of the account"
                    @if team.source == TeamSource::Manual { "." }
                    @else { ", or assign people to the group in the identity provider." }
                }
            } @else {
                (search("Search members", wanted.text("search"), &[Filter {
                    name: "source",
                    label: "In the team",
                    values: &[("", "All"), ("manual", "By hand"), ("scim", "By SCIM only")],
                    chosen: wanted.text("source"),
                }]))
                (table(visit, team, wanted, members))
            }
        }
    })
}

fn table(
    visit: &Visit<ReadAccount>,
    team: &Team,
    wanted: &Wanted<WantedTeamMembers>,
    members: List<TeamMember>,
) -> Markup {
    Table {
        caption: "The team's members",
        columns: &[
            Column::text("Name"),
            Column::text("In the team"),
            Column::text("Role"),
            Column::text(""),
        ],
        nothing: "No member is found.",
        rows: members.items.iter().map(|member| row(visit, team, member)).collect(),
        next: wanted.next(&visit.at(&path(team, "")), members.next_cursor),
    }
    .render()
}

fn row(visit: &Visit<ReadAccount>, team: &Team, member: &TeamMember) -> Vec<Markup> {
    let name = person(member.display_name.as_deref(), &member.user_name);
    let own = |rest: &str| visit.at(&path(team, &format!("/members/{}/{rest}", member.id)));
    vec![
        html! {
            a.thing href=(visit.at(&format!("/app/enterprise/members/{}", member.id))) { (name) }
            span.sub { (member.email.as_deref().unwrap_or("no address")) }
        },
        match (member.source, member.in_scim_group) {
            (MemberSource::Manual, true) => badge(Tone::Info, "By hand and by SCIM"),
            (MemberSource::Manual, false) => badge(Tone::Neutral, "By hand"),
            (MemberSource::Scim, _) => badge(Tone::Info, "By SCIM"),
        },
        html! {
            (member.role.label())
            @if member.own_role.is_some() { span.sub { "of this place only" } }
        },
        html! {
            (small_dialog("Change role", &own("role"))) " "
            (small_dialog("Remove from team", &own("remove")))
        },
    ]
}

const ROLES: &[Choice<'_>] = &[
    Choice { value: "team", label: "The team's role", hint: "It follows when the team's changes." },
    Choice {
        value: "member",
        label: "Member",
        hint: "In the team's organizations, whatever its role.",
    },
    Choice { value: "admin", label: "Admin", hint: "Also administers the team's organizations." },
];
const ROLE: Field<'_> = Field::text("role", "Role in the team").takes(Input::One(ROLES));

/// `GET /app/enterprise/team/{id}/members/add`.
async fn new(visit: Visit<Reading<ManageTeams>>, id: Path<String>) -> Answer {
    let team = read(&visit, &id).await?;
    let content = adding(&visit, &team, &Filled::new().with("role", "team"));
    Ok(visit.show("Add to team", &above(&team, &path(&team, "")), &content))
}

fn adding<P>(visit: &Visit<P>, team: &Team, filled: &Filled) -> Markup {
    let fields = [
        Field::text("email", "E-mail address")
            .takes(Input::Email)
            .hint("Of a member of the account. Whoever is no member yet is invited instead.")
            .answers(&["not-found"]),
        ROLE,
    ];
    let (action, back) = (visit.at(&path(team, "/members/add")), visit.at(&path(team, "")));
    let form = Form::new(&action, &fields, "Add to team").or_back(&back).render(filled);
    confirmation(&format!("Add a member to {}", team.name), &html! {}, &form)
}

/// `POST /app/enterprise/team/{id}/members/add`.
async fn add(visit: Visit<ManageTeams>, id: Path<String>, sent: Sent) -> Answer {
    let team = read(&visit, &id).await?;
    let done = async {
        let (email, role) = (sent.text("email").to_owned(), sent.word::<PlaceRole>("role")?);
        let write = move |transaction: &mut Transaction<'_>, account| {
            team_members::add(transaction, account, &id, &email, role)
        };
        visit.admin.write(write).await
    }
    .await;
    match done {
        Ok(_) => Ok(visit.go(&path(&team, ""), Notice::MemberAdded)),
        Err(problem) => {
            let content = adding(&visit, &team, &sent.refused(&problem));
            let back = path(&team, "");
            Ok(visit.show_again(&problem, "Add to team", &above(&team, &back), &content))
        }
    }
}

/// What a page about one place in a team is about.
struct Place {
    team: Team,
    leaving: Leaving,
}

impl Place {
    async fn read<P>(visit: &Visit<P>, (id, member): &(String, String)) -> Result<Self, Problem> {
        let team = read(visit, id).await?;
        let (id, member) = (id.clone(), member.clone());
        let look =
            move |conn: &mut _, account| team_losses::of_leaving(conn, account, &id, &member);
        Ok(Self { leaving: visit.admin.read(look).await?, team })
    }

    fn name(&self) -> &str {
        let member = &self.leaving.member;
        person(member.display_name.as_deref(), &member.user_name)
    }

    fn asked_role<P>(&self, visit: &Visit<P>, filled: &Filled) -> Markup {
        let (action, back) = (visit.at(visit.frame.path()), visit.at(&path(&self.team, "")));
        let form = Form::new(&action, &[ROLE], "Save").or_back(&back).render(filled);
        let what = html! {
            p {
                "The place gives this role in every organization that " (self.team.name)
                " is linked to. SCIM does not change it."
            }
        };
        confirmation(&format!("The role of {} in {}", self.name(), self.team.name), &what, &form)
    }

    fn asked_to_leave<P>(&self, visit: &Visit<P>, filled: &Filled) -> Markup {
        let (action, back) = (visit.at(visit.frame.path()), visit.at(&path(&self.team, "")));
        let Leaving { losing, falling, is_provisioned, .. } = &self.leaving;
        let list = |all: &[Organization]| {
            let all: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
            names(&all, all.len())
        };
        let what = html! {
            @if losing.is_empty() && falling.is_empty() {
                p { (self.name()) " loses no organization and no role by this." }
            } @else {
                ul {
                    @if !losing.is_empty() {
                        li {
                            "Loses " (counted(losing.len(), "organization", "organizations")) ": "
                            (list(losing))
                        }
                    }
                    @if !falling.is_empty() {
                        li {
                            "Keeps a lower role in "
                            (counted(falling.len(), "organization", "organizations")) ": "
                            (list(falling))
                        }
                    }
                }
            }
            p {
                "The seat stays taken: only the page "
                a href=(visit.at("/app/enterprise/licenses")) { "Licenses" } " frees it."
            }
            @if *is_provisioned {
                (banner(Tone::Warn, &html! {
                    "The identity provider has " (self.name()) " in this group, too. Take them out of \
                     it there; otherwise the next sync brings them back."
                }, None))
            }
        };
        let form =
            Form::new(&action, &[], "Remove from team").dangerous().or_back(&back).render(filled);
        confirmation(&format!("Remove {} from {}?", self.name(), self.team.name), &what, &form)
    }
}

/// `GET /app/enterprise/team/{id}/members/{member}/role`.
async fn edit(visit: Visit<Reading<ManageTeams>>, ids: Path<(String, String)>) -> Answer {
    let place = Place::read(&visit, &ids).await?;
    let content = place.asked_role(&visit, &Filled::new().with("role", "team"));
    Ok(visit.show("Role", &above(&place.team, &path(&place.team, "")), &content))
}

/// `POST /app/enterprise/team/{id}/members/{member}/role`.
async fn change(visit: Visit<ManageTeams>, ids: Path<(String, String)>, sent: Sent) -> Answer {
    let place = Place::read(&visit, &ids).await?;
    let back = path(&place.team, "");
    let done = async {
        let role = sent.word::<PlaceRole>("role")?;
        let write = move |transaction: &mut Transaction<'_>, account| {
            team_members::set_role(transaction, account, &ids.0, &ids.1, role)
        };
        visit.admin.write(write).await
    }
    .await;
    match done {
        Ok(_) => Ok(visit.go(&back, Notice::PlaceChanged)),
        Err(problem) => {
            let content = place.asked_role(&visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Role", &above(&place.team, &back), &content))
        }
    }
}

/// `GET /app/enterprise/team/{id}/members/{member}/remove`.
async fn ask(visit: Visit<Reading<ManageTeams>>, ids: Path<(String, String)>) -> Answer {
    let place = Place::read(&visit, &ids).await?;
    let content = place.asked_to_leave(&visit, &Filled::new());
    let back = path(&place.team, "");
    Ok(visit.show("Remove from team", &above(&place.team, &back), &content))
}

/// `POST /app/enterprise/team/{id}/members/{member}/remove`.
async fn remove(visit: Visit<Smaller<ManageTeams>>, ids: Path<(String, String)>) -> Answer {
    let team = read(&visit, &ids.0).await?;
    let write = move |transaction: &mut Transaction<'_>, account| {
        team_members::remove(transaction, account, &ids.0, &ids.1)
    };
    visit.admin.write(write).await?;
    Ok(visit.go(&path(&team, ""), Notice::MemberRemoved))
}
