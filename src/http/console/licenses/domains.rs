//! Users in the account's domains: members, and others who could be.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{PATH, TITLE};
use crate::administration::domains;
use crate::http::admin::permits::ReadAccount;
use crate::http::base::problem::Problem;
use crate::http::console::routing::shown;
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{Column, Table, card, facts, link};
use crate::views::domains::{DomainUsers, UsersOfDomain};

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/licenses/domains", show));
}

const HEADING: &str = "Users in your domains";
/// In accounts with more members their users are counted only when somebody asks, because all of them
/// have to be looked at.
const MOST_COUNTED_AT_ONCE: i64 = 5_000;

async fn users<P>(visit: &Visit<P>) -> Result<DomainUsers, Problem> {
    visit.admin.read_page(domains::count_users).await.map(DomainUsers::from)
}

fn numbers(users: &DomainUsers) -> Markup {
    facts(&[
        (
            "Managed",
            html! { (users.managed) span.muted { " members with an address in a domain" } },
        ),
        (
            "Unmanaged",
            html! {
                (users.unclaimed_accounts) span.muted { " people with such an address who are no members" }
            },
        ),
    ])
}

/// Renders the card on the page of licenses.
pub async fn card_of<P>(visit: &Visit<P>) -> Result<Markup, Problem> {
    let members = visit.frame.account().map_or(0, |account| account.seats.members);
    let users = if members > MOST_COUNTED_AT_ONCE { None } else { Some(users(visit).await?) };
    let whole = visit.at(&format!("{PATH}/domains"));
    Ok(card(
        HEADING,
        &html! {
            @match &users {
                Some(users) if users.domains.is_empty() => {
                    p.muted {
                        "The account has no verified domain. With one, you see here who has an address in \
                         it and is no member."
                    }
                    div.actions { (link("Domains", &visit.at("/app/enterprise/domains/list"))) }
                }
                Some(users) => {
                    (numbers(users))
                    div.actions { (link("By domain", &whole)) }
                }
                None => {
                    p.muted { "How many members have an address in your domains, and who else has one." }
                    div.actions { (link("Count them", &whole)) }
                }
            }
        },
    ))
}

/// `GET /app/enterprise/licenses/domains`.
async fn show(visit: Visit<ReadAccount>) -> Answer {
    let users = users(&visit).await?;
    let row = |one: &UsersOfDomain| {
        let domain = visit.at(&format!("/app/enterprise/domains/{}", one.domain_id));
        vec![
            html! { strong { (one.name) } },
            html! { (one.managed) },
            html! {
                @if one.unclaimed_accounts == 0 { "0" } @else {
                    a href=(domain) { (one.unclaimed_accounts) " unclaimed accounts" }
                }
            },
        ]
    };
    let content = html! {
        header { div {
            h1 { (HEADING) }
            p.lead {
                "Somebody with addresses in two domains counts in each of them and once in all, so the \
                 numbers of the domains can add up to more."
            }
        } }
        (card("In all domains", &numbers(&users)))
        @if users.domains.is_empty() {
            p.muted { "The account has no verified domain." }
        } @else {
            (Table {
                caption: "Users by domain",
                columns: &[
                    Column::text("Domain"),
                    Column::number("Managed"),
                    Column::number("Unmanaged"),
                ],
                nothing: "",
                rows: users.domains.iter().map(row).collect(),
                next: None,
            }.render())
        }
    };
    Ok(visit.show(HEADING, &[(TITLE, PATH)], &content))
}
