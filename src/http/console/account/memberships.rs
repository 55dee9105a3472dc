//! The person's accounts and the invitations to them.

use actix_web::HttpRequest;
use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::profile::is_free;
use super::{PATH, TITLE};
use crate::administration::invitations::own as invitations_of;
use crate::administration::persons::{claims, leaving};
use crate::administration::sessions::{self, Choice};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, sent};
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, OwnVisit};
use crate::http::console::words::Label;
use crate::http::own;
use crate::http::pages::parts::{Filled, Form, Tone, badge, confirmation, date};
use crate::http::pages::{hidden, post_form};
use crate::http::signing_in;
use crate::store::claims::Waiting;
use crate::views::acceptance::OfferedPlace;
use crate::views::me::invitations::MyInvitation;

const ACCEPT: &str = "/app/account/invitations/accept";
const DECLINE: &str = "/app/account/invitations/decline";

/// The most invitations that are shown at once.
const MOST: i64 = 50;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(form("/account/leave/{member}", ask, leave))
        .service(sent("/account/invitations/accept", accept))
        .service(sent("/account/invitations/decline", decline));
}

/// Renders the accounts in which the session may act, and those that wait for an answer.
pub async fn accounts(visit: &OwnVisit) -> Result<Markup, Problem> {
    let (now, free) = (visit.frame.now, is_free(visit));
    let (mine, waiting) = visit
        .me
        .read(move |conn, current| {
            let mine = sessions::choices(conn, &current.session, now)?;
            let waiting =
                if free { claims::waiting(conn, current.session.user_pk)? } else { vec![] };
            Ok((mine, waiting))
        })
        .await?;
    Ok(html! {
        @if mine.is_empty() && waiting.is_empty() {
            p.muted { "You are a member of no account." }
            div.actions { a.button href=(visit.at("/app/start")) { "Get into an account" } }
        }
        ul.rows {
            @for one in &mine { (member_of(visit, one)) }
            @for one in &waiting { (asked_by(visit, one)) }
        }
    })
}

fn member_of(visit: &OwnVisit, one: &Choice) -> Markup {
    let Choice { membership, plan, is_active } = one;
    let acting = visit.frame.account().map(|account| account.acting.member);
    let is_current = acting == Some(membership.member_pk);
    html! {
        li.row.apart {
            span {
                strong { (membership.account_name) } " "
                @if is_current { (badge(Tone::Good, "Current")) " " }
                @if !is_active { (badge(Tone::Bad, "Inactive")) }
                span.sub { (membership.role.label()) " · " (plan.label()) }
            }
            span.row {
                @if !is_current {
                    (post_form(&visit.at("/accounts"), &html! {
                        (hidden("return_to", "/app"))
                        button.small name="account" value=(membership.account_id)
                            aria-label=(format!("Go to {}", membership.account_name)) { "Go there" }
                    }))
                }
                a.button.small href=(visit.at(&format!("/app/account/leave/{}", membership.member_id)))
                    aria-label=(format!("Leave {}", membership.account_name)) data-dialog { "Leave" }
            }
        }
    }
}

fn asked_by(visit: &OwnVisit, one: &Waiting) -> Markup {
    html! {
        li.row.apart {
            span {
                strong { (one.account_name) } " " (badge(Tone::Info, "Added you"))
                span.sub { (one.role.label()) " · as " (one.email_key) }
            }
            (post_form(&visit.at("/accounts"), &html! {
                (hidden("return_to", PATH))
                span.row {
                    button.small name="join" value=(one.member_id)
                        aria-label=(format!("Join {}", one.account_name)) { "Join" }
                    button.small name="decline" value=(one.member_id)
                        aria-label=(format!("Decline {}", one.account_name)) { "Decline" }
                }
            }))
        }
    }
}

