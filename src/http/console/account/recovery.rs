//! Recovery links: what an owner keeps elsewhere, to sign in past single sign-on when the identity
//! provider lets nobody in.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::{RECOVERY, TITLE, head};
use crate::administration::recovery;
use crate::enterprise::Timestamp;
use crate::enterprise::recovery::LinkMaker;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{KeepRecoveryLinks, MakeRecoveryLinks};
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, shown};
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::{Wanted, Whole};
use crate::http::pages::parts::{
    Column, Filled, Form, Secret, Table, Tone, badge, confirmation, date, empty, main_link, moment,
    secret_box, small_dialog,
};
use crate::store::Transaction;
use crate::views::recovery_links::{CreatedRecoveryLink, RecoveryLink};

const NAME: &str = "Recovery links";
const MAKE: &str = "Make a recovery link";
const NEW: &str = "/app/account/recovery/new";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/account/recovery", list))
        .service(form("/account/recovery/new", ask, make))
        .service(form("/account/recovery/{id}/revoke", ask_to_revoke, revoke));
}

/// `GET /app/account/recovery`.
async fn list(visit: Visit<KeepRecoveryLinks>, wanted: Wanted<Whole>, paging: Paged) -> Answer {
    let ((after, limit), member, now) = (paging.range()?, visit.admin.member, visit.admin.now());
    let read = move |conn: &mut _, _| recovery::list(conn, member, now, after, limit);
    let found = paging.list(visit.admin.read(read).await?, RecoveryLink::from);
    let new = main_link(MAKE, &visit.at(NEW));
    let content = html! {
        (head(&visit.frame, RECOVERY))
        @if found.items.is_empty() && after == 0 {
            (empty(
                "No recovery link",
                "If the identity provider ever lets nobody in, a link that you have kept elsewhere signs \
                 you in past it, once, within a year.",
                Some(&new),
            ))
        } @else {
            div.actions { (new) }
            (Table {
                caption: "Your recovery links",
                columns: &[
                    Column::text("Made"),
                    Column::text("By"),
                    Column::text("Ends"),
                    Column::text("State"),
                    Column::text(""),
                ],
                nothing: "No link is found.",
                rows: found.items.iter().map(|link| row(&visit, link)).collect(),
                next: wanted.next(&visit.at(RECOVERY), found.next_cursor),
            }.render())
        }
    };
    Ok(visit.show(NAME, &[(TITLE, super::PATH)], &content))
}

fn row(visit: &Visit<KeepRecoveryLinks>, link: &RecoveryLink) -> Vec<Markup> {
    let revoke = visit.at(&format!("{RECOVERY}/{}/revoke", link.id));
    let state = |used: Option<Timestamp>| match used {
        Some(at) => html! { (badge(Tone::Neutral, "Used")) span.sub { (moment(at)) } },
        None => badge(Tone::Good, "Open"),
    };
    vec![
        moment(link.created_at),
        html! { @match link.made_by { LinkMaker::Owner => "You", LinkMaker::Operator => "The operator" } },
        date(link.expires_at),
        state(link.used_at),
        html! { @if link.used_at.is_none() { (small_dialog("Revoke", &revoke)) } },
    ]
}

fn question(visit: &Visit<MakeRecoveryLinks>, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(NEW), visit.at(RECOVERY));
    let form = Form::new(&action, &[], MAKE).creating().or_back(&back).render(filled);
    let content = html! {
        ul {
            li { "It signs you in once, within a year, and only while you are an active owner." }
            li { "It is shown once. Keep it where you reach it without signing in." }
            li { "Every owner is told by mail." }
        }
    };
    confirmation("Make a recovery link?", &content, &form)
}

/// `GET /app/account/recovery/new`.
async fn ask(visit: Visit<MakeRecoveryLinks>) -> Answer {
    let above = [(TITLE, super::PATH), (NAME, RECOVERY)];
    Ok(visit.show(MAKE, &above, &question(&visit, &Filled::new())))
}

/// `POST /app/account/recovery/new`: shows the link, once.
async fn make(visit: Visit<MakeRecoveryLinks>, sent: Sent) -> Answer {
    let above = [(TITLE, super::PATH), (NAME, RECOVERY)];
    let (member, url) = (visit.admin.member, visit.admin.service.public_url.clone());
    let made = visit
        .create_secret(&sent, move |transaction, account| {
            let made = recovery::make(transaction, account, member)?;
            Ok(CreatedRecoveryLink::of(&url, made).url)
        })
        .await;
    match made {
        Ok(link) => {
            let secret = Secret { id: "link", label: "Recovery link", value: &link };
            let content = html! {
                header { h1 { "Your recovery link" } }
                (secret_box(&[secret], "insomnia-recovery-link.txt", &visit.at(RECOVERY)))
            };
            Ok(visit.show(MAKE, &above, &content))
        }
        Err(problem) => {
            let content = question(&visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, MAKE, &above, &content))
        }
    }
}

fn revoking(visit: &Visit<KeepRecoveryLinks>, id: &str, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(&format!("{RECOVERY}/{id}/revoke")), visit.at(RECOVERY));
    let form = Form::new(&action, &[], "Revoke").dangerous().or_back(&back).render(filled);
    let what = html! { p { "The link signs nobody in any more. You can make another one." } };
    confirmation("Revoke the recovery link?", &what, &form)
}

/// `GET /app/account/recovery/{id}/revoke`.
async fn ask_to_revoke(visit: Visit<KeepRecoveryLinks>, id: Path<String>) -> Answer {
    let above = [(TITLE, super::PATH), (NAME, RECOVERY)];
    Ok(visit.show("Revoke", &above, &revoking(&visit, &id, &Filled::new())))
}

/// `POST /app/account/recovery/{id}/revoke`.
async fn revoke(visit: Visit<KeepRecoveryLinks>, id: Path<String>, sent: Sent) -> Answer {
    let (member, link) = (visit.admin.member, id.clone());
    let write = move |transaction: &mut Transaction<'_>, account| {
        recovery::revoke(transaction, account, member, &link)
    };
    match visit.admin.write(write).await {
        Ok(()) => Ok(visit.go(RECOVERY, Notice::RecoveryLinkRevoked)),
        Err(problem) => {
            let above = [(TITLE, super::PATH), (NAME, RECOVERY)];
            let content = revoking(&visit, &id, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Revoke", &above, &content))
        }
    }
}
