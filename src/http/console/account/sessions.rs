//! Where the person is signed in.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{SESSIONS, TITLE, head};
use crate::administration::sessions;
use crate::http::admin::list::Paged;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{sent, shown};
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, OwnVisit};
use crate::http::console::wanted::{Wanted, Whole};
use crate::http::console::words::Label;
use crate::http::pages::parts::{Column, Table, Tone, badge, moment};
use crate::http::pages::{hidden, post_form};
use crate::views::list::List;
use crate::views::sessions::Session;

const END: &str = "/app/account/sessions/end";
const END_OTHERS: &str = "/app/account/sessions/end-others";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/account/sessions", list))
        .service(sent("/account/sessions/end", end))
        .service(sent("/account/sessions/end-others", end_others));
}

/// `GET /app/account/sessions`.
async fn list(visit: OwnVisit, wanted: Wanted<Whole>, paging: Paged) -> Answer {
    let ((after, limit), now) = (paging.range()?, visit.frame.now);
    let page = visit
        .me
        .read(move |conn, current| sessions::list(conn, &current.session, after, limit, now))
        .await?;
    let own = visit.me.current.session.pk;
    let found = paging.list(page, |row| Session::of(row, own));
    let content = html! {
        (head(&visit.frame, SESSIONS))
        p.muted {
            "Browsers and programs in which you are signed in. A session ends after two hours without \
             use. If you do not know one of them, end it, and make sure that only you read your mail."
        }
        (table(&visit, &wanted, found))
        (post_form(&visit.at(END_OTHERS), &html! {
            div.actions { button.danger { "End all others" } }
        }))
    };
    Ok(visit.show("Sessions", &[(TITLE, super::PATH)], &content))
}

fn table(visit: &OwnVisit, wanted: &Wanted<Whole>, found: List<Session>) -> Markup {
    Table {
        caption: "Your sessions",
        columns: &[
            Column::text("Signed in by"),
            Column::text("Since"),
            Column::text("Last seen"),
            Column::text("Ends at the latest"),
            Column::text(""),
        ],
        nothing: "No session is found.",
        next: wanted.next(&visit.at(SESSIONS), found.next_cursor),
        rows: found.items.iter().map(|session| row(visit, session)).collect(),
    }
    .render()
}

fn row(visit: &OwnVisit, session: &Session) -> Vec<Markup> {
    vec![
        html! {
            (session.signed_in_by.label())
            @if session.is_current { " " (badge(Tone::Good, "This one")) }
        },
        moment(session.created_at),
        moment(session.last_seen_at),
        moment(session.expires_at),
        if session.is_current {
            post_form(&visit.at("/sign-out"), &html! { button.small { "Sign out" } })
        } else {
            post_form(
                &visit.at(END),
                &html! {
                    (hidden("id", &session.id))
                    button.small { "End" }
                },
            )
        },
    ]
}

/// `POST /app/account/sessions/end`.
async fn end(visit: OwnVisit, sent: Sent) -> Answer {
    let id = sent.text("id").to_owned();
    visit
        .me
        .write(visit.me.context(), move |transaction, current| {
            sessions::revoke(transaction, current, &id)
        })
        .await?;
    Ok(visit.go(SESSIONS, Notice::SessionEnded))
}

/// `POST /app/account/sessions/end-others`.
async fn end_others(visit: OwnVisit) -> Answer {
    visit.me.write(visit.me.context(), sessions::end_others).await?;
    Ok(visit.go(SESSIONS, Notice::SessionsEnded))
}
