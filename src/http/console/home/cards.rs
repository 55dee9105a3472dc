//! How an account is: plan, seats, SCIM, and what was changed last.

use maud::{Markup, html};

use crate::administration::connector::ConnectorPage;
use crate::administration::{AdministrationError, audit};
use crate::enterprise::audit::ActorKind;
use crate::enterprise::connector::ConnectorStatus;
use crate::enterprise::{AccountPk, audit_actions};
use crate::http::console::frame::{Account, Frame};
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Column, Table, Tone, badge, card, date, empty, facts, link, meter, moment,
};
use crate::store::Conn;
use crate::store::audit::{AuditFilter, AuditRow};

/// The number of changes that are shown.
const LATEST: i64 = 10;

/// What the cards need beside the frame and the connector.
pub struct State {
    latest: Vec<AuditRow>,
}

impl State {
    /// Reads it.
    ///
    /// # Errors
    /// Fails if the database does.
    pub fn read(conn: &mut Conn, account: AccountPk) -> Result<Self, AdministrationError> {
        let (latest, _) = audit::list(conn, account, &AuditFilter::default(), None, LATEST)?;
        Ok(Self { latest })
    }
}

/// Renders all cards.
pub fn all(frame: &Frame, connector: &ConnectorPage, state: &State) -> Markup {
    html! {
        @if let Some(account) = frame.account() {
            div.grid {
                (card("Plan", &plan(frame, account)))
                (card("Seats", &seats(frame, account)))
                (card("SCIM", &scim(frame, connector)))
            }
        }
        (latest(frame, &state.latest))
    }
}

fn plan(frame: &Frame, account: &Account) -> Markup {
    html! {
        (facts(&[
            ("Plan", frame.plan_badge(&account.plan)),
            ("Ends", match account.plan.plan_ends_at {
                Some(end) => date(end),
                None => html! { "No end" },
            }),
        ]))
        div.actions { (link("Plan & billing", &frame.link("/app/billing"))) }
    }
}

fn seats(frame: &Frame, account: &Account) -> Markup {
    let seats = &account.seats;
    let used = seats.used();
    html! {
        (meter(used, seats.total, &format!("{used} of {} used", seats.total)))
        (facts(&[
            ("Members", html! { (seats.members) }),
            ("Invitations", html! { (seats.invitations) }),
            ("Free", html! { ((seats.total - used).max(0)) }),
        ]))
        div.actions { (link("Licenses", &frame.link("/app/enterprise/licenses"))) }
    }
}

fn scim(frame: &Frame, page: &ConnectorPage) -> Markup {
    let last = page.connector.as_ref().and_then(|row| row.last_request_at);
    let refused: i64 = page.refusals.iter().map(|row| row.occurrences).sum();
    html! {
        (facts(&[
            ("Status", status(page)),
            ("Last request", match last {
                Some(at) => moment(at),
                None => html! { span.muted { "None yet" } },
            }),
            ("Refused", match page.refusals.first() {
                Some(row) => html! { (refused) " in the last days, the last one at " (moment(row.last_at)) },
                None => html! { span.muted { "Nothing" } },
            }),
        ]))
        div.actions { (link("SCIM", &frame.link("/app/enterprise/scim"))) }
    }
}

fn status(page: &ConnectorPage) -> Markup {
    match page.status {
        ConnectorStatus::Disabled => badge(Tone::Neutral, "Disabled"),
        ConnectorStatus::Valid => badge(Tone::Good, "Enabled"),
        ConnectorStatus::ExpiringSoon => badge(Tone::Warn, "Token ends soon"),
        ConnectorStatus::Expired => badge(Tone::Bad, "Stopped: no valid token"),
    }
}

fn latest(frame: &Frame, rows: &[AuditRow]) -> Markup {
    html! {
        div.row.apart {
            h2 { "Latest changes" }
            (link("Audit log", &frame.link("/app/enterprise/audit-log")))
        }
        @if rows.is_empty() {
            (empty("No changes yet", "Every change by an administrator is listed here.", None))
        } @else {
            (changes("The latest changes", rows))
        }
    }
}

/// Renders the table of changes, the newest first.
pub fn changes(caption: &str, rows: &[AuditRow]) -> Markup {
    Table {
        caption,
        columns: &[
            Column::text("When"),
            Column::text("Who"),
            Column::text("What"),
            Column::text("Concerning"),
        ],
        nothing: "",
        rows: rows.iter().map(row).collect(),
        next: None,
    }
    .render()
}

fn row(row: &AuditRow) -> Vec<Markup> {
    vec![
        moment(row.at),
        html! { (who(row)) },
        html! { (audit_actions::text_of(&row.action)) },
        html! { (row.target_name) },
    ]
}

/// Returns who made a change.
pub fn who(row: &AuditRow) -> &str {
    match row.actor_kind {
        ActorKind::Member | ActorKind::Person => &row.actor_name,
        kind => kind.label(),
    }
}
