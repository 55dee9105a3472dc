//! Two members that are one person: choosing the other one, seeing what comes of it, merging.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::member::read;
use super::{PATH, TITLE, name_of, path_of, source, state};
use crate::administration::member_merging::{self, Merge};
use crate::administration::{member_list, members};
use crate::enterprise::permissions::Operation;
use crate::enterprise::person::MergedClaim;
use crate::http::admin::list::Paged;
use crate::http::admin::members::WantedMembers;
use crate::http::admin::permits::{ManageMembers, Reading};
use crate::http::base::problem::Problem;
use crate::http::console::named::{counted, names};
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, shown};
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::Wanted;
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Column, Field, Filled, Form, Table, Tone, banner, confirmation, facts, link, search,
};
use crate::store::Transaction;
use crate::views::list::List;
use crate::views::member_merging::MergePreview;
use crate::views::members::{ListedMember, Member};

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/members/{id}/merge", choose)).service(form(
        "/enterprise/members/{id}/merge/{other}",
        ask,
        merge,
    ));
}

/// `GET /app/enterprise/members/{id}/merge`: which member is the same person?
async fn choose(
    visit: Visit<Reading<ManageMembers>>,
    wanted: Wanted<WantedMembers>,
    paging: Paged,
    id: Path<String>,
) -> Answer {
    let member = read(&visit, &id).await?.member;
    let (filter, now) = (wanted.query.clone().read()?, visit.frame.now);
    let (from, limit) = paging.place(filter.search.as_ref())?;
    let list =
        move |conn: &mut _, account| member_list::list(conn, account, now, &filter, (&from, limit));
    let found = paging.listing(visit.admin.read_page(list).await?, ListedMember::from);
    let content = html! {
        header { div {
            h1 { "Merge with another member" }
            p.lead {
                "Find the other member that is the same person as " (name_of(&member))
                ". You see what comes of it before anything is changed."
            }
        } }
        (search("Search members", wanted.text("search"), &[]))
        (table(&visit, &member, &wanted, found))
    };
    let above = [(TITLE, PATH), (name_of(&member), &path_of(&id, ""))];
    Ok(visit.show("Merge", &above, &content))
}

fn table<P>(
    visit: &Visit<P>,
    member: &Member,
    wanted: &Wanted<WantedMembers>,
    found: List<ListedMember>,
) -> Markup {
    let others = found.items.iter().filter(|listed| listed.member.id != member.id);
    let row = |listed: &ListedMember| {
        let other = &listed.member;
        let ask = path_of(&member.id, &format!("/merge/{}", other.id));
        vec![
            html! {
                strong { (name_of(other)) }
                span.sub { (other.email.as_deref().unwrap_or("no address")) }
            },
            source(other.source),
            state(other),
            html! { a.button.small href=(visit.at(&ask)) { "Preview" } },
        ]
    };
    Table {
        caption: "Members to merge with",
        columns: &[
            Column::text("Name"),
            Column::text("Source"),
            Column::text("State"),
            Column::text(""),
        ],
        nothing: "No other member is found.",
        rows: others.map(row).collect(),
        next: wanted.next(&visit.at(&path_of(&member.id, "/merge")), found.next_cursor),
    }
    .render()
}

/// What merging is about: the name of the member that goes, what it would do, and both names.
struct Planned {
    gone: String,
    preview: MergePreview,
}

async fn plan<P>(visit: &Visit<P>, (id, other): &(String, String)) -> Result<Planned, Problem> {
    let (id, other) = (id.clone(), other.clone());
    let owners = visit.admin.may(Operation::ManageOwners);
    let look =
        move |conn: &mut _, account| member_merging::plan(conn, account, (&id, &other), owners);
    let merge: Merge = visit.admin.read_page(look).await?;
    Ok(Planned { gone: merge.gone.user_name.clone(), preview: merge.into() })
}

