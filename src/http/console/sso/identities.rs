//! By which names the identity provider knows members, and the question whether another one is the same
//! person: after an account was made anew there, a person comes with another name and the same address.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::{SSO, path, read};
use crate::administration::sso::identities::{self, Known};
use crate::enterprise::permissions::Operation;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageSso, Reading};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, shown};
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::{Wanted, Whole};
use crate::http::pages::parts::{
    Column, Filled, Form, Table, Tone, banner, card, confirmation, empty, facts, moment,
    small_dialog,
};
use crate::views::sso_connections::identities::SsoIdentity;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/sso/{id}/people", list)).service(form(
        "/enterprise/sso/{id}/people/{member}/confirm",
        ask,
        confirm,
    ));
}

const TITLE: &str = "Who signs in";
const CONFIRM: &str = "Confirm identity";

type Page = Visit<Reading<ManageSso>>;

/// Returns the path of the question about a member.
fn question_of(connection: &str, member: &str) -> String {
    path(connection, &format!("/people/{member}/confirm"))
}

/// `GET /app/enterprise/sso/{id}/people`.
async fn list(visit: Page, id: Path<String>, wanted: Wanted<Whole>, paging: Paged) -> Answer {
    let connection = read(&visit, &id).await?;
    let (after, limit) = paging.range()?;
    let known = connection.id.clone();
    let work = move |conn: &mut _, account| identities::list(conn, account, &known, after, limit);
    let found = paging.list(visit.admin.read_page(work).await?, SsoIdentity::from);
    let own = path(&connection.id, "");
    let content = html! {
        header {
            div {
                h1 { (TITLE) }
                p.lead { "Members who have signed in by this connection, and what it calls them." }
            }
        }
        @if found.items.is_empty() {
            (empty("Nobody has signed in yet", "Members are listed here from their first sign-in on.", None))
        } @else {
            (Table {
                caption: "Members by their names at the identity provider",
                columns: &[
                    Column::text("Member"),
                    Column::text("Name there"),
                    Column::text("Since"),
                    Column::text("Another name"),
                    Column::text(""),
                ],
                nothing: "",
                rows: found.items.iter().map(|one| row(&visit, &connection.id, one)).collect(),
                next: wanted.next(&visit.at(&path(&connection.id, "/people")), found.next_cursor),
            }.render())
        }
    };
    Ok(visit.show(TITLE, &[SSO, (&connection.domain, &own)], &content))
}

fn row(visit: &Page, connection: &str, one: &SsoIdentity) -> Vec<Markup> {
    let member = visit.at(&format!("/app/enterprise/members/{}", one.member_id));
    let none = || html! { span.muted { "None" } };
    vec![
        html! { a.thing href=(member) { (one.user_name) } },
        one.subject.as_ref().map_or_else(none, |name| html! { code { (name) } }),
        moment(one.noted_at),
        match (&one.asked_subject, one.asked_at) {
            (Some(name), Some(at)) => html! {
                code { (name) }
                span.sub { "Tried to sign in " (moment(at)) }
            },
            _ => none(),
        },
        html! {
            @if one.asked_subject.is_some() {
                (small_dialog("Confirm", &visit.at(&question_of(connection, &one.member_id))))
            }
        },
    ]
}

/// Renders on a member's page that somebody else with the member's address waits; nothing if nobody
/// does.
pub fn waiting<P>(visit: &Visit<P>, member: &str, known: &[Known]) -> Markup {
    let waiting = known.iter().filter(|one| one.identity.asked_subject.is_some());
    html! {
        @for one in waiting {
            (banner(
                Tone::Warn,
                &html! {
                    "Somebody with this address but another identity at the identity provider of "
                    (one.domain) " tried to sign in, and was refused"
                    @if let Some(at) = one.identity.asked_at { " (" (moment(at)) ")" }
                    "."
                },
                Some(("Look at it", &visit.at(&question_of(&one.connection, member)))),
            ))
        }
    }
}

/// Returns what a connection knows of a member whom another name waits for.
async fn known<P>(
    visit: &Visit<P>,
    connection: &str,
    member: &str,
) -> Result<Option<Known>, Problem> {
    let (connection, member) = (connection.to_owned(), member.to_owned());
    let work = move |conn: &mut _, account| {
        let all = identities::of_member(conn, account, &member)?;
        let own = all.into_iter().find(|one| one.connection == connection);
        Ok(own.filter(|one| one.identity.asked_subject.is_some()))
    };
    visit.admin.read(work).await
}

fn question<P>(visit: &Visit<P>, known: Option<&Known>, filled: &Filled) -> Markup {
    let Some(Known { connection, domain, identity }) = known else {
        let what =
            html! { p { "No other name waits for this member: it was confirmed, or never came." } };
        return confirmation("There is nothing to confirm", &what, &html! {});
    };
    let member = visit.at(&format!("/app/enterprise/members/{}", identity.member_id));
    let action = visit.at(&question_of(connection, &identity.member_id));
    let form = Form::new(&action, &[], CONFIRM).dangerous().or_back(&member).render(filled);
    let none = || html! { span.muted { "None" } };
    let code =
        |text: &Option<String>| text.as_ref().map_or_else(none, |text| html! { code { (text) } });
    let content = html! {
        p {
            "The identity provider of " (domain) " sent somebody with the address of this member, whom it              calls by another name than before. That happens when the person\u{2019}s user there was deleted and              made anew, and also when the address was given to somebody else."
        }
        (card("Known until now", &facts(&[
            ("Identity provider", code(&identity.issuer)),
            ("Name there", code(&identity.subject)),
        ])))
        (card("Wants to sign in", &facts(&[
            ("Identity provider", code(&identity.asked_issuer)),
            ("Name there", code(&identity.asked_subject)),
            ("Tried", identity.asked_at.map_or_else(none, moment)),
        ])))
        p {
            "Confirm only if it is the same person: whoever has the new name then signs in as "
            (identity.user_name) ", and the old name no longer does."
        }
    };
    confirmation(&format!("Is this {}?", identity.user_name), &content, &form)
}

/// `GET /app/enterprise/sso/{id}/people/{member}/confirm`.
async fn ask(visit: Page, place: Path<(String, String)>) -> Answer {
    let (connection, member) = place.into_inner();
    let found = known(&visit, &connection, &member).await?;
    Ok(visit.show(CONFIRM, &[SSO], &question(&visit, found.as_ref(), &Filled::new())))
}

/// `POST /app/enterprise/sso/{id}/people/{member}/confirm`.
async fn confirm(visit: Visit<ManageSso>, place: Path<(String, String)>, sent: Sent) -> Answer {
    let (connection, member) = place.into_inner();
    let (id, of, manages_owners) =
        (connection.clone(), member.clone(), visit.admin.may(Operation::ManageOwners));
    let done = visit
        .admin
        .write(move |transaction, account| {
            identities::confirm(transaction, account, &id, &of, manages_owners)
        })
        .await;
    match done {
        Ok(()) => {
            Ok(visit.go(&format!("/app/enterprise/members/{member}"), Notice::IdentityConfirmed))
        }
        Err(problem) => {
            let found = known(&visit, &connection, &member).await?;
            let content = question(&visit, found.as_ref(), &sent.refused(&problem));
            Ok(visit.show_again(&problem, CONFIRM, &[SSO], &content))
        }
    }
}
