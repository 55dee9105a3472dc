//! The organizations that the person reaches, account by account.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{NEW, PATH, TITLE};
use crate::administration::AdministrationError;
use crate::administration::listing::{Listing, Position};
use crate::administration::organization_list::Numbers;
use crate::administration::persons::reach::{self, ReachedOrganization, Way};
use crate::enterprise::Role;
use crate::enterprise::reach::WayKind;
use crate::http::admin::list::Paged;
use crate::http::admin::me::caller::Me;
use crate::http::admin::me::organizations::WantedOwnOrganizations;
use crate::http::base::query::with_query;
use crate::http::console::routing::shown;
use crate::http::console::visit::{Answer, OwnVisit};
use crate::http::console::wanted::Wanted;
use crate::http::console::words::Label;
use crate::http::pages::parts::{Column, Table, Tone, badge, empty, link, main_link, search};
use crate::store::Conn;
use crate::store::sessions::Membership;

/// How many organizations of each account are shown to who is in several.
const FEW: i64 = 10;

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/dashboard/organizations", list));
}

type Numbered = (ReachedOrganization, Option<Numbers>);

/// The organizations of one account.
struct Group {
    account_id: String,
    account_name: String,
    items: Vec<Numbered>,
    next: Option<Position>,
}

/// `GET /app/dashboard/organizations`.
async fn list(
    visit: OwnVisit,
    me: Me,
    wanted: Wanted<WantedOwnOrganizations>,
    paging: Paged,
) -> Answer {
    let (search, now) = (wanted.query.search()?, me.now());
    let (from, limit) = paging.place(search.as_ref())?;
    let found = me.read(wanted.query.account_id.clone(), move |conn, mine| {
        let (from, limit) = match mine {
            [_] => (from.clone(), limit),
            _ => (Position::default(), FEW),
        };
        let read = |one: &Membership| {
            let of = std::slice::from_ref(one);
            let at = (&from, limit);
            let page = reach::organizations(conn, of, now, search.as_ref(), at)?;
            Ok(Group {
                account_id: one.account_id.clone(),
                account_name: one.account_name.clone(),
                items: numbered(conn, of, page.items)?,
                next: page.next,
            })
        };
        mine.iter().map(read).collect::<Result<Vec<Group>, _>>()
    });
    let content = page(&visit, &wanted, &paging, found.await?);
    Ok(visit.show(TITLE, &[], &content))
}

fn numbered(
    conn: &mut Conn,
    of: &[Membership],
    reached: Vec<ReachedOrganization>,
) -> Result<Vec<Numbered>, AdministrationError> {
    let mut items = Vec::with_capacity(reached.len());
    for one in reached {
        let numbers = reach::numbers(conn, of, &one)?;
        items.push((one, numbers));
    }
    Ok(items)
}

fn page(
    visit: &OwnVisit,
    wanted: &Wanted<WantedOwnOrganizations>,
    paging: &Paged,
    groups: Vec<Group>,
) -> Markup {
    let creates = matches!(visit.frame.role(), Some(Role::Owner | Role::CoOwner));
    let is_empty = groups.iter().all(|group| group.items.is_empty() && group.next.is_none());
    let is_one = groups.len() == 1;
    let several = !is_one || wanted.query.account_id.is_some();
    html! {
        header {
            div {
                h1 { (TITLE) }
                p.lead { "All that you reach, in all of your accounts." }
            }
            div.actions {
                (link("Offers to me", &visit.at("/app/transfers")))
                @if creates { (main_link("New organization", &visit.at(NEW))) }
            }
        }
        @if is_empty && !wanted.narrows() {
            (empty(
                "You reach no organization yet",
                "Ask an administrator to add you or a team of yours.",
                None,
            ))
        } @else {
            (search("Search organizations", wanted.text("search"), &[]))
            @for group in groups {
                @let of = group.account_id.clone();
                @if several {
                    h2 { (group.account_name) }
                }
                @let more = !is_one && group.next.is_some();
                (table(visit, wanted, is_one.then_some(paging), group))
                @if more {
                    p {
                        a href=(all_of(visit, wanted, &of)) { "Show all of this account" }
                    }
                }
            }
            @if wanted.query.account_id.is_some() {
                p { a href=(visit.at(PATH)) { "Show all of your accounts" } }
            }
        }
    }
}

fn all_of(visit: &OwnVisit, wanted: &Wanted<WantedOwnOrganizations>, account: &str) -> String {
    let path = visit.at(PATH);
    match wanted.text("search") {
        "" => with_query(&path, &[("account_id", account)]),
        text => with_query(&path, &[("account_id", account), ("search", text)]),
    }
}

fn table(
    visit: &OwnVisit,
    wanted: &Wanted<WantedOwnOrganizations>,
    paging: Option<&Paged>,
    group: Group,
) -> Markup {
    let caption = format!("Organizations of {}", group.account_name);
    let rows = group.items.iter().map(|one| row(visit, one)).collect();
    let ended = Listing { items: Vec::<()>::new(), next: group.next };
    let cursor = paging.and_then(|paging| paging.listing(ended, |one| one).next_cursor);
    let next = wanted.next(&visit.at(PATH), cursor);
    Table {
        caption: &caption,
        columns: &[
            Column::text("Name"),
            Column::text("Your role"),
            Column::text("How you reach it"),
            Column::number("People"),
            Column::number("Teams"),
            Column::text("Storage allowed"),
        ],
        nothing: "No organization is found.",
        rows,
        next,
    }
    .render()
}

fn row(visit: &OwnVisit, (one, numbers): &Numbered) -> Vec<Markup> {
    let unknown = || html! { span.muted { "–" } };
    vec![
        html! {
            a.thing href=(visit.at(&format!("{PATH}/{}", one.id))) { (one.name) }
            @if one.inactive.is_some() { " " (badge(Tone::Bad, "Inactive")) }
        },
        html! { (one.role.label()) },
        html! { @for way in &one.ways { (badge(Tone::Neutral, &said(way))) " " } },
        numbers.as_ref().map_or_else(unknown, people),
        numbers.as_ref().map_or_else(unknown, |numbers| html! { (numbers.teams) }),
        html! {
            @for kind in one.storage.rule.allowed() { (badge(Tone::Neutral, kind.label())) " " }
        },
    ]
}

fn people(numbers: &Numbers) -> Markup {
    html! {
        @if numbers.has_more_people { "more than " }
        (numbers.people)
    }
}

/// Says by which way an organization is reached.
pub fn said(way: &Way) -> String {
    match (way.kind, &way.team) {
        (_, Some((_, name))) => format!("Team {name}"),
        (WayKind::Owner, None) => "Owner".to_owned(),
        (WayKind::CoOwner, None) => "Co-owner".to_owned(),
        (WayKind::Direct | WayKind::Team, None) => "Direct".to_owned(),
    }
}