fn effect(Planned { gone, preview }: &Planned) -> Markup {
    let teams: Vec<&str> = preview.teams.iter().map(|team| team.team_name.as_str()).collect();
    let organizations: Vec<&str> =
        preview.organizations.iter().map(|one| one.organization_name.as_str()).collect();
    let some = |all: &[&str], one: &str, several: &str| {
        html! {
            @if all.is_empty() { "none" } @else {
                (counted(all.len(), one, several)) ": " (names(all, all.len()))
            }
        }
    };
    html! {
        (facts(&[
            ("Stays", html! {
                (preview.user_name)
                @if let Some(email) = &preview.email { ", " (email) } ", " (preview.source.label())
            }),
            ("Goes", html! { (gone) }),
            ("Account role", html! { (preview.role.label()) }),
            ("Teams", some(&teams, "team", "teams")),
            ("Organizations", some(&organizations, "organization", "organizations")),
            ("The person", html! {
                @match preview.claim {
                    MergedClaim::None => "Nobody has signed in as either of them yet.",
                    MergedClaim::Stays => "Whoever signs in as the member that stays goes on.",
                    MergedClaim::Moves => "Whoever signs in as the member that goes has the other one.",
                    MergedClaim::Ends => "Whoever signs in as the member that goes has to be asked again: \
                                          they have proved no address of the one that stays.",
                }
            }),
            ("Seats", html! {
                @if preview.freed_seats == 0 { "No seat becomes free." }
                @else { (counted(1, "seat becomes free", "")) }
            }),
        ]))
        @if !preview.dropped_addresses.is_empty() {
            p {
                "The member that stays does not get "
                (names(&preview.dropped_addresses, preview.dropped_addresses.len()))
                ": the identity provider keeps its addresses."
            }
        }
    }
}

fn question<P>(visit: &Visit<P>, planned: &Planned, back: &str, filled: &Filled) -> Markup {
    let label = format!("Type {} to confirm", planned.gone);
    let fields = [Field::text("confirm", &label)];
    let action = visit.at(visit.frame.path());
    let form = Form::new(&action, &fields, "Merge").dangerous().or_back(back).render(filled);
    let question = format!("Merge {} into {}?", planned.gone, planned.preview.user_name);
    confirmation(&question, &effect(planned), &form)
}

/// `GET /app/enterprise/members/{id}/merge/{other}`.
async fn ask(visit: Visit<Reading<ManageMembers>>, ids: Path<(String, String)>) -> Answer {
    let member = read(&visit, &ids.0).await?.member;
    let others = path_of(&ids.0, "/merge");
    let above = [(TITLE, PATH), (name_of(&member), &path_of(&ids.0, "")), ("Merge", &others)];
    match plan(&visit, &ids).await {
        Ok(planned) => {
            let content = question(&visit, &planned, &visit.at(&others), &Filled::new());
            Ok(visit.show("Preview", &above, &content))
        }
        Err(problem) => {
            let content = html! {
                header { h1 { "These two cannot be merged" } }
                (banner(Tone::Bad, &html! { (problem.detail()) }, None))
                div.actions { (link("Choose another member", &visit.at(&others))) }
            };
            Ok(visit.show_again(&problem, "Preview", &above, &content))
        }
    }
}

/// `POST /app/enterprise/members/{id}/merge/{other}`.
async fn merge(visit: Visit<ManageMembers>, ids: Path<(String, String)>, sent: Sent) -> Answer {
    let planned = plan(&visit, &ids).await?;
    let others = path_of(&ids.0, "/merge");
    let done = async {
        sent.confirms(&planned.gone)?;
        let owners = visit.admin.may(Operation::ManageOwners);
        let write = move |transaction: &mut Transaction<'_>, account| {
            member_merging::merge(transaction, account, (&ids.0, &ids.1), owners)
        };
        let kept: members::ClaimedMember = visit.admin.write(write).await?;
        Ok::<_, Problem>(kept.member.id)
    }
    .await;
    match done {
        Ok(id) => Ok(visit.go(&path_of(&id, ""), Notice::MembersMerged)),
        Err(problem) => {
            let content = question(&visit, &planned, &visit.at(&others), &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Merge", &[(TITLE, PATH)], &content))
        }
    }
}
