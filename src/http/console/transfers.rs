//! Offers to me: organizations that others offer to the person, who accepts or declines.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::notice::Notice;
use super::organizations;
use super::routing::{form, shown};
use super::sent::Sent;
use super::visit::{Answer, OwnVisit, Visit};
use super::wanted::Wanted;
use crate::administration::transfers::{self, Arriving};
use crate::http::admin::list::Paged;
use crate::http::admin::permits::TakeOrganizations;
use crate::http::admin::transfers::{leave, offered, take};
use crate::http::base::problem::Problem;
use crate::http::pages::parts::{
    Column, Field, Filled, Form, Table, confirmation, date, dialog, empty, link,
};
use crate::views::transfers::Transfer;

const TITLE: &str = "Offers to me";
const PATH: &str = "/app/transfers";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/transfers", list))
        .service(form("/transfers/{id}/accept", look, accept))
        .service(form("/transfers/{id}/decline", ask, decline));
}

/// `GET /app/transfers`.
async fn list(visit: OwnVisit, wanted: Wanted<Nothing>, paging: Paged) -> Answer {
    let ((after, limit), now) = (paging.range()?, visit.frame.now);
    let page = visit
        .me
        .read(move |conn, current| transfers::offered(conn, &current.session, now, after, limit))
        .await?;
    let offers = paging.list(page, |row| Transfer::of(row, now));
    let content = html! {
        header { div {
            h1 { (TITLE) }
            p.lead { "Organizations that others offer to you, at an address that you have proved." }
        } }
        @if offers.items.is_empty() && !wanted.narrows() {
            (empty(
                "Nothing is offered to you",
                "When an owner of another account offers you an organization, you get a mail, and find \
                 the offer here.",
                None,
            ))
        } @else {
            (Table {
                caption: "Organizations that are offered to you",
                columns: &[
                    Column::text("Organization"),
                    Column::text("From"),
                    Column::text("Offered to"),
                    Column::text("Until"),
                    Column::text(""),
                ],
                nothing: "Nothing is offered to you.",
                rows: offers.items.iter().map(|one| row(&visit, one)).collect(),
                next: wanted.next(&visit.at(PATH), offers.next_cursor),
            }.render())
            @if let Some(account) = visit.frame.account() {
                p.muted {
                    "What you accept moves into the account that you act in now: "
                    (account.plan.name) ". " a href=(visit.at("/accounts?return_to=%2Fapp%2Ftransfers")) {
                        "Act in another account"
                    }
                }
            }
        }
    };
    Ok(visit.show(TITLE, &[], &content))
}

/// The list is not narrowed by anything.
#[derive(Debug, serde::Deserialize)]
struct Nothing {}

fn row(visit: &OwnVisit, one: &Transfer) -> Vec<Markup> {
    let at = |rest: &str| visit.at(&format!("{PATH}/{}{rest}", one.id));
    vec![
        html! { strong { (one.organization_name) } },
        html! { (one.account_name) },
        html! { (one.email) },
        date(one.expires_at),
        html! { div.actions {
            (link("Accept", &at("/accept")))
            (dialog("Decline", &at("/decline")))
        } },
    ]
}

async fn arriving(
    visit: &Visit<TakeOrganizations>,
    id: &str,
) -> Result<(Transfer, Arriving), Problem> {
    let (session, now) = (visit.admin.session()?.clone(), visit.admin.now());
    let id = id.to_owned();
    let read = visit
        .admin
        .read_page(move |conn, account| transfers::arriving(conn, &session, &id, account, now));
    let (row, arriving) = read.await?;
    Ok((Transfer::of(row, now), arriving))
}

fn accepting(
    visit: &Visit<TakeOrganizations>,
    (offer, arriving): (&Transfer, &Arriving),
    filled: &Filled,
) -> Markup {
    let account = visit.frame.account().map_or("", |account| &account.plan.name);
    let Arriving { people, left_behind, needed_seats, free_seats, unmet } = arriving;
    let what = html! {
        p { "It moves from " (offer.account_name) " into " (account) ", and you own it there." }
        ul {
            li {
                "People who come along: " (people) ". Seats that they need: " (needed_seats)
                ", free: " (free_seats) "."
            }
            @if *left_behind > 0 {
                li {
                    "Members without an address, who lose it: " (left_behind)
                    ". Nobody could know them by one here."
                }
            }
        }
        @if !unmet.is_empty() {
            p.wrong { "It cannot be accepted now:" }
            ul { @for one in unmet { li { (one) } } }
            p { a href=(visit.at("/accounts?return_to=%2Fapp%2Ftransfers")) { "Act in another account" } }
        }
    };
    let question = format!("Accept {}?", offer.organization_name);
    if !unmet.is_empty() {
        return confirmation(&question, &what, &html! {});
    }
    let label = format!("Type {} to confirm", offer.organization_name);
    let fields = [Field::text("confirm", &label)];
    let action = visit.at(&format!("{PATH}/{}/accept", offer.id));
    let back = visit.at(PATH);
    let form = Form::new(&action, &fields, "Accept").or_back(&back).render(filled);
    confirmation(&question, &what, &form)
}

/// `GET /app/transfers/{id}/accept`.
async fn look(visit: Visit<TakeOrganizations>, id: Path<String>) -> Answer {
    let (offer, arriving) = arriving(&visit, &id).await?;
    let content = accepting(&visit, (&offer, &arriving), &Filled::new());
    Ok(visit.show("Accept", &[(TITLE, PATH)], &content))
}

/// `POST /app/transfers/{id}/accept`.
async fn accept(visit: Visit<TakeOrganizations>, id: Path<String>, sent: Sent) -> Answer {
    let (offer, arriving) = arriving(&visit, &id).await?;
    let done = async {
        sent.confirms(&offer.organization_name)?;
        take(&visit.admin, id.into_inner()).await
    }
    .await;
    match done {
        Ok(moved) => {
            let path = organizations::path_of(&moved.organization.id);
            Ok(visit.go(&format!("{path}/collaborators"), Notice::OfferAccepted))
        }
        Err(problem) => {
            let content = accepting(&visit, (&offer, &arriving), &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Accept", &[(TITLE, PATH)], &content))
        }
    }
}

/// `GET /app/transfers/{id}/decline`.
async fn ask(visit: OwnVisit, id: Path<String>) -> Answer {
    let session = visit.me.current.session.clone();
    let row = offered(&visit.me.service, &session, &id).await?;
    let offer = Transfer::of(row, visit.frame.now);
    let (action, back) = (visit.at(&format!("{PATH}/{}/decline", offer.id)), visit.at(PATH));
    let form = Form::new(&action, &[], "Decline").dangerous().or_back(&back);
    let what =
        html! { p { "It stays in " (offer.account_name) ", whose owners are told by mail." } };
    let question = format!("Decline {}?", offer.organization_name);
    let content = confirmation(&question, &what, &form.render(&Filled::new()));
    Ok(visit.show("Decline", &[(TITLE, PATH)], &content))
}

/// `POST /app/transfers/{id}/decline`.
async fn decline(visit: OwnVisit, id: Path<String>) -> Answer {
    leave(&visit.me, id.into_inner()).await?;
    Ok(visit.go(PATH, Notice::OfferDeclined))
}
