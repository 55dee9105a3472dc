//! One domain: its record, its rules, who has an address in it.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::record::record;
use super::{PATH, Shown, TITLE, connection, switched};
use crate::administration::domains::{self, Removal};
use crate::http::admin::domains::look_up;
use crate::http::admin::permits::{ManageDomains, ReadAccount};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, shown};
use crate::http::console::sent::{Sent, invalid};
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{card, dialog, facts, link, moment};

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/domains/{id}", show)).service(form(
        "/enterprise/domains/{id}/verify",
        show,
        verify,
    ));
}

/// `GET /app/enterprise/domains/{id}`.
async fn show(visit: Visit<ReadAccount>, id: Path<String>) -> Answer {
    let (shown, removal) = read(&visit, &id).await?;
    let content = content(&visit, &shown, &removal, None);
    Ok(visit.show(shown.title(), &[(TITLE, PATH)], &content))
}

async fn read<P>(visit: &Visit<P>, id: &str) -> Result<(Shown, Removal), Problem> {
    let shown = Shown::read(visit, id).await?;
    let id = id.to_owned();
    let removal =
        visit.admin.read(move |conn, account| domains::removal(conn, account, &id)).await?;
    Ok((shown, removal))
}

/// `POST /app/enterprise/domains/{id}/verify`.
async fn verify(visit: Visit<ManageDomains>, id: Path<String>, sent: Sent) -> Answer {
    let done = async {
        if !sent.ticked("added") {
            return Err(invalid("added", "tick that you have added the record"));
        }
        look_up(&visit.admin, &id).await
    }
    .await;
    match done {
        Ok(row) => {
            Ok(visit.go(&format!("/app/enterprise/domains/{}", row.id), Notice::DomainVerified))
        }
        Err(problem) => {
            let (shown, removal) = read(&visit, &id).await?;
            let content = content(&visit, &shown, &removal, Some(&problem));
            Ok(visit.show_again(&problem, shown.title(), &[(TITLE, PATH)], &content))
        }
    }
}

fn content<P>(
    visit: &Visit<P>,
    shown: &Shown,
    removal: &Removal,
    refusal: Option<&Problem>,
) -> Markup {
    html! {
        header {
            div {
                h1 { (shown.title()) }
                p.lead { (shown.state()) }
            }
            div.actions {
                @if removal.refusal.is_some() {
                    button disabled aria-describedby="kept" { "Remove domain" }
                } @else {
                    (dialog("Remove domain", &visit.at(&shown.path("/remove"))))
                }
            }
            @if let Some(reason) = &removal.refusal { p.muted id="kept" { (reason) } }
        }
        (record(visit, shown, refusal))
        div.grid {
            (rules(visit, shown))
            (unclaimed(visit, shown))
        }
        (card("Domain", &facts(&[
            ("Single sign-on", html! {
                @match shown.connection {
                    Some(state) => { (connection(state)) " " },
                    None => { span.muted { "No connection" } " " },
                }
                a href=(visit.at("/app/enterprise/sso/list")) { "SSO" }
            }),
            ("Added", moment(shown.domain.created_at)),
        ])))
    }
}

fn rules<P>(visit: &Visit<P>, shown: &Shown) -> Markup {
    let domain = &shown.domain;
    let switch = |rule: &str, on: bool| {
        let way = if on { "off" } else { "on" };
        let (label, verb) =
            (format!("Switch {way}"), if rule == "lock" { "lock" } else { "capture" });
        html! {
            @if shown.is_verified() {
                a.button.small data-dialog href=(visit.at(&shown.path(&format!("/{rule}/{way}")))) {
                    (label) span.unseen { " " (verb) }
                }
            } @else {
                button.small disabled { (label) span.unseen { " " (verb) } }
            }
        }
    };
    card(
        "Who gets in with its addresses",
        &html! {
            div.stack {
                div {
                    div.row { strong { "Capture" } (switched(domain.capture)) (switch("capture", domain.capture)) }
                    p.muted { "Everybody who signs up with an address in the domain becomes a member, with a seat." }
                }
                div {
                    div.row { strong { "Lock" } (switched(domain.locked)) (switch("lock", domain.locked)) }
                    p.muted { "Who is neither a member nor invited gets no access with an address in the domain." }
                }
                @if !shown.is_verified() { p.muted { "Both need a verified domain." } }
            }
        },
    )
}

fn unclaimed<P>(visit: &Visit<P>, shown: &Shown) -> Markup {
    let csv = format!("/api/v1/domains/{}/unclaimed-accounts.csv", shown.domain.id);
    card(
        "Unclaimed Accounts",
        &html! {
            @match shown.unclaimed {
                Some(number) => {
                    p {
                        strong { (number) }
                        @if number == 1 { " person has" } @else { " people have" }
                        " an address in the domain and " @if number == 1 { "is" } @else { "are" }
                        " not in this account."
                    }
                    div.actions {
                        (link("Manage", &visit.at(&shown.path("/unclaimed"))))
                        a.button href=(visit.at(&csv)) download { "Download CSV" }
                    }
                },
                None => p.muted { "They are shown once the domain is verified." },
            }
        },
    )
}
