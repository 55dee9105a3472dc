//! The person's addresses, and the link that proves one more. The link works only in the browser in
//! which the person is signed in, so that a reader of the mail cannot be tricked into giving their
//! address to another person.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::profile::is_free;
use super::{PATH, TITLE};
use crate::administration::persons::addresses;
use crate::http::base::caller;
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, sent};
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, OwnVisit};
use crate::http::pages::parts::{
    Field, Filled, Form, Input, Tone, badge, confirmation, date, dialog,
};
use crate::http::pages::{button, hidden, post_form};
use crate::views::person::OwnAddress;

const ADD: &str = "/app/account/addresses/add";
const PRIMARY: &str = "/app/account/addresses/primary";
const REMOVE: &str = "/app/account/addresses/remove";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(form("/account/addresses/add", ask, add))
        .service(sent("/account/addresses/primary", make_primary))
        .service(sent("/account/addresses/remove", remove))
        .service(form("/account/addresses/{link}", look, confirm));
}

/// Renders the addresses.
pub async fn content(visit: &OwnVisit) -> Result<Markup, Problem> {
    let free = is_free(visit);
    if !free {
        let read = |conn: &mut _, current: &crate::administration::sessions::Current| {
            Ok(addresses::shown_to(conn, &current.session)?)
        };
        let shown = visit.me.read(read).await?;
        return Ok(html! {
            ul { @for email in &shown { li { (email) } } }
            p.muted {
                "This session was opened through one account and shows the address that it was opened \
                 with. Sign in by mail to see and change all of yours."
            }
            div.actions { (dialog("Add an address", &visit.at(ADD))) }
        });
    }
    let proved = visit
        .me
        .read(|conn, current| {
            let proved = addresses::proved(conn, current.person.pk)?.into_iter();
            let own = |one: crate::store::users::ProvedAddress| {
                OwnAddress::of(one.email == current.person.email, one)
            };
            Ok(proved.map(own).collect::<Vec<_>>())
        })
        .await?;
    Ok(html! {
        ul.rows {
            @for one in &proved { li.row.apart {
                span {
                    strong { (one.email) } " "
                    @if one.primary { (badge(Tone::Accent, "Primary")) }
                    span.sub { "Proved on " (date(one.proved_at)) }
                }
                @if !one.primary {
                    span.row {
                        (act(visit, PRIMARY, one, "Make primary"))
                        (act(visit, REMOVE, one, "Remove"))
                    }
                }
            } }
        }
        p.muted { "You can sign in with each of them. Mail goes to the primary one." }
        div.actions { (dialog("Add an address", &visit.at(ADD))) }
    })
}

fn act(visit: &OwnVisit, path: &str, address: &OwnAddress, label: &str) -> Markup {
    let field = html! {
        (hidden("email", &address.email))
        button.small aria-label=(format!("{label}: {}", address.email)) { (label) }
    };
    post_form(&visit.at(path), &field)
}

const FIELDS: &[Field<'_>] = &[Field::text("email", "E-mail address")
    .takes(Input::Own("email"))
    .hint("A link is sent there; it proves that the address is yours.")
    .answers(&["too-many-links", "too-many-addresses", "session-confined"])];

fn adding(visit: &OwnVisit, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(ADD), visit.at(PATH));
    let form = Form::new(&action, FIELDS, "Send a link").or_back(&back).render(filled);
    confirmation("Add an address", &html! {}, &form)
}

/// `GET /app/account/addresses/add`.
async fn ask(visit: OwnVisit) -> Answer {
    Ok(visit.show("Add an address", &[(TITLE, PATH)], &adding(&visit, &Filled::new())))
}

/// `POST /app/account/addresses/add`.
async fn add(visit: OwnVisit, sent: Sent) -> Answer {
    let (email, public_url) = (sent.text("email").to_owned(), visit.me.service.public_url.clone());
    let asked = visit.me.write_as_person(move |transaction, current| {
        let who = (&current.session, &current.person);
        addresses::ask(transaction, who, &email, &public_url)
    });
    match asked.await {
        Ok(()) => Ok(visit.go(PATH, Notice::AddressAsked)),
        Err(problem) => {
            let content = adding(&visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Add an address", &[(TITLE, PATH)], &content))
        }
    }
}

/// `POST /app/account/addresses/primary`.
async fn make_primary(visit: OwnVisit, sent: Sent) -> Answer {
    let email = sent.text("email").to_owned();
    visit
        .me
        .write_as_person(move |transaction, current| {
            addresses::refuse_confined(&current.session)?;
            addresses::make_primary(transaction, &current.person, &email)
        })
        .await?;
    Ok(visit.go(PATH, Notice::AddressPrimary))
}

/// `POST /app/account/addresses/remove`.
async fn remove(visit: OwnVisit, sent: Sent) -> Answer {
    let email = sent.text("email").to_owned();
    visit
        .me
        .write_as_person(move |transaction, current| {
            addresses::refuse_confined(&current.session)?;
            addresses::remove(transaction, &current.person, &email)
        })
        .await?;
    Ok(visit.go(PATH, Notice::AddressRemoved))
}

/// `GET /app/account/addresses/{link}`. Only the button confirms, because programs that scan mails
/// open the links in them.
async fn look(visit: OwnVisit, link: Path<String>) -> Answer {
    let action = visit.at(&format!("/app/account/addresses/{link}"));
    let content = html! {
        header { h1 { "Confirm the address" } }
        section.card {
            p {
                "You are about to add the address to which this link was sent to "
                strong { (visit.frame.email()) } "."
            }
            (post_form(&action, &button("Confirm")))
        }
    };
    Ok(visit.show("Confirm the address", &[(TITLE, PATH)], &content))
}

/// `POST /app/account/addresses/{link}`.
async fn confirm(visit: OwnVisit, link: Path<String>, request: actix_web::HttpRequest) -> Answer {
    let secret = link.into_inner();
    let proved = visit.me.write_as_person(move |transaction, current| {
        addresses::confirm(transaction, (&current.session, &current.person), &secret)
    });
    let place = caller::place(&request);
    let proved = visit.me.service.links.look(place, None, proved, is_wrong).await;
    proved??;
    Ok(visit.go(PATH, Notice::AddressAdded))
}

fn is_wrong(problem: &Problem) -> bool {
    problem.kind() == "link-unknown"
}