/// Renders the pending invitations to addresses of the person.
pub async fn invitations(visit: &OwnVisit) -> Result<Markup, Problem> {
    let now = visit.frame.now;
    let found = visit
        .me
        .read(move |conn, current| invitations_of::list(conn, &current.session, now, 0, MOST))
        .await?;
    let all: Vec<MyInvitation> = found.items.into_iter().map(MyInvitation::from).collect();
    Ok(html! {
        @if all.is_empty() {
            p.muted {
                "No invitation to one of your addresses is open. If you were invited under another \
                 address, open the link in the mail, or add that address."
            }
        }
        ul.rows { @for one in &all { (invitation(visit, one)) } }
    })
}

fn invitation(visit: &OwnVisit, one: &MyInvitation) -> Markup {
    let places: Vec<&str> = names(&one.organizations).chain(names(&one.teams)).collect();
    html! {
        li.row.apart {
            span {
                strong { (one.account_name) }
                span.sub {
                    @if let Some(inviter) = &one.invited_by { "From " (inviter) ", to " } @else { "To " }
                    (one.email) ", open until " (date(one.expires_at))
                }
                @if !places.is_empty() { span.sub { "You would be in " (places.join(", ")) } }
            }
            span.row {
                (answer(visit, ACCEPT, one, "Accept"))
                (answer(visit, DECLINE, one, "Decline"))
            }
        }
    }
}

fn names(places: &[OfferedPlace]) -> impl Iterator<Item = &str> {
    places.iter().map(|place| place.name.as_str())
}

fn answer(visit: &OwnVisit, path: &str, one: &MyInvitation, label: &str) -> Markup {
    let field = html! {
        (hidden("id", &one.id))
        button.small aria-label=(format!("{label} the invitation of {}", one.account_name)) { (label) }
    };
    post_form(&visit.at(path), &field)
}

/// `POST /app/account/invitations/accept`. Who acts in no account goes on in the one that they have
/// joined.
async fn accept(visit: OwnVisit, sent: Sent, request: HttpRequest) -> Answer {
    let joined = own::accept(&visit.me, &request, sent.text("id").to_owned()).await?;
    if visit.frame.account().is_some() {
        return Ok(visit.go(PATH, Notice::InvitationAccepted));
    }
    let (service, current) = (&visit.me.service, &visit.me.current);
    let email = &current.person.email;
    signing_in::choose(service, &request, email, &current.session, joined.account_id).await?;
    Ok(visit.go("/app", Notice::InvitationAccepted))
}

/// `POST /app/account/invitations/decline`.
async fn decline(visit: OwnVisit, sent: Sent, request: HttpRequest) -> Answer {
    own::decline(&visit.me, &request, sent.text("id").to_owned()).await?;
    Ok(visit.go(PATH, Notice::InvitationDeclined))
}

async fn question(visit: &OwnVisit, member: &str, filled: &Filled) -> Result<Markup, Problem> {
    let (now, id) = (visit.frame.now, member.to_owned());
    let left = visit.me.read(move |conn, current| leaving::look(conn, current, &id, now)).await?;
    let action = visit.at(&format!("/app/account/leave/{member}"));
    let what = html! {
        p {
            "You lose all that you reach in " strong { (left.account_name) } ", and your personal tokens \
             there end. Your seat is free. To come back you need a new invitation."
        }
    };
    let back = visit.at(PATH);
    let form = Form::new(&action, &[], "Leave").dangerous().or_back(&back).render(filled);
    Ok(confirmation(&format!("Leave {}?", left.account_name), &what, &form))
}

/// `GET /app/account/leave/{member}`.
async fn ask(visit: OwnVisit, member: Path<String>) -> Answer {
    let content = question(&visit, &member, &Filled::new()).await?;
    Ok(visit.show("Leave", &[(TITLE, PATH)], &content))
}

/// `POST /app/account/leave/{member}`.
async fn leave(visit: OwnVisit, member: Path<String>, sent: Sent, request: HttpRequest) -> Answer {
    match own::leave(&visit.me, &request, member.to_string()).await {
        Ok(()) => Ok(visit.go(PATH, Notice::AccountLeft)),
        Err(problem) => {
            let content = question(&visit, &member, &sent.refused(&problem)).await?;
            Ok(visit.show_again(&problem, "Leave", &[(TITLE, PATH)], &content))
        }
    }
}
