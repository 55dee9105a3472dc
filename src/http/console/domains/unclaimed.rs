//! The unclaimed accounts of a domain: people who have an address in it and are not members.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::{PATH, Shown, TITLE};
use crate::administration::domains;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::ReadAccount;
use crate::http::console::routing::shown;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::{Wanted, Whole};
use crate::http::pages::parts::{Column, Table, choosing, date, empty, link, main_link, pick};
use crate::views::list::List;
use crate::views::unclaimed::UnclaimedAccount;

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/domains/{id}/unclaimed", list));
}

/// `GET /app/enterprise/domains/{id}/unclaimed`.
async fn list(
    visit: Visit<ReadAccount>,
    id: Path<String>,
    wanted: Wanted<Whole>,
    paging: Paged,
) -> Answer {
    let of = Shown::read(&visit, &id).await?;
    let (after, limit) = paging.range()?;
    let found = visit
        .admin
        .read_page(move |conn, account| domains::unclaimed(conn, account, &id, after, limit))
        .await?;
    let people: List<UnclaimedAccount> = paging.list(found, UnclaimedAccount::from);
    let csv = format!("/api/v1/domains/{}/unclaimed-accounts.csv", of.domain.id);
    let invite = visit.at(&of.path("/unclaimed/invite"));
    let content = html! {
        header {
            div {
                h1 { "Unclaimed Accounts" }
                p.lead { "People who have an address in " (of.title()) " and are not in this account." }
            }
            div.actions {
                @if !people.items.is_empty() { (main_link("Invite all", &invite)) }
                a.button href=(visit.at(&csv)) download { "Download CSV" }
            }
        }
        @if people.items.is_empty() && !wanted.narrows() {
            (empty(
                "No unclaimed accounts",
                "Everybody who has proved an address in the domain is a member.",
                Some(&link("Back to the domain", &visit.at(&of.path("")))),
            ))
        } @else { (choosing(&invite, "Invite those chosen", &table(&visit, &of, &wanted, people))) }
    };
    Ok(visit.show("Unclaimed Accounts", &[(TITLE, PATH), (of.title(), &of.path(""))], &content))
}

fn table(
    visit: &Visit<ReadAccount>,
    of: &Shown,
    wanted: &Wanted<Whole>,
    people: List<UnclaimedAccount>,
) -> Markup {
    let next = wanted.next(&visit.at(&of.path("/unclaimed")), people.next_cursor);
    let row = |person: &UnclaimedAccount| {
        vec![
            pick("emails", &person.email, &person.email),
            html! { (person.email) },
            html! { (person.name.as_deref().unwrap_or("–")) },
            date(person.known_since),
        ]
    };
    Table {
        caption: "People with an address in the domain who are not members",
        columns: &[
            Column::text("Choose"),
            Column::text("Address"),
            Column::text("Name"),
            Column::text("Known since"),
        ],
        nothing: "There is nobody further.",
        rows: people.items.iter().map(row).collect(),
        next,
    }
    .render()
}
